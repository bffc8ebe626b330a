// SPDX-License-Identifier: MIT

internal import Files

/// The header of a file: where each tensor lies, and the metadata.
struct Header {
    /// A tensor and where its bytes lie, counted from the first tensor's first byte.
    struct Entry {
        var description: TensorDescription
        var range: Range<Int>
    }

    /// The longest header that is read or written, as in the reference implementation.
    static let byteLimit = 100_000_000
    /// The bytes before the header: its length.
    static let lengthByteCount = 8
    static let metadataKey = "__metadata__"
    /// The metadata's key of the checksum of the whole file, its own eight digits taken as zeros.
    static let checksumKey = "checksum"
    static let checksumPrefix = "crc32:"
    static let checksumDigitCount = 8

    /// The tensors in the order of their bytes.
    var entries: [Entry]
    /// All strings of the metadata but the checksum.
    var metadata: [String: String]
    /// The bytes of all tensors.
    var dataByteCount: Int
    /// Where the first tensor begins in the file.
    var dataStart: Int
    /// Where the checksum's digits begin in the file, where it has one.
    var checksumOffset: Int?
}

// MARK: - Writing

extension Header {
    /// Lays `tensors` out: wider types first, then by name, as the reference implementation does.
    init(
        _ tensors: [TensorDescription], metadata: [String: String], file: String
    ) throws(SafetensorsError) {
        let sorted = tensors.sorted {
            $0.type.rank == $1.type.rank
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.type.rank < $1.type.rank
        }
        var names = Set<String>()
        entries = []
        dataByteCount = 0
        for tensor in sorted {
            guard !tensor.name.isEmpty, tensor.name != Self.metadataKey else {
                throw .invalid(
                    file: file, problem: "a tensor must have a name other than '\(Self.metadataKey)'")
            }
            guard names.insert(tensor.name).inserted else {
                throw .invalid(file: file, problem: "two tensors are called '\(tensor.name)'")
            }
            guard let byteCount = tensor.byteCount,
                case (let end, let overflow) = dataByteCount.addingReportingOverflow(byteCount), !overflow
            else {
                throw .invalid(
                    file: file, problem: "the shape \(tensor.shape) of '\(tensor.name)' has no size")
            }
            entries.append(Entry(description: tensor, range: dataByteCount..<end))
            dataByteCount = end
        }
        guard metadata[Self.checksumKey] == nil else {
            throw .invalid(
                file: file, problem: "the metadata's key '\(Self.checksumKey)' is the writer's own")
        }
        self.metadata = metadata
        dataStart = 0
        checksumOffset = nil
    }

    /// The length and the header as they stand in a file; sets `dataStart` and `checksumOffset`.
    mutating func encode(checksum: Bool, file: String) throws(SafetensorsError) -> [UInt8] {
        var json: [UInt8] = Array("{".utf8)
        var strings = metadata
        if checksum {
            strings[Self.checksumKey] =
                Self.checksumPrefix + String(repeating: "0", count: Self.checksumDigitCount)
        }
        if !strings.isEmpty {
            json += "\"\(Self.metadataKey)\":{".utf8
            for (i, key) in strings.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
                .enumerated()
            {
                json +=
                    (i > 0 ? "," : "").utf8 + Self.quoted(key) + ":".utf8 + Self.quoted(strings[key] ?? "")
                if checksum, key == Self.checksumKey {
                    checksumOffset = Self.lengthByteCount + json.count - 1 - Self.checksumDigitCount
                }
            }
            json += "}".utf8
        }
        for entry in entries {
            json += (json.count > 1 ? "," : "").utf8 + Self.quoted(entry.description.name)
            let shape = entry.description.shape.map(String.init).joined(separator: ",")
            json += ":{\"dtype\":\"\(entry.description.type.rawValue)\",\"shape\":[\(shape)]".utf8
            json += ",\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}".utf8
        }
        json += "}".utf8
        // Spaces, so that the first tensor is aligned.
        json += [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8)
        guard json.count <= Self.byteLimit else {
            throw .invalid(file: file, problem: "its header would be larger than \(Self.byteLimit) bytes")
        }
        dataStart = Self.lengthByteCount + json.count
        return [UInt8](littleEndian: [UInt64(json.count)]) + json
    }

    /// `text` as a JSON string.
    private static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0x08: bytes += "\\b".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0C: bytes += "\\f".utf8
            case 0x0D: bytes += "\\r".utf8
            case ..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        return bytes + [UInt8(ascii: "\"")]
    }
}
