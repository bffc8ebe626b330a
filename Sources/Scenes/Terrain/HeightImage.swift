// SPDX-License-Identifier: MIT

internal import Settings

/// A grey picture as heights: 0 for black to 1 for white, read from a PGM file (P2 or P5, 8 or 16 bits).
package struct HeightImage: Sendable, Equatable {
    let width: Int
    let height: Int
    private let values: [Float]
    /// The file as it was read, which a run keeps.
    package let bytes: [UInt8]

    /// Reads a picture; nil after a report.
    static func read(
        _ bytes: [UInt8], name: String, _ setting: Setting, _ decoder: Decoder
    ) -> HeightImage? {
        func refuse(_ problem: String, _ remedy: String = "write the picture again") -> HeightImage? {
            decoder.report(setting, "\(name.shortened) \(problem)", remedy)
            return nil
        }
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"), [0x32, 0x35].contains(bytes[1]) else {
            return refuse(
                "is no PGM picture", "convert it, as by `convert FILE.png FILE.pgm` of ImageMagick")
        }
        var reader = Reader(bytes: bytes, position: 2)
        guard let width = reader.number(), let height = reader.number(), let most = reader.number(),
            (2...8192).contains(width), (2...8192).contains(height), (1...65535).contains(most)
        else { return refuse("does not say a width and height of 2 to 8192 and a white of 1 to 65535") }
        let numbers =
            bytes[1] == 0x32
            ? reader.text(width * height) : reader.binary(width * height, wide: most > 255)
        guard numbers.count == width * height else {
            return refuse("ends after \(numbers.count) of \(width * height) grey values")
        }
        return HeightImage(
            width: width, height: height, values: numbers.map { Float(min($0, most)) / Float(most) },
            bytes: bytes)
    }

    /// The value at a share of the width and, from below, of the height, straight between the four nearest.
    func value(_ x: Double, _ y: Double) -> Double {
        let u = min(max(x, 0), 1) * Double(width - 1)
        let v = (1 - min(max(y, 0), 1)) * Double(height - 1)
        let (i, j) = (min(Int(u), width - 2), min(Int(v), height - 2))
        let (p, q) = (u - Double(i), v - Double(j))
        func at(_ i: Int, _ j: Int) -> Double { Double(values[j * width + i]) }
        let high = at(i, j) + p * (at(i + 1, j) - at(i, j))
        let low = at(i, j + 1) + p * (at(i + 1, j + 1) - at(i, j + 1))
        return high + q * (low - high)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position: Int

        /// The next number of the text; comments go from # to the end of a line.
        mutating func number() -> Int? {
            while position < bytes.count, bytes[position] <= 0x20 || bytes[position] == UInt8(ascii: "#") {
                if bytes[position] == UInt8(ascii: "#") {
                    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
                } else {
                    position += 1
                }
            }
            var value: Int?
            while position < bytes.count, (0x30...0x39).contains(bytes[position]), value ?? 0 < 1_000_000 {
                value = 10 * (value ?? 0) + Int(bytes[position] - 0x30)
                position += 1
            }
            return value
        }

        /// Numbers of the text, until there are no more.
        mutating func text(_ count: Int) -> [Int] {
            var numbers: [Int] = []
            while numbers.count < count, let number = number() { numbers.append(number) }
            return numbers
        }

        /// Numbers of one byte, or of two with the high one first, after a single space.
        mutating func binary(_ count: Int, wide: Bool) -> [Int] {
            position += 1
            let size = wide ? 2 : 1
            let there = min(count, max(0, bytes.count - position) / size)
            return (0..<there).map { index in
                let start = position + size * index
                return wide ? Int(bytes[start]) << 8 | Int(bytes[start + 1]) : Int(bytes[start])
            }
        }
    }
}
