// SPDX-License-Identifier: MIT

/// Writes protocol buffers: fields of a message, one after another, in the order of the calls.
///
/// Only what ONNX needs: variable-length integers and length-delimited values
/// (protobuf.dev/programming-guides/encoding).
struct ProtobufWriter {
    /// The message so far.
    private(set) var bytes: [UInt8] = []

    /// Writes an integer; a negative one takes ten bytes, as the format wants.
    mutating func add(_ field: Int, _ value: Int) {
        append(UInt64(field) << 3)
        append(UInt64(bitPattern: Int64(value)))
    }

    /// Writes bytes.
    mutating func add(_ field: Int, _ content: [UInt8]) {
        append(UInt64(field) << 3 | 2)
        append(UInt64(content.count))
        bytes += content
    }

    /// Writes a text in UTF-8.
    mutating func add(_ field: Int, _ text: String) {
        add(field, Array(text.utf8))
    }

    /// Writes a message that `content` fills.
    mutating func add(_ field: Int, _ content: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        content(&inner)
        add(field, inner.bytes)
    }

    /// Writes the fields that `other` holds.
    mutating func append(_ other: ProtobufWriter) {
        bytes += other.bytes
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
