// SPDX-License-Identifier: MIT

/// Bits that fill bytes from the lowest bit on, as in GIF and deflate.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var held: UInt64 = 0
    private var count = 0

    /// Adds the lowest `length` bits of a value, at most 32, the lowest first.
    mutating func add(_ value: Int, _ length: Int) {
        held |= UInt64(truncatingIfNeeded: value) << UInt64(count)
        count += length
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    /// Fills the last byte with zeros.
    mutating func finish() {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: held)) }
        (held, count) = (0, 0)
    }
}

extension [UInt8] {
    /// Adds a whole number, the highest byte first.
    mutating func addHighFirst(_ value: UInt32) {
        for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    /// Adds a number of 16 bits, the lowest byte first.
    mutating func addLowFirst(_ value: Int) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }
}
