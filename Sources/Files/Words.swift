// SPDX-License-Identifier: MIT

// Words in files: the low byte first, on every machine.

extension [UInt8] {
    /// The bytes of `words`, one after another, the low byte of each first.
    package init<Words: Collection>(littleEndian words: Words) where Words.Element: FixedWidthInteger {
        self = []
        reserveCapacity(words.count * Words.Element.bitWidth / 8)
        for word in words {
            for shift in stride(from: 0, to: Words.Element.bitWidth, by: 8) {
                append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }
}

extension Array where Element: FixedWidthInteger {
    /// The words that `bytes` hold one after another, the low byte of each first; bytes that are too few for a word are left out.
    package init(littleEndianBytes bytes: some RandomAccessCollection<UInt8>) {
        let size = Element.bitWidth / 8
        self = (0..<bytes.count / size).map { word in
            (0..<size).reduce(0) { sum, place in
                let byte = bytes[bytes.index(bytes.startIndex, offsetBy: word * size + place)]
                return sum | Element(truncatingIfNeeded: byte) << (8 * place)
            }
        }
    }
}
