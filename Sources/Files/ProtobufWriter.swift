// SPDX-License-Identifier: MIT

/// Writes protocol buffers: fields of a message, one after another, in the order of the calls.
///
/// What ONNX, TensorBoard's events and MCAP need (protobuf.dev/programming-guides/encoding).
package struct ProtobufWriter {
    /// The message so far.
    package private(set) var bytes: [UInt8] = []

    /// Makes an empty message.
    package init() {}

    /// Writes an integer; a negative one takes ten bytes, as the format wants.
    package mutating func add(_ field: Int, _ value: Int) {
        append(UInt64(field) << 3)
        append(UInt64(bitPattern: Int64(value)))
    }

    /// Writes a number of eight bytes.
    package mutating func add(_ field: Int, _ value: Double) {
        append(UInt64(field) << 3 | 1)
        bytes += [UInt8](littleEndian: CollectionOfOne(value.bitPattern))
    }

    /// Writes a number of four bytes.
    package mutating func add(_ field: Int, _ value: Float) {
        append(UInt64(field) << 3 | 5)
        bytes += [UInt8](littleEndian: CollectionOfOne(value.bitPattern))
    }

    /// Writes bytes.
    package mutating func add(_ field: Int, _ content: [UInt8]) {
        append(UInt64(field) << 3 | 2)
        append(UInt64(content.count))
        bytes += content
    }

    /// Writes a text in UTF-8.
    package mutating func add(_ field: Int, _ text: String) {
        add(field, Array(text.utf8))
    }

    /// Writes a message that `content` fills.
    package mutating func add(_ field: Int, _ content: (inout ProtobufWriter) -> Void) {
        add(field, Self.message(content))
    }

    /// The bytes of a message that `content` fills.
    package static func message(_ content: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var inner = ProtobufWriter()
        content(&inner)
        return inner.bytes
    }

    /// Writes the fields that `other` holds.
    package mutating func append(_ other: ProtobufWriter) {
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
