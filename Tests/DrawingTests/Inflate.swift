// SPDX-License-Identifier: MIT

/// Reads what is compressed in pictures, by the text of RFC 1951 and of GIF89a: slowly, and with nothing of the writer's.
struct BitReader {
    let bytes: [UInt8]
    var place = 0

    mutating func take(_ count: Int) -> Int {
        var value = 0
        for bit in 0..<count {
            guard place / 8 < bytes.count else { return value }
            value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << bit
            place += 1
        }
        return value
    }
}

/// The bytes of a zlib stream whose blocks have codes of their own; nil where it is damaged.
func inflated(_ stream: [UInt8]) -> [UInt8]? {
    guard stream.count > 6, (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 else { return nil }
    var bits = BitReader(bytes: Array(stream[2..<stream.count - 4]))
    var (result, isLast) = ([UInt8](), false)
    while !isLast {
        isLast = bits.take(1) == 1
        guard bits.take(2) == 2, block(&bits, &result) else { return nil }
    }
    var (first, second) = (1, 0)
    for byte in result {
        first = (first + Int(byte)) % 65521
        second = (second + first) % 65521
    }
    let sum = stream.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    return sum == second << 16 | first ? result : nil
}

private func block(_ bits: inout BitReader, _ result: inout [UInt8]) -> Bool {
    let (symbols, distances, codes) = (bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4)
    var lengths = Array(repeating: 0, count: 19)
    for place in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(codes) {
        lengths[place] = bits.take(3)
    }
    let code = PrefixCode(lengths)
    var all: [Int] = []
    while all.count < symbols + distances {
        guard let symbol = code.read(&bits) else { return false }
        switch symbol {
        case 16: all += Array(repeating: all.last ?? 0, count: bits.take(2) + 3)
        case 17: all += Array(repeating: 0, count: bits.take(3) + 3)
        case 18: all += Array(repeating: 0, count: bits.take(7) + 11)
        default: all.append(symbol)
        }
    }
    let (literals, ways) = (PrefixCode(Array(all[..<symbols])), PrefixCode(Array(all[symbols...])))
    while let symbol = literals.read(&bits) {
        if symbol == 256 { return true }
        if symbol < 256 {
            result.append(UInt8(symbol))
            continue
        }
        // Lengths: eight of one each, then fours with one more bit each; 285 is 258.
        let (group, rest) = ((symbol - 261) / 4, (symbol - 257) % 4)
        let length =
            symbol == 285
            ? 258 : symbol < 265 ? symbol - 254 : 3 + (4 + rest) << group + bits.take(group)
        guard let way = ways.read(&bits) else { return false }
        let extra = max(0, way / 2 - 1)
        let distance = way < 4 ? way + 1 : 1 + (2 + way % 2) << extra + bits.take(extra)
        guard distance <= result.count else { return false }
        for _ in 0..<length { result.append(result[result.count - distance]) }
    }
    return false
}

/// A code by the lengths of its words, shorter ones first.
private struct PrefixCode {
    private var symbols: [Int: Int] = [:]

    init(_ lengths: [Int]) {
        var (code, last) = (0, 0)
        for length in 1...15 {
            for (symbol, own) in lengths.enumerated() where own == length {
                code <<= length - last
                last = length
                symbols[length << 16 | code] = symbol
                code += 1
            }
        }
    }

    func read(_ bits: inout BitReader) -> Int? {
        var code = 0
        for length in 1...15 {
            code = code << 1 | bits.take(1)
            if let symbol = symbols[length << 16 | code] { return symbol }
        }
        return nil
    }
}

/// The numbers that GIF's codes of at first `size` + 1 bits stand for.
func unpacked(_ codes: [UInt8], size: Int) -> [UInt8] {
    var bits = BitReader(bytes: codes)
    let (clear, end) = (1 << size, 1 << size + 1)
    var (entries, length, last, result) = ([[UInt8]](), size + 1, [UInt8](), [UInt8]())
    while bits.place < 8 * codes.count {
        let code = bits.take(length)
        if code == end { return result }
        if code == clear {
            (entries, length, last) = ((0..<clear).map { [UInt8($0)] } + [[], []], size + 1, [])
            continue
        }
        let entry = code < entries.count ? entries[code] : last + last.prefix(1)
        result += entry
        if !last.isEmpty, entries.count < 4096 { entries.append(last + entry.prefix(1)) }
        if entries.count == 1 << length, length < 12 { length += 1 }
        last = entry
    }
    return result
}
