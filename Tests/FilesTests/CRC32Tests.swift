// SPDX-License-Identifier: MIT

import Files
import Testing

/// Claims about the checksum.
struct CRC32Tests {
    @Test func `it gives the published check value`() {
        #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.checksum(of: []) == 0)
    }

    @Test func `pieces, whole and joined checksums agree with bit by bit`() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
        for count in 0...100 {
            var register: UInt32 = .max
            for byte in bytes[..<count] {
                for bit in 0..<8 {
                    let low = (register ^ UInt32(byte) >> UInt32(bit)) & 1
                    register = register >> 1 ^ (low == 1 ? 0xEDB8_8320 : 0)
                }
            }
            #expect(CRC32.checksum(of: Array(bytes[..<count])) == ~register)
            for cut in stride(from: 0, through: count, by: 7) {
                var joined = CRC32()
                joined.append(checksum: CRC32.checksum(of: Array(bytes[..<cut])), byteCount: cut)
                joined.append(checksum: CRC32.checksum(of: Array(bytes[cut..<count])), byteCount: count - cut)
                #expect(joined.value == ~register)
            }
        }
    }
}
