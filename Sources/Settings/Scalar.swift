// SPDX-License-Identifier: MIT

/// A scalar of a file or a flag: its characters, which become a number, a word or a truth value only where one is wanted.
///
/// One rule for numbers holds everywhere: decimal digits with an optional sign, point and exponent, and underscores between
/// digits; `1e5`, `2e4` and `10_000` are whole numbers where one is wanted. Hexadecimal, `nan` and `inf` are words. Quoted
/// texts are never numbers.
package struct Scalar: Sendable, Equatable {
    package var characters: String
    package var isQuoted: Bool

    package init(_ characters: String, isQuoted: Bool = true) {
        self.characters = characters
        self.isQuoted = isQuoted
    }

    package init(_ number: Double) { self.init(Self.digits(of: number), isQuoted: false) }
    package init(_ number: some BinaryInteger) { self.init("\(number)", isQuoted: false) }
    package init(_ flag: Bool) { self.init("\(flag)", isQuoted: false) }

    package var isNull: Bool {
        !isQuoted && ["", "~", "null", "Null", "NULL"].contains(characters)
    }

    package var flag: Bool? {
        guard !isQuoted else { return nil }
        return switch characters {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// The finite number that it is.
    package var number: Double? { isQuoted ? nil : Self.number(characters) }

    /// The whole number that it is, exactly.
    package func whole<Number: FixedWidthInteger>(_: Number.Type = Int.self) -> Number? {
        guard !isQuoted, let digits = Self.plainDigits(characters) else { return nil }
        if let exact = Number(digits) { return exact }
        return Double(digits).flatMap { Number(exactly: $0) }
    }

    /// The text that it is; nil where nothing is written.
    package var text: String? { isNull ? nil : characters }

    /// How a message shows it.
    package var shown: String {
        if isNull { return "nothing" }
        return number != nil || flag != nil ? characters : "'\(characters.shortened)'"
    }

    /// Whether both say the same to whoever reads them.
    func means(_ other: Scalar) -> Bool {
        if isNull || other.isNull { return isNull && other.isNull }
        if let number, let theirs = other.number {
            // A double has no place for all digits of a great seed.
            return number == theirs && whole(UInt64.self) == other.whole(UInt64.self)
        }
        return characters == other.characters
    }

    /// The finite number that a text is, by the rule above; nil where it is none.
    package static func number(_ text: some StringProtocol) -> Double? {
        guard let digits = plainDigits(text), let value = Double(digits), value.isFinite else { return nil }
        return value
    }

    /// The text without underscores between digits and spaces around it, where only a number's characters are in it.
    private static func plainDigits(_ text: some StringProtocol) -> String? {
        var digits: [UInt8] = []
        var previous: UInt8 = 0
        let bytes = Array(text.utf8.drop { isSpace($0) })
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                digits.append(byte)
            case UInt8(ascii: "_"):
                guard isDigit(previous), index + 1 < bytes.count, isDigit(bytes[index + 1]) else {
                    return nil
                }
            case _ where isSpace(byte):
                guard bytes[index...].allSatisfy(isSpace) else { return nil }
            default: return nil
            }
            previous = byte
        }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The shortest digits that read back as the same number.
    package static func digits(of number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 && !(number == 0 && number.sign == .minus)
            ? "\(Int(number))" : "\(number)"
    }
}

extension String {
    /// A text from a file, short enough for a message, on one line.
    package var shortened: String {
        let line = split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 40 ? line : line.prefix(37) + "..."
    }
}

extension Unicode.Scalar {
    /// Such as `U+00A0`.
    package var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
