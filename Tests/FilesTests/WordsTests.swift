// SPDX-License-Identifier: MIT

import Files
import Testing

struct WordsTests {
    @Test func `words have their low byte first and read back`() {
        let words: [UInt32] = [1, 0x0102_0304, .max]
        let bytes = [UInt8](littleEndian: words)
        #expect(bytes == [1, 0, 0, 0, 4, 3, 2, 1, 255, 255, 255, 255])
        #expect([UInt32](littleEndianBytes: bytes) == words)
        #expect([UInt64](littleEndianBytes: bytes[4...]) == [0xffff_ffff_0102_0304])
    }

    @Test func `a word that is cut off is left out`() {
        #expect([UInt64](littleEndianBytes: [1, 2, 3, 4, 5, 6, 7]) == [])
        #expect([UInt32](littleEndianBytes: [1, 0, 0, 0, 5, 6, 7]) == [1])
    }
}
