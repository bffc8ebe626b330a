// SPDX-License-Identifier: MIT

internal import Files

/// What an environment around another one adds to the inner one's saved state: words after its bytes.
enum WordsAfterState {
    /// The bytes are no state of such an environment.
    struct Damaged: Error, CustomStringConvertible {
        var description: String { "the saved state is not one of this environment" }
    }

    static func join(_ state: [UInt8], _ words: [UInt64]) -> [UInt8] {
        state + [UInt8](littleEndian: words)
    }

    /// The inner state and the `count` words after it.
    static func split(_ bytes: [UInt8], count: Int) throws(Damaged) -> (state: [UInt8], words: [UInt64]) {
        guard bytes.count >= 8 * count else { throw Damaged() }
        let start = bytes.count - 8 * count
        return (Array(bytes[..<start]), [UInt64](littleEndianBytes: bytes[start...]))
    }
}
