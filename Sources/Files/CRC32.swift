// SPDX-License-Identifier: MIT

/// The CRC-32 of zip and Ethernet (IEEE 802.3, reflected polynomial 0xEDB88320), slicing by eight.
///
/// It finds every change of up to three bits in files of these sizes, and every burst of up to 32 bits.
package struct CRC32: Sendable, Equatable {
    /// The checksum of the bytes so far; 0 for none.
    package private(set) var value: UInt32 = 0

    /// Starts with no bytes.
    package init() {}

    /// The checksum of `bytes`.
    package static func checksum(of bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        unsafe checksum.update(bytes.span.bytes)
        return checksum.value
    }

    /// A checksum as it stands in files: eight lower-case hexadecimal digits.
    package static func digits(of checksum: UInt32) -> [UInt8] {
        let text = String(checksum, radix: 16)
        return Array((String(repeating: "0", count: 8 - text.count) + text).utf8)
    }

    /// Takes `bytes` in, after those before.
    package mutating func update(_ bytes: RawSpan) {
        var register = ~value
        unsafe crcTables.withUnsafeBufferPointer { tables in
            unsafe bytes.withUnsafeBytes { source in
                var i = 0
                while i + 8 <= source.count {
                    let low = unsafe source.loadUnaligned(fromByteOffset: i, as: UInt32.self) ^ register
                    let high = unsafe source.loadUnaligned(fromByteOffset: i + 4, as: UInt32.self)
                    // Eight tables, the farthest byte in the highest one.
                    let first = unsafe tables[1792 + Int(low & 255)] ^ tables[1536 + Int(low >> 8 & 255)]
                    let second = unsafe tables[1280 + Int(low >> 16 & 255)] ^ tables[1024 + Int(low >> 24)]
                    let third = unsafe tables[768 + Int(high & 255)] ^ tables[512 + Int(high >> 8 & 255)]
                    let fourth = unsafe tables[256 + Int(high >> 16 & 255)] ^ tables[Int(high >> 24)]
                    register = first ^ second ^ third ^ fourth
                    i += 8
                }
                while i < source.count {
                    register = unsafe tables[Int((register ^ UInt32(source[i])) & 255)] ^ (register >> 8)
                    i += 1
                }
            }
        }
        value = ~register
    }

    /// Takes in `byteCount` bytes whose own checksum is `checksum`, without seeing them.
    ///
    /// Appending bytes shifts what came before through the polynomial, which is a linear map: it is raised to the
    /// power `8 · byteCount` by squaring.
    package mutating func append(checksum: UInt32, byteCount: Int) {
        var power = BitMatrix.oneBit
        var shifted = value
        var bits = UInt64(byteCount) &* 8
        while bits != 0 {
            if bits & 1 == 1 { shifted = power.times(shifted) }
            power = power.squared()
            bits >>= 1
        }
        value = shifted ^ checksum
    }
}

/// A linear map of 32 bits: column i is the image of bit i.
private struct BitMatrix {
    var columns: [UInt32]

    /// What one zero bit does to a reflected CRC-32 register.
    static let oneBit = BitMatrix(columns: [0xEDB8_8320] + (0..<31).map { 1 << $0 })

    func times(_ bits: UInt32) -> UInt32 {
        var result: UInt32 = 0
        for i in 0..<32 where bits >> UInt32(i) & 1 == 1 {
            result ^= columns[i]
        }
        return result
    }

    func squared() -> BitMatrix {
        BitMatrix(columns: columns.map(times))
    }
}

/// Table k, at 256 k, holds what a byte does to the register k bytes later.
private let crcTables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
        var register = UInt32(byte)
        for _ in 0..<8 {
            register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1
        }
        tables[byte] = register
    }
    for i in 256..<tables.count {
        let before = tables[i - 256]
        tables[i] = before >> 8 ^ tables[Int(before & 255)]
    }
    return tables
}()
