// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
internal import Settings

/// Numbers as a page holds them: little-endian, in base 64, so that a browser reads them at once as an array of their type.
enum Packing {
    static func text(_ values: [Float]) -> JSONValue { text(values.map(\.bitPattern)) }

    static func text(_ values: [some FixedWidthInteger]) -> JSONValue {
        .text(base64([UInt8](littleEndian: values)))
    }

    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            let group = (0..<3).reduce(0) { $0 << 8 | ($1 < count ? Int(bytes[start + $1]) : 0) }
            for index in 0..<4 {
                text.append(index <= count ? digits[group >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The whole number, of those that 16 bits have, nearest to `value` of a full scale of `scale`.
    static func short(_ value: Double, of scale: Double) -> Int16 {
        guard scale > 0, value.isFinite else { return 0 }
        return Int16(max(-32767, min(32767, (value / scale * 32767).rounded())))
    }

    /// A table whose rows have the same length, in 16 bits: each column from its lowest to its highest number.
    static func table(_ rows: [[Double]]) -> JSONValue {
        let columns = rows.first?.count ?? 0
        var low = Array(repeating: Double.infinity, count: columns)
        var high = low.map { -$0 }
        for row in rows {
            for (index, value) in row.enumerated() where value.isFinite {
                (low[index], high[index]) = (min(low[index], value), max(high[index], value))
            }
        }
        for index in low.indices where low[index] > high[index] { (low[index], high[index]) = (0, 0) }
        let values = rows.flatMap { row in
            row.enumerated().map { index, value in
                // From the middle of the column, half its width to both sides.
                let (middle, half) = ((low[index] + high[index]) / 2, (high[index] - low[index]) / 2)
                return short(value - middle, of: half)
            }
        }
        return .object([
            ("low", .array(low.map { .number($0) })), ("high", .array(high.map { .number($0) })),
            ("values", text(values)),
        ])
    }

    static func numbers(_ vector: Vector3) -> JSONValue { .array(vector.components.map { .number($0) }) }

    /// Position, then the quaternion, w first.
    static func numbers(_ pose: Pose) -> JSONValue {
        let turn = pose.orientation
        return .array((pose.position.components + [turn.w, turn.x, turn.y, turn.z]).map { .number($0) })
    }
}
