// SPDX-License-Identifier: MIT

import FuzzDriver
import Policies

/// Reads `bytes` as a contract; what is accepted must come back the same from what is written of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzContract(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let text = String(validating: bytes, as: UTF8.self),
        let contract = try? Contract(json: text, file: "fuzz"), let json = try? contract.json()
    else { return 0 }
    guard let again = try? Contract(json: json, file: "fuzz"), again == contract else {
        fatalError("a contract changes when it is written and read")
    }
    return 0
}

@_cdecl("FuzzContract_main")
public func start(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    fuzz(count, arguments, fuzzContract)
}
