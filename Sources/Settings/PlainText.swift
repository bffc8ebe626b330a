// SPDX-License-Identifier: MIT

internal import Foundation

// Numbers and names as files write them, and as messages about files repeat them.

extension Double {
    /// The finite number that a text is, or nil.
    ///
    /// Hexadecimal, `nan` and `inf` are none.
    package init?(plainText text: String) {
        let trimmed = text.split(whereSeparator: \.isWhitespace)
        guard trimmed.count == 1, let word = trimmed.first,
            word.utf8.allSatisfy({
                (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
            }),
            let value = Double(word), value.isFinite
        else { return nil }
        self = value
    }

    /// With the digits that people read.
    package var digits: String { String(format: "%.4g", self) }
}

extension String {
    /// A text from a file, short enough for a message.
    package var shortened: String {
        let line = split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 40 ? line : line.prefix(37) + "..."
    }

    /// A name as YAML takes it for a text.
    package var quotedAsYAML: String {
        let isPlain = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || character == "_")
        }
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        if let first, first.isASCII, first.isLetter, !words.contains(lowercased()),
            allSatisfy({ isPlain($0) || $0 == "-" || $0 == "." || $0 == "/" })
        {
            return self
        }
        let escaped = unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: String(format: "\\x%02X", scalar.value)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
