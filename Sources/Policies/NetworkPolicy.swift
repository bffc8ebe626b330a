// SPDX-License-Identifier: MIT

public import Environments

/// A policy that runs a policy file by the C engine that also runs it on the robot.
public final class NetworkPolicy: Policy {
    private let engine: PolicyEngine

    /// The numbers of an observation.
    public var observationCount: Int { engine.observationCount }
    /// The numbers of an action.
    public var actionCount: Int { engine.actionCount }

    /// Runs `file`.
    ///
    /// - Throws: `PoliciesError.refused` where the engine refuses it.
    public init(_ file: PolicyFile) throws(PoliciesError) {
        engine = try PolicyEngine(file.bytes, name: file.name)
    }

    /// Runs `network` alone, as agents do between updates; no contract is needed.
    ///
    /// - Throws: `PoliciesError.network` where a size or number is wrong.
    public init(_ network: PolicyNetwork) throws(PoliciesError) {
        try network.validate()
        // The engine runs files only; one with a single golden pair that nobody compares will do.
        let tensors = PolicyTensors(
            network: network, scale: [Float](repeating: 1, count: network.actionCount),
            offset: [Float](repeating: 0, count: network.actionCount), limits: nil, controlPeriod: nil,
            goldenObservations: [[Float](repeating: 0, count: network.observationCount)],
            goldenActions: [[Float](repeating: 0, count: network.actionCount)])
        engine = try PolicyEngine(tensors.encoded(metadata: [:], name: "policy"), name: "policy")
    }

    /// Writes the deterministic action for `observation`; each number within [-1, 1].
    ///
    /// - Throws: `PoliciesError.notFinite`; `action` is as it was then.
    /// - Precondition: the counts are the policy's.
    public func act(
        _ observation: Span<Float>, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        try engine.actUnit(observation, into: &action)
    }

    /// Writes an action drawn by `random`: tanh(m + exp(s) · noise); the deterministic one where the network has no deviation.
    ///
    /// One number of the normal distribution is drawn for each number of the action in any case.
    ///
    /// - Throws: `PoliciesError.notFinite`; `action` is as it was then.
    /// - Precondition: the counts are the policy's.
    public func act(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        try engine.actUnit(observation, using: &random, into: &action)
    }

    /// Writes the deterministic command for `observation`, in the units of the actuators: offset + scale · action.
    ///
    /// - Throws: `PoliciesError.notFinite`; `command` is as it was then.
    /// - Precondition: the counts are the policy's.
    public func command(
        for observation: Span<Float>, into command: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        try engine.act(observation, into: &command)
    }
}
