// SPDX-License-Identifier: MIT

import Files
public import Policies

/// A policy as an ONNX model: physical units in, physical units out.
///
/// The graph maps `observation` (batch, O) to `action` (batch, A) and holds all that the policy does: normalisation, clip, layers,
/// tanh or the choice of the highest value, scale, offset and limits. An observation with NaN or an infinite number gives NaN for
/// every number of the action, so that it cannot pass unseen. The metadata hold the deployment contract (`contract`), and
/// a CRC-32 (`checksum`) of the file, its own eight digits taken as zeros.
///
/// The same policy and options give the same bytes.
public struct ONNXModel: Sendable, Equatable {
    /// The policy; without its deviations where the graph has none.
    public let policy: PolicyFile
    /// What the file is made for.
    public let options: ONNXOptions
    /// The file.
    public let bytes: [UInt8]

    /// Makes the model of `policy`.
    ///
    /// - Throws: `ExportError.option` where a stochastic graph is asked of a deterministic policy, or a graph of a table.
    public init(_ policy: PolicyFile, _ options: ONNXOptions) throws(ExportError) {
        let policy = try policy.leaving(isStochastic: options.isStochastic)
        guard policy.network.table == nil else {
            throw .option(
                "\(policy.name): it is a table, which has no ONNX graph; export it by --format c, or by --format "
                    + "safetensors for the C runtime")
        }
        (self.policy, self.options) = (policy, options)
        let json = try ExportError.wrapPolicy(try policy.contract.json())
        bytes = Self.encode(policy, json, options)
    }

    /// Writes the file atomically, or through a pipe or device; a file that is there is in the way unless it is to be replaced.
    ///
    /// - Throws: `ExportError.file`; what was at `path` is intact then.
    public func write(to path: String, replacing: Bool = true) throws(ExportError) {
        try ExportError.wrapFile(try OutputFile(path, replacing: replacing).write(bytes))
    }

    /// The metadata's keys.
    static let contractKey = "contract"
    static let checksumKey = "checksum"
    /// What stands for the checksum while it is computed.
    static let noChecksum = "00000000"
    /// The names of the graph's inputs and output.
    static let (observation, noise, action) = ("observation", "noise", "action")

    // MARK: Writing (field numbers: onnx.proto)

    static func encode(_ policy: PolicyFile, _ json: String, _ options: ONNXOptions) -> [UInt8] {
        let contract = policy.contract
        var model = ProtobufWriter()
        model.add(1, options.formatVersion)
        model.add(2, "sinew")
        model.add(3, contract.versions["sinew"] ?? "")
        model.add(6, "A policy for \(contract.scene): observation and action in the units of the contract.")
        model.add(7, ONNXGraph(policy, options).bytes)
        model.add(8) { $0.add(2, options.operatorSet) }
        model.add(14) {
            $0.add(1, contractKey)
            $0.add(2, json)
        }
        model.add(14) {
            $0.add(1, checksumKey)
            $0.add(2, noChecksum)
        }
        // The digits are the last bytes.
        let digits = CRC32.digits(of: CRC32.checksum(of: model.bytes))
        return model.bytes.dropLast(digits.count) + digits
    }
}
