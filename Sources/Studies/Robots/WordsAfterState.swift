// SPDX-License-Identifier: MIT

/// What an environment around another one adds to the inner one's saved state: words after its bytes.
enum WordsAfterState {
    /// The bytes are no state of such an environment.
    struct Damaged: Error, CustomStringConvertible {
        var description: String { "the saved state is not one of this environment" }
    }

    static func join(_ state: [UInt8], _ words: [UInt64]) -> [UInt8] {
        state + words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    /// The inner state and the `count` words after it.
    static func split(_ bytes: [UInt8], count: Int) throws(Damaged) -> (state: [UInt8], words: [UInt64]) {
        guard bytes.count >= 8 * count else { throw Damaged() }
        let start = bytes.count - 8 * count
        let words = (0..<count).map { word in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 8 * word + $1]) << (8 * UInt64($1)) }
        }
        return (Array(bytes[..<start]), words)
    }
}
