// SPDX-License-Identifier: MIT

/// Reads the fields of one message of protocol buffers; nothing is copied, and nothing outside its range is touched.
///
/// Only what `ProtobufWriter` writes: other kinds of fields, integers of more than ten bytes and lengths beyond the end
/// are malformed.
struct ProtobufReader {
    /// A value of a field.
    enum Value {
        case integer(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    /// The message is malformed.
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ message: ArraySlice<UInt8>) {
        rest = message
    }

    /// The next field; nil at the end.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        if rest.isEmpty { return nil }
        let key = try integer()
        guard key >> 3 >= 1, key >> 3 < 1 << 29 else { throw Malformed() }
        switch key & 7 {
        case 0: return (Int(key >> 3), .integer(try integer()))
        case 2:
            let count = try integer()
            guard count <= UInt64(rest.count) else { throw Malformed() }
            defer { rest = rest.dropFirst(Int(count)) }
            return (Int(key >> 3), .bytes(rest.prefix(Int(count))))
        default: throw Malformed()
        }
    }

    private mutating func integer() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            // The tenth byte holds one bit.
            guard shift < 63 || byte <= 1 else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}

extension ArraySlice<UInt8> {
    /// The text that the bytes are in UTF-8; nil where they are none.
    var text: String? { String(validating: self, as: UTF8.self) }
}
