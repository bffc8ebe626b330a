// SPDX-License-Identifier: MIT

/// Compresses bytes as zlib's format has it (RFC 1950 and 1951).
///
/// Our own, so that a picture has the same bytes whatever library a system brings: those differ from version to version.
enum Deflate {
    /// Bytes, compressed.
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.add(0x78, 8)
        bits.add(0xDA, 8)
        let tokens = Matching(bytes).tokens
        let size = 1 << 15
        for start in stride(from: 0, to: max(tokens.count, 1), by: size) {
            let end = min(start + size, tokens.count)
            bits.add(end == tokens.count ? 1 : 0, 1)
            writeBlock(tokens[start..<end], to: &bits)
        }
        bits.finish()
        var result = bits.bytes
        result.addHighFirst(adler32(bytes))
        return result
    }

    /// A byte, or a repetition of what was there `distance` bytes before.
    enum Token {
        case byte(UInt8)
        case copy(length: Int, distance: Int)
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195,
        227, 258,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097, 6145, 8193, 12289, 16385, 24577,
    ]
    /// The number of the base for each length up to 258, and for each distance up to 32,768.
    private static let lengthNumbers = numbers(lengthBases, upTo: 258)
    private static let distanceNumbers = numbers(distanceBases, upTo: 32768)

    private static func numbers(_ bases: [Int], upTo last: Int) -> [Int] {
        var number = 0
        return (0...last).map { value in
            if number + 1 < bases.count, value >= bases[number + 1] { number += 1 }
            return number
        }
    }

    private static func extraBits(ofLength number: Int) -> Int {
        number < 8 || number == 28 ? 0 : number / 4 - 1
    }
    private static func extraBits(ofDistance number: Int) -> Int { max(0, number / 2 - 1) }

    /// Writes a block with codes of its own.
    private static func writeBlock(_ tokens: ArraySlice<Token>, to bits: inout BitWriter) {
        var (symbols, distances) = (Array(repeating: 0, count: 286), Array(repeating: 0, count: 30))
        symbols[256] = 1
        for token in tokens {
            switch token {
            case .byte(let byte): symbols[Int(byte)] += 1
            case .copy(let length, let distance):
                symbols[257 + lengthNumbers[length]] += 1
                distances[distanceNumbers[distance]] += 1
            }
        }
        let symbolCode = HuffmanCode(counts: symbols, longest: 15)
        let distanceCode = HuffmanCode(counts: distances, longest: 15)
        bits.add(2, 2)
        writeLengths(symbolCode.lengths, distanceCode.lengths, to: &bits)
        for token in tokens {
            switch token {
            case .byte(let byte): symbolCode.write(Int(byte), to: &bits)
            case .copy(let length, let distance):
                let (first, second) = (lengthNumbers[length], distanceNumbers[distance])
                symbolCode.write(257 + first, to: &bits)
                bits.add(length - lengthBases[first], extraBits(ofLength: first))
                distanceCode.write(second, to: &bits)
                bits.add(distance - distanceBases[second], extraBits(ofDistance: second))
            }
        }
        symbolCode.write(256, to: &bits)
    }

    /// Writes the lengths of both codes, which are themselves coded; runs of zeros are written as such.
    private static func writeLengths(_ symbols: [Int], _ distances: [Int], to bits: inout BitWriter) {
        var parts: [(symbol: Int, extra: Int, bits: Int)] = []
        let all = symbols + distances
        var place = 0
        while place < all.count {
            let run = all[place...].prefix { $0 == 0 }.count
            switch run {
            case 0: parts.append((all[place], 0, 0))
            case 1...2: parts.append((0, 0, 0))
            case 3...10: parts.append((17, run - 3, 3))
            default: parts.append((18, min(run, 138) - 11, 7))
            }
            place += run < 3 ? 1 : min(run, 138)
        }
        var counts = Array(repeating: 0, count: 19)
        for part in parts { counts[part.symbol] += 1 }
        let code = HuffmanCode(counts: counts, longest: 7)
        bits.add(symbols.count - 257, 5)
        bits.add(distances.count - 1, 5)
        bits.add(15, 4)
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] {
            bits.add(code.lengths[symbol], 3)
        }
        for part in parts {
            code.write(part.symbol, to: &bits)
            bits.add(part.extra, part.bits)
        }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (first, second): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            first = (first + UInt32(byte)) % 65521
            second = (second + first) % 65521
        }
        return second << 16 | first
    }
}
