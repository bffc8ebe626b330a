// SPDX-License-Identifier: MIT

public import Environments
import Files
import Safetensors

/// A policy file: a network, its contract, and the bytes that hold both.
///
/// The same network and contract give the same bytes: there is no time, path or host in them.
public struct PolicyFile: Sendable, Equatable {
    /// How many golden pairs a file gets.
    public static let goldenCount = 16
    /// The metadata's key of the contract.
    static let contractKey = "contract"

    /// The file's path, or another name of the source, as it stands in errors.
    public let name: String
    /// The numbers.
    public let network: PolicyNetwork
    /// Their meaning, normalisation and golden pairs included.
    public let contract: Contract
    /// What cuts commands off; nil where they cannot leave the contract's range, and in files of version 0.1.0.
    public let limits: ActionLimits?
    /// The file's bytes.
    public let bytes: [UInt8]

    /// Makes a file of `network` and `contract`, and computes its golden pairs by the engine.
    ///
    /// Each number of a golden observation is drawn uniformly from the range that `goldenRanges` gives it, or where that is
    /// absent or unbounded, from three standard deviations about the normaliser's mean, or from all bins of a table and one beyond
    /// each end.
    ///
    /// - Throws: `PoliciesError.contract` where counts differ, a name stands twice or a number is not finite.
    public init(
        network: PolicyNetwork, contract: Contract, goldenRanges: Space? = nil, goldenSeed: UInt64 = 0
    ) throws(PoliciesError) {
        var contract = contract
        contract.describe(network)
        try contract.validate(for: network)
        limits = contract.needsLimits ? contract.limits : nil
        var tensors = PolicyTensors(
            network: network, scale: contract.actions.map { Float($0.scale) },
            offset: contract.actions.map { Float($0.offset) }, limits: limits,
            controlPeriod: contract.timing.controlPeriod,
            goldenObservations: Self.goldenObservations(network, ranges: goldenRanges, seed: goldenSeed),
            goldenActions: [[Float]](
                repeating: [Float](repeating: 0, count: network.actionCount), count: Self.goldenCount))
        let name = "the policy of scene '\(contract.scene)'"
        let engine = try PolicyEngine(tensors.encoded(metadata: [:], name: name), name: name)
        for i in tensors.goldenObservations.indices {
            let observation = tensors.goldenObservations[i]
            var action = tensors.goldenActions[i].mutableSpan
            do {
                try engine.act(observation.span, into: &action)
            } catch {
                throw .network(
                    "its action for an ordinary observation is not finite; the training has diverged")
            }
        }
        contract.golden = zip(tensors.goldenObservations, tensors.goldenActions).map {
            Contract.GoldenPair(observation: $0, action: $1)
        }
        self.name = name
        self.network = network
        self.contract = contract
        bytes = try tensors.encoded(metadata: [Self.contractKey: contract.json()], name: name)
    }

    /// Makes the file of `network` as `contract`, complete with its golden pairs, describes it.
    ///
    /// So a policy comes back from another form that it was exported to, with the limits that it has there. The pairs must be
    /// reproduced.
    ///
    /// - Throws: `PoliciesError.refused` where the contract and the network contradict each other.
    public init(
        network: PolicyNetwork, describedBy contract: Contract, limits: ActionLimits?, name: String
    ) throws(PoliciesError) {
        do {
            try contract.validate(for: network)
        } catch {
            throw .refused(file: name, problem: error.description)
        }
        guard !contract.golden.isEmpty,
            contract.golden.allSatisfy({
                $0.observation.count == network.observationCount && $0.action.count == network.actionCount
            })
        else {
            throw .refused(
                file: name, problem: "its contract has no golden pairs, or some of the wrong length")
        }
        let tensors = PolicyTensors(
            network: network, scale: contract.actions.map { Float($0.scale) },
            offset: contract.actions.map { Float($0.offset) }, limits: limits,
            controlPeriod: contract.timing.controlPeriod,
            goldenObservations: contract.golden.map(\.observation),
            goldenActions: contract.golden.map(\.action))
        try self.init(
            bytes: tensors.encoded(metadata: [Self.contractKey: contract.json()], name: name), name: name)
    }

    /// The same policy without its deviations: it can only act deterministically, with the same bits.
    ///
    /// - Throws: nothing for a policy that was made or read; `PoliciesError` otherwise.
    public func deterministic() throws(PoliciesError) -> PolicyFile {
        guard network.isStochastic else { return self }
        var network = network
        network.head = .squashed(logDeviation: nil)
        return try PolicyFile(network: network, describedBy: contract, limits: limits, name: name)
    }

    /// Reads and checks a policy file.
    ///
    /// - Throws: `PoliciesError.file` where it cannot be read, `.refused` where it is no sound policy.
    public init(contentsOf path: String) throws(PoliciesError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, atMost: FileLimit.policy)
        } catch {
            throw .file(error)
        }
        try self.init(bytes: bytes, name: path)
    }

    /// Reads and checks the bytes of a policy file; `name` names them in errors.
    ///
    /// The engine must accept them and reproduce the golden pairs, and the contract must say what the tensors do.
    ///
    /// - Throws: `PoliciesError.refused` where they are no sound policy.
    public init(bytes: [UInt8], name: String) throws(PoliciesError) {
        let engine = try PolicyEngine(bytes, name: name)
        guard engine.selfTest() != nil else {
            throw .refused(file: name, problem: "its golden actions are not reproduced here")
        }
        let archive: TensorArchive
        do {
            archive = try TensorArchive(bytes: bytes, file: name)
        } catch {
            throw .tensors(error)
        }
        let tensors = try PolicyTensors(archive)
        guard let json = archive.metadata[Self.contractKey] else {
            throw .refused(file: name, problem: "the metadata has no '\(Self.contractKey)'")
        }
        let contract = try Contract(json: json, file: name)
        if let problem = contract.contradiction(to: tensors) {
            throw .refused(file: name, problem: "its contract contradicts its tensors: \(problem)")
        }
        self.name = name
        self.network = tensors.network
        self.contract = contract
        limits = tensors.limits
        self.bytes = bytes
    }

    /// Writes the file atomically, or through a pipe or device; a file that is there is in the way unless it is to be replaced.
    ///
    /// - Throws: `PoliciesError.file`; what was at `path` is intact then.
    public func write(to path: String, replacing: Bool = true) throws(PoliciesError) {
        do {
            try OutputFile(path, replacing: replacing).write(bytes)
        } catch {
            throw .file(error)
        }
    }

    private static func goldenObservations(
        _ network: PolicyNetwork, ranges: Space?, seed: UInt64
    ) -> [[Float]] {
        var random = RandomStream(seed: seed, name: "golden")
        let normaliser = network.normaliser
        return (0..<goldenCount).map { _ in
            (0..<network.observationCount).map { i in
                let deviation = 3 / Double(normaliser.inverseDeviation[i])
                var low = Double(normaliser.mean[i]) - deviation
                var high = Double(normaliser.mean[i]) + deviation
                if let table = network.table {
                    low += deviation * 2 / 3
                    high += deviation * Double(table.bins[i] - 2) / 3
                }
                if let ranges, ranges.elements.indices.contains(i) {
                    let element = ranges.elements[i]
                    if element.low.isFinite, element.high.isFinite, element.low <= element.high {
                        (low, high) = (element.low, element.high)
                    }
                }
                let limit = Double(Float.greatestFiniteMagnitude)
                return Float(min(max(random.uniform(low, high), -limit), limit))
            }
        }
    }
}
