// SPDX-License-Identifier: MIT

public import Environments

/// A policy that runs a policy file by the C engine that also runs it on the robot.
public final class NetworkPolicy: Policy {
    /// The numbers of an observation.
    public let observationCount: Int
    /// The numbers of an action.
    public let actionCount: Int

    /// Runs `file`.
    ///
    /// - Throws: `PoliciesError.refused` where its golden pairs are not reproduced here.
    public init(_ file: PolicyFile) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Runs `network` alone, as agents do between updates; no contract is needed.
    ///
    /// - Throws: `PoliciesError.network` where the engine refuses it.
    public init(_ network: PolicyNetwork) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Writes the deterministic action for `observation`; each number within [-1, 1].
    ///
    /// - Throws: `PoliciesError.notFinite`; `action` is as it was then.
    public func act(
        _ observation: Span<Float>, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Writes an action drawn by `random`.
    ///
    /// - Throws: `PoliciesError.notFinite`; `action` is as it was then.
    public func act(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        fatalError("not yet")
    }
}
