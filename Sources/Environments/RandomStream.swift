// SPDX-License-Identifier: MIT

internal import CLibrary

/// A stream of random numbers with a name: one seed feeds many independent ones.
///
/// The generator is xoshiro256++ 1.0 (Blackman & Vigna, 2019), its 256 bits of state filled by SplitMix64 from the
/// seed and the FNV-1a hash of the name. The same seed and name give the same numbers on every machine, except
/// `normal`, which uses the machine's `log`, `sin` and `cos`.
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable, Codable {
    /// What a stream is for; the raw value is the name that is mixed into the seed.
    public enum Purpose: String, Sendable, CaseIterable {
        case initialisation, environment, exploration, replay, update, evaluation
    }

    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64
    /// The second number of the pair that Box-Muller makes, kept for the next call.
    private var spareNormal: Double?

    /// The stream of `seed` with any name; `index` tells streams of the same purpose apart.
    public init(seed: UInt64, name: String, index: UInt64 = 0) {
        var mixer = SplitMix64(state: seed)
        mixer.state = mixer.next() ^ UInt64(hashing: Array(name.utf8)[...])
        mixer.state = mixer.next() ^ index
        s0 = mixer.next()
        s1 = mixer.next()
        s2 = mixer.next()
        s3 = mixer.next()
    }

    /// The stream of `seed` for one of the purposes of a run.
    public init(seed: UInt64, _ purpose: Purpose, index: UInt64 = 0) {
        self.init(seed: seed, name: purpose.rawValue, index: index)
    }

    /// The whole state: six words, of which the last two are the spare normal number and whether there is one.
    public var stateWords: [UInt64] {
        [s0, s1, s2, s3, spareNormal?.bitPattern ?? 0, spareNormal == nil ? 0 : 1]
    }

    /// The stream that had this state; nil where it is no state of a stream.
    public init?(stateWords words: [UInt64]) {
        guard words.count == 6, words[0] | words[1] | words[2] | words[3] != 0, words[5] <= 1 else {
            return nil
        }
        let spare = Double(bitPattern: words[4])
        guard spare.isFinite else { return nil }
        (s0, s1, s2, s3) = (words[0], words[1], words[2], words[3])
        spareNormal = words[5] == 1 ? spare : nil
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let sum = s0 &+ s3
        let result = ((sum &<< 23) | (sum &>> 41)) &+ s0
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 &<< 45) | (s3 &>> 19)
        return result
    }

    /// A number uniform in [0, 1), a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// A number uniform in [low, high).
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * uniform()
    }

    /// A number in 0..<bound, each as likely as the other (Lemire 2019, with rejection).
    ///
    /// - Precondition: `bound` is positive.
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "a random index needs a positive bound, not \(bound)")
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold {
                product = next().multipliedFullWidth(by: range)
            }
        }
        return Int(product.high)
    }

    /// A number of the standard normal distribution (Box-Muller).
    public mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        // 1 - uniform() lies in (0, 1], so that the logarithm is finite.
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spareNormal = radius * sin(angle)
        return radius * cos(angle)
    }
}

extension UInt64 {
    /// The FNV-1a hash of bytes: a number that a changed byte changes.
    package init(hashing bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014): spreads a seed over many bits.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z &>> 31)
    }
}
