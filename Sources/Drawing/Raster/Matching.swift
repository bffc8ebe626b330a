// SPDX-License-Identifier: MIT

/// Finds what repeats in bytes, within deflate's bounds: 3 to 258 bytes that stood at most 32,768 before.
struct Matching {
    private(set) var tokens: [Deflate.Token] = []
    /// Where three bytes of this hash stood last, and for each place the one before of the same hash; -1 for none.
    private var heads = Array(repeating: -1, count: 1 << 15)
    private var earlier: [Int]
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        earlier = Array(repeating: -1, count: bytes.count)
        var place = 0
        while place < bytes.count {
            let found = longest(at: place)
            enter(place)
            // Where the next byte begins something longer, this one goes alone.
            if found.length < 3 || found.length < 32 && longest(at: place + 1).length > found.length {
                tokens.append(.byte(bytes[place]))
                place += 1
                continue
            }
            tokens.append(.copy(length: found.length, distance: found.distance))
            for inside in place + 1..<place + found.length { enter(inside) }
            place += found.length
        }
    }

    private func hash(_ place: Int) -> Int {
        (Int(bytes[place]) << 10 ^ Int(bytes[place + 1]) << 5 ^ Int(bytes[place + 2])) & 0x7FFF
    }

    private mutating func enter(_ place: Int) {
        guard place + 3 <= bytes.count else { return }
        let hash = hash(place)
        earlier[place] = heads[hash]
        heads[hash] = place
    }

    private func longest(at place: Int) -> (length: Int, distance: Int) {
        var best = (length: 0, distance: 0)
        guard place + 3 <= bytes.count else { return best }
        let most = min(258, bytes.count - place)
        var candidate = heads[hash(place)]
        for _ in 0..<48 {
            guard candidate >= 0, place - candidate <= 32768, best.length < most else { break }
            if bytes[candidate + best.length] == bytes[place + best.length] {
                var length = 0
                while length < most, bytes[candidate + length] == bytes[place + length] { length += 1 }
                if length > best.length { best = (length, place - candidate) }
            }
            candidate = earlier[candidate]
        }
        return best.length < 3 ? (0, 0) : best
    }
}
