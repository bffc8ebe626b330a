// SPDX-License-Identifier: MIT

internal import Settings

/// The words and numbers of a text, such as a mesh of megabytes has.
struct NumberText {
    private let bytes: [UInt8]
    /// Whether words end with the line.
    private let hasLines: Bool
    private var place = 0
    /// The number of the line, from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8], hasLines: Bool = true) {
        (self.bytes, self.hasLines) = (bytes, hasLines)
    }

    /// Where the next word stands, of this line where there are lines; nil where there is none.
    mutating func word() -> Range<Int>? {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x0A && hasLines { return nil }
            if byte == 0x5C, place + 1 < bytes.count, bytes[place + 1] == 0x0A || bytes[place + 1] == 0x0D {
                // A line that goes on in the next.
                place +=
                    bytes[place + 1] == 0x0D && place + 2 < bytes.count && bytes[place + 2] == 0x0A ? 3 : 2
                line += 1
                continue
            }
            guard Self.isBlank(byte) else { break }
            place += 1
        }
        let start = place
        while place < bytes.count, !Self.isBlank(bytes[place]) { place += 1 }
        return start < place ? start..<place : nil
    }

    /// Goes to the start of the next line; whether there is one.
    mutating func nextLine() -> Bool {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        place += 1
        line += 1
        return place < bytes.count
    }

    /// Whether the word is this one, in letters of any size; `other` is written small.
    func isWord(_ word: Range<Int>, _ other: StaticString) -> Bool {
        guard word.count == other.utf8CodeUnitCount else { return false }
        return other.withUTF8Buffer { letters in
            unsafe zip(bytes[word], letters).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }

    /// The next word as a finite number; nil where there is no word.
    mutating func number() throws(MeshError) -> Double? {
        guard let word = word() else { return nil }
        guard let value = value(word) else {
            throw error("'\(text(word))' is not a number")
        }
        guard value.isFinite else { throw error("'\(text(word))' is not a finite number") }
        return value
    }

    /// The next three words as a point.
    mutating func point() throws(MeshError) -> (Double, Double, Double) {
        guard let x = try number(), let y = try number(), let z = try number() else {
            throw error("a point has fewer than three numbers")
        }
        return (x, y, z)
    }

    func error(_ problem: String) -> MeshError {
        MeshError(hasLines ? "line \(line): \(problem)" : problem, "export the mesh again")
    }

    func text(_ word: Range<Int>) -> String {
        String(decoding: bytes[word].prefix(100), as: UTF8.self).shortened
    }

    /// The whole number that a word begins with, such as a corner of OBJ, `7/1/3`; nil where it begins with none.
    func leadingInteger(_ word: Range<Int>) -> Int? {
        var (value, place) = (0, word.lowerBound)
        let isNegative = bytes[place] == UInt8(ascii: "-")
        if isNegative { place += 1 }
        let start = place
        while place < word.upperBound, let digit = Self.digit(bytes[place]), value < 1 << 40 {
            value = 10 * value + digit
            place += 1
        }
        guard place > start, place == word.upperBound || bytes[place] == UInt8(ascii: "/") else { return nil }
        return isNegative ? -value : value
    }

    /// The number that a word is.
    ///
    /// Up to 15 digits and powers of ten up to 22 are exact, and so is one product of the two, but for its rounding (Clinger 1990);
    /// all others are left to the library.
    private func value(_ word: Range<Int>) -> Double? {
        var (place, end) = (word.lowerBound, word.upperBound)
        let isNegative = bytes[place] == UInt8(ascii: "-")
        if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
        var (mantissa, digits, exponent, hasPoint) = (0, 0, 0, false)
        while place < end {
            if let digit = Self.digit(bytes[place]) {
                mantissa = 10 * mantissa + digit
                digits += 1
                if hasPoint { exponent -= 1 }
                guard digits <= 15 else { return slowValue(word) }
            } else if bytes[place] == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            place += 1
        }
        guard digits > 0 else { return slowValue(word) }
        if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            guard place < end else { return nil }
            let isDown = bytes[place] == UInt8(ascii: "-")
            if isDown || bytes[place] == UInt8(ascii: "+") { place += 1 }
            var power = 0
            guard place < end, end - place <= 4 else { return slowValue(word) }
            while place < end, let digit = Self.digit(bytes[place]) {
                power = 10 * power + digit
                place += 1
            }
            exponent += isDown ? -power : power
        }
        end -= place
        guard end == 0 else { return nil }
        guard abs(exponent) <= 22 else { return slowValue(word) }
        let power = Self.powers[abs(exponent)]
        let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        return isNegative ? -value : value
    }

    private func slowValue(_ word: Range<Int>) -> Double? {
        word.count <= 400 ? Double(String(decoding: bytes[word], as: UTF8.self)) : nil
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
    }
}
