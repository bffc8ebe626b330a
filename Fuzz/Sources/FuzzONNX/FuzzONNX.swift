// SPDX-License-Identifier: MIT

import Export
import FuzzDriver
import Policies

/// Reads `bytes` as an ONNX model as they are, and with the checksum that they need, so that the fuzzer gets behind it.
///
/// What is accepted must act, and must be what would be written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzONNX(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? ONNXModel(bytes: bytes, file: "fuzz")
    guard count >= 8 else { return 0 }
    let body = Array(bytes.dropLast(8))
    let digits = String(crc32(body + Array("00000000".utf8)), radix: 16)
    let signed = body + Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
    guard let model = try? ONNXModel(bytes: signed, file: "fuzz") else { return 0 }
    guard let player = try? NetworkPolicy(model.policy) else {
        fatalError("a policy that was read is refused")
    }
    let observation = [Float](repeating: 1, count: player.observationCount)
    var command = [Float](repeating: 0, count: player.actionCount)
    var span = command.mutableSpan
    try? player.command(for: observation.span, into: &span)
    guard (try? ONNXModel(model.policy, model.options)) != nil else {
        fatalError("it cannot be written again")
    }
    return 0
}

/// The CRC-32 of IEEE 802.3, bit by bit: the fuzzer's own, so that it shares no fault with the reader's.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
}

@_cdecl("FuzzONNX_main")
public func start(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    fuzz(count, arguments, fuzzONNX)
}
