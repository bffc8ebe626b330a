// SPDX-License-Identifier: MIT

/// A strict reader of the JSON that a header may hold: objects, arrays, strings, and integers from 0.
///
/// Foundation's parser keeps one of two equal keys in silence, so it cannot be used to refuse them. This one goes over the
/// bytes once, and nests only as deep as its callers do.
struct HeaderScanner {
    /// The header's bytes, known to be UTF-8.
    let bytes: [UInt8]
    /// Where `bytes` begins in the file, for errors.
    let start: Int
    let file: String
    private(set) var position = 0

    init(_ bytes: [UInt8], start: Int, file: String) {
        self.bytes = bytes
        self.start = start
        self.file = file
    }

    /// The error that `expected` should stand here.
    func failure(_ expected: String) -> SafetensorsError {
        .refused(file: file, .notJSON(offset: start + position, expected: expected))
    }

    mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// The next byte that is no space, unread; nil at the end.
    mutating func peek() -> UInt8? {
        skipSpace()
        return position < bytes.count ? bytes[position] : nil
    }

    /// Reads `character` after spaces.
    mutating func expect(_ character: Character) throws(SafetensorsError) {
        guard let byte = peek(), byte == character.asciiValue else { throw failure("'\(character)'") }
        position += 1
    }

    /// Reads spaces up to the end.
    mutating func expectEnd() throws(SafetensorsError) {
        if peek() != nil { throw failure("nothing but spaces after the header's last brace") }
    }

    /// Reads an object, giving each key to `member`, which reads its value.
    ///
    /// A key that stands twice is refused.
    mutating func object(
        _ member: (inout HeaderScanner, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        var keys = Set<String>()
        try expect("{")
        if peek() == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            let key = try string()
            guard keys.insert(key).inserted else {
                throw .refused(file: file, .duplicateKey(key))
            }
            try expect(":")
            try member(&self, key)
            guard try nextMember(or: "}") else { return }
        }
    }

    /// Reads an array of integers.
    mutating func integers() throws(SafetensorsError) -> [Int] {
        var values: [Int] = []
        try expect("[")
        if peek() == UInt8(ascii: "]") {
            position += 1
            return values
        }
        while true {
            values.append(try integer())
            guard try nextMember(or: "]") else { return values }
        }
    }

    /// Reads a comma (true) or the closing `end` (false).
    private mutating func nextMember(or end: Character) throws(SafetensorsError) -> Bool {
        let byte = peek()
        guard byte == UInt8(ascii: ",") || byte == end.asciiValue else { throw failure("',' or '\(end)'") }
        position += 1
        return byte == UInt8(ascii: ",")
    }

    /// Reads an integer from 0 to the largest `Int`, without leading zeros, fraction or exponent.
    mutating func integer() throws(SafetensorsError) -> Int {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = peek(), digits.contains(first) else { throw failure("an integer from 0") }
        var value = 0
        let begin = position
        while position < bytes.count, digits.contains(bytes[position]) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(bytes[position] - digits.lowerBound))
            guard !overflow, !carry else { throw failure("an integer below 2^63") }
            value = sum
            position += 1
        }
        if first == digits.lowerBound, position > begin + 1 {
            position = begin
            throw failure("an integer without leading zeros")
        }
        return value
    }

    /// Reads a string.
    mutating func string() throws(SafetensorsError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        var plain = position
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[plain..<position]
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[plain..<position]
                text += String(Character(try escape())).utf8
                plain = position
            case ..<0x20:
                throw failure("no control character within a string")
            default:
                position += 1
            }
        }
        throw failure("the closing quote of a string")
    }

    /// Reads an escape, backslash first.
    private mutating func escape() throws(SafetensorsError) -> Unicode.Scalar {
        position += 1
        guard position < bytes.count else { throw failure("an escaped character") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default:
            position -= 1
            throw failure("one of the escapes of JSON")
        }
        var code = UInt32(try fourHexDigits())
        if (0xD800..<0xDC00).contains(code) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure("the second half of a surrogate pair") }
            position += 2
            let low = UInt32(try fourHexDigits())
            guard (0xDC00..<0xE000).contains(low) else {
                throw failure("the second half of a surrogate pair")
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("no lone half of a surrogate pair") }
        return scalar
    }

    private mutating func fourHexDigits() throws(SafetensorsError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue,
                bytes[position] < 0x80
            else { throw failure("four hexadecimal digits") }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
