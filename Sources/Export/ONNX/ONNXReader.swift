// SPDX-License-Identifier: MIT

import Files
import Policies

extension ONNXModel {
    /// Reads a model that Sinew exported; `file` names it in errors.
    ///
    /// The checksum must match, the policy must reproduce its golden pairs, and written again it must give the very same bytes: so
    /// the graph does what its policy does, and nothing else is hidden in the file.
    ///
    /// - Throws: `ExportError.refused`; `.policy` where the numbers are no sound policy.
    public init(bytes: [UInt8], file: String) throws(ExportError) {
        let refusal = ExportError.refused(
            file: file, problem: "not an ONNX file that `sinew export` wrote; other graphs cannot be read")
        try Self.checkChecksum(of: bytes, file: file)
        let parts: Parts
        do {
            parts = try Parts(bytes)
        } catch {
            throw refusal
        }
        guard let json = parts.metadata[Self.contractKey], let operatorSet = parts.operatorSet else {
            throw refusal
        }
        do {
            let contract = try Contract(json: json, file: file)
            let network = try parts.network(actionCount: contract.actions.count, file: file)
            policy = try PolicyFile(
                network: network, describedBy: contract,
                limits: parts.isLimited && contract.needsLimits ? contract.limits : nil, name: file)
            var options = try ONNXOptions(
                operatorSet: operatorSet, hasStaticBatch: parts.hasStaticBatch,
                isStochastic: parts.isStochastic)
            options.isLimited = parts.isLimited
            self.options = options
            self.bytes = bytes
            guard Self.encode(policy, json, options) == bytes else { throw refusal }
        } catch let error as PoliciesError {
            throw .policy(error)
        } catch let error as ExportError {
            throw error
        } catch {
            throw refusal
        }
    }

    /// Reads the model of the file at `path`.
    ///
    /// - Throws: `ExportError.file` where it cannot be read, otherwise as reading its bytes.
    public init(contentsOf path: String) throws(ExportError) {
        try self.init(
            bytes: ExportError.wrapFile(try FileBytes.read(path, atMost: FileLimit.policy)), file: path)
    }

    private static func checkChecksum(of bytes: [UInt8], file: String) throws(ExportError) {
        let count = noChecksum.utf8.count
        guard bytes.count > count,
            CRC32.digits(of: CRC32.checksum(of: bytes.dropLast(count) + Array(noChecksum.utf8)))
                == Array(bytes.suffix(count))
        else {
            throw .refused(
                file: file,
                problem:
                    "its checksum does not match: it is damaged, or not an ONNX file that `sinew export` wrote"
            )
        }
    }
}

/// What a model is made of: enough to write it again.
private struct Parts {
    typealias Malformed = ProtobufReader.Malformed

    private(set) var metadata: [String: String] = [:]
    private(set) var operatorSet: Int?
    private(set) var hasStaticBatch = false
    private var inputCount = 0
    private var tensors: [String: [Float]] = [:]

    var isStochastic: Bool { inputCount == 2 }
    var isLimited: Bool { tensors["action.low"] != nil }

    init(_ bytes: [UInt8]) throws(Malformed) {
        var reader = ProtobufReader(bytes[...])
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (7, .bytes(let graph)): try readGraph(graph)
            case (8, .bytes(let version)): operatorSet = try Self.integer(2, in: version)
            case (14, .bytes(let entry)):
                guard let key = try Self.bytes(1, in: entry)?.text, metadata.count < 8,
                    metadata.updateValue(try Self.bytes(2, in: entry)?.text ?? "", forKey: key) == nil
                else { throw Malformed() }
            default: break  // Writing the model again tells whether it is right.
            }
        }
    }

    private mutating func readGraph(_ graph: ArraySlice<UInt8>) throws(Malformed) {
        var reader = ProtobufReader(graph)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (5, .bytes(let tensor)): try readTensor(tensor)
            case (11, .bytes(let input)):
                inputCount += 1
                // A dynamic extent has a name (2), a static one a value (1).
                var type = input[...]
                for field in [2, 1, 2, 1] { type = try Self.bytes(field, in: type) ?? [] }
                hasStaticBatch = try Self.integer(1, in: type) != nil
            default: break
            }
        }
    }

    private mutating func readTensor(_ message: ArraySlice<UInt8>) throws(Malformed) {
        var values: [Float] = []
        var name = ""
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (8, .bytes(let text)): name = text.text ?? ""
            case (9, .bytes(let raw)): values = try Self.floats(raw)
            default: break
            }
        }
        guard tensors.count < 64, tensors.updateValue(values, forKey: name) == nil else { throw Malformed() }
    }

    /// The first integer in `field` of `message`.
    private static func integer(_ field: Int, in message: ArraySlice<UInt8>) throws(Malformed) -> Int? {
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            if next.field == field, case .integer(let value) = next.value {
                guard let small = Int(exactly: value) else { throw Malformed() }
                return small
            }
        }
        return nil
    }

    /// The first bytes in `field` of `message`.
    private static func bytes(
        _ field: Int, in message: ArraySlice<UInt8>
    ) throws(Malformed) -> ArraySlice<UInt8>? {
        var reader = ProtobufReader(message)
        while let next = try reader.next() {
            if next.field == field, case .bytes(let value) = next.value { return value }
        }
        return nil
    }

    private static func floats(_ raw: ArraySlice<UInt8>) throws(Malformed) -> [Float] {
        guard raw.count.isMultiple(of: 4) else { throw Malformed() }
        return [UInt32](littleEndianBytes: raw).map(Float.init(bitPattern:))
    }

    // MARK: The network

    /// The network of the tensors; sizes are checked where it is made, and by writing the model again.
    func network(actionCount: Int, file: String) throws -> PolicyNetwork {
        var layers: [DenseLayer] = []
        while tensors["actor.\(2 * layers.count).weight"] != nil {
            layers.append(try layer("actor.\(2 * layers.count)"))
        }
        let head: PolicyNetwork.Head =
            if let choices = tensors["action.choices"] {
                .greedy(choices: choices)
            } else if isStochastic {
                .squashed(logDeviation: try layer("log_std"))
            } else {
                .squashed(logDeviation: nil)
            }
        let normaliser = Normaliser(
            mean: try values("observation.mean"), inverseDeviation: try values("observation.inverse_std"),
            clip: try values("observation.high").first ?? 0)
        do {
            return try PolicyNetwork(
                layers: layers, head: head, normaliser: normaliser, actionCount: actionCount)
        } catch {
            throw PoliciesError.refused(file: file, problem: error.description)
        }
    }

    private func layer(_ name: String) throws(Malformed) -> DenseLayer {
        DenseLayer(weight: try values("\(name).weight"), bias: try values("\(name).bias"))
    }

    private func values(_ name: String) throws(Malformed) -> [Float] {
        guard let values = tensors[name] else { throw Malformed() }
        return values
    }
}
