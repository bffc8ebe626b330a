// SPDX-License-Identifier: MIT

/// GIF's compression of bytes (Lempel, Ziv and Welch): each run of bytes that was seen before is one code, of 9 bits first and of at most 12.
struct LZW {
    /// The code of each code followed by each byte, where the entry's upper bits have the number of the table.
    private var table = Array(repeating: UInt32(0), count: 4096 * 256)
    private var number: UInt32 = 0

    /// The codes of numbers below 256.
    mutating func code(_ values: [Int]) -> [UInt8] {
        let (clear, end) = (256, 257)
        var bits = BitWriter()
        var (next, length) = (258, 9)
        number += 1
        bits.add(clear, length)
        guard var run = values.first else { return [] }
        for value in values.dropFirst() {
            let entry = run << 8 | value
            if table[entry] >> 12 == number {
                run = Int(table[entry] & 0xFFF)
                continue
            }
            bits.add(run, length)
            run = value
            if next < 4096 {
                table[entry] = number << 12 | UInt32(next)
                // The reader learns an entry one code later.
                if next == 1 << length, length < 12 { length += 1 }
                next += 1
            } else {
                bits.add(clear, length)
                number += 1
                (next, length) = (258, 9)
            }
        }
        bits.add(run, length)
        // The end comes where the reader has learnt one more entry.
        if next == 1 << length, length < 12 { length += 1 }
        bits.add(end, length)
        bits.finish()
        return bits.bytes
    }
}
