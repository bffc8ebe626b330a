// SPDX-License-Identifier: MIT

/// What the bytes of a text are in, whatever they say of themselves.
package enum TextEncoding {
    /// The same text in UTF-8, where it is UTF-16 by its mark or by the zeros that ASCII has in it; nil for anything else.
    package static func utf8(ofUTF16 bytes: [UInt8]) -> [UInt8]? {
        guard let isBig = isBigEndian(bytes) else { return nil }
        let (high, low) = isBig ? (0, 1) : (1, 0)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { place in
            UInt16(bytes[place + high]) << 8 | UInt16(bytes[place + low])
        }
        return Array(String(decoding: units.first == 0xFEFF ? units[1...] : units[...], as: UTF16.self).utf8)
    }

    private static func isBigEndian(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count >= 4 else { return nil }
        let zeros = bytes.prefix(4).map { $0 == 0 }
        if bytes.starts(with: [0xFE, 0xFF]) { return true }
        // With two zeros behind it this is the mark of UTF-32, which nobody writes.
        if bytes.starts(with: [0xFF, 0xFE]), zeros != [false, false, true, true] { return false }
        switch zeros {
        case [true, false, true, false]: return true
        case [false, true, false, true]: return false
        default: return nil
        }
    }

    /// The first line, counted from 1, that is not UTF-8; nil where all are.
    package static func firstLineBeyondUTF8(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }

    /// What bytes that are not UTF-8 probably are, by the name that encodings go by in XML.
    package static func guess(_ bytes: [UInt8]) -> String {
        if isDoubleByte(bytes) { return "GBK" }
        if isShiftJIS(bytes) { return "Shift_JIS" }
        // Windows has characters where Latin-1 has controls, but for five bytes.
        let controls = bytes.filter { (0x80...0x9F).contains($0) }
        let isWindows =
            !controls.isEmpty && !controls.contains { [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
        return isWindows ? "windows-1252" : "ISO-8859-1"
    }

    /// Whether all bytes beyond ASCII stand in the pairs of Chinese text (GB 2312); accents of western text stand alone.
    private static func isDoubleByte(_ bytes: [UInt8]) -> Bool {
        bytes.split { $0 < 0x80 }.allSatisfy { run in
            run.count.isMultiple(of: 2)
                && run.enumerated().allSatisfy {
                    (0xA1...($0.offset.isMultiple(of: 2) ? 0xF7 : 0xFE)).contains($0.element)
                }
        }
    }

    /// Whether it is whole as Japanese text of Windows, with two double characters in a row somewhere.
    private static func isShiftJIS(_ bytes: [UInt8]) -> Bool {
        var place = 0
        var (pairs, most) = (0, 0)
        while place < bytes.count {
            switch bytes[place] {
            case 0x81...0x9F, 0xE0...0xFC:
                guard place + 1 < bytes.count, (0x40...0xFC).contains(bytes[place + 1]),
                    bytes[place + 1] != 0x7F
                else { return false }
                (pairs, place) = (pairs + 1, place + 2)
                most = max(most, pairs)
            case 0x00...0x7F, 0xA1...0xDF: (pairs, place) = (0, place + 1)
            default: return false
            }
        }
        return most >= 2
    }
}
