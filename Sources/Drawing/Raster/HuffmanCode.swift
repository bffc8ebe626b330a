// SPDX-License-Identifier: MIT

/// A prefix code for symbols that occur so many times, as deflate has it (RFC 1951, 3.2.2).
struct HuffmanCode {
    /// The bits of each symbol's code; 0 for what does not occur.
    let lengths: [Int]
    /// The codes, the first bit lowest.
    private let codes: [Int]

    /// The shortest code for these counts, and where it would be longer than `longest` bits a nearly shortest one.
    init(counts: [Int], longest: Int) {
        var weights = counts
        // A decoder needs two symbols.
        for symbol in weights.indices where weights.count(where: { $0 > 0 }) < 2 {
            weights[symbol] = max(weights[symbol], 1)
        }
        var lengths = Self.lengths(weights)
        while lengths.max() ?? 0 > longest {
            weights = weights.map { $0 > 0 ? $0 / 2 + 1 : 0 }
            lengths = Self.lengths(weights)
        }
        self.lengths = lengths
        codes = Self.codes(lengths, longest)
    }

    /// Writes a symbol.
    func write(_ symbol: Int, to bits: inout BitWriter) { bits.add(codes[symbol], lengths[symbol]) }

    /// How deep each symbol is in the tree that joins the two lightest parts again and again.
    private static func lengths(_ weights: [Int]) -> [Int] {
        // Parts from the heaviest to the lightest; symbols before what is joined of them, so that ties are settled.
        var parts = weights.indices.filter { weights[$0] > 0 }.map { (weight: weights[$0], symbols: [$0]) }
        parts.sort { ($0.weight, $0.symbols[0]) > ($1.weight, $1.symbols[0]) }
        var lengths = weights.map { _ in 0 }
        while parts.count > 1 {
            let (first, second) = (parts.removeLast(), parts.removeLast())
            let joined = (weight: first.weight + second.weight, symbols: first.symbols + second.symbols)
            for symbol in joined.symbols { lengths[symbol] += 1 }
            let place = parts.lastIndex { $0.weight > joined.weight }.map { $0 + 1 } ?? 0
            parts.insert(joined, at: place)
        }
        return lengths
    }

    /// Codes of one length count upwards, after those that are shorter.
    private static func codes(_ lengths: [Int], _ longest: Int) -> [Int] {
        var next = Array(repeating: 0, count: longest + 2)
        for length in 1...longest {
            next[length + 1] = (next[length] + lengths.count { $0 == length }) << 1
        }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            defer { next[length] += 1 }
            return (0..<length).reduce(0) { $0 << 1 | next[length] >> $1 & 1 }
        }
    }
}
