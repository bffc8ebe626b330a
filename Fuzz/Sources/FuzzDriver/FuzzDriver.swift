// SPDX-License-Identifier: MIT

/// What a harness does with the bytes that libFuzzer gives it; 0 in any case.
public typealias FuzzTest = @convention(c) (UnsafePointer<UInt8>, Int) -> Int32

/// Lets libFuzzer run a harness, with the arguments of the program: the body of each harness's `NAME_main`, which SwiftPM makes
/// its `main`.
public func fuzz(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, _ test: FuzzTest
) -> Int32 {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments, test)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: FuzzTest
) -> Int32
