// SPDX-License-Identifier: MIT

internal import CKernels

/// What the arithmetic of this machine can do.
public enum CoreSpeed {
    /// The instruction set of the kernels: `avx512`, `avx2`, `sse2`, `neon` or `portable`.
    public static var instructionSet: String {
        unsafe String(cString: kern_isa_name(kern_isa_current()))
    }

    /// Checks that the environment variable SINEW_ISA, where it is set, names one that this machine has.
    public static var isRequestValid: Bool { kern_isa_request_is_valid() }

    /// The names of those that this machine has.
    public static var instructionSets: [String] {
        (0..<5).compactMap { kern_isa(rawValue: $0) }.filter { kern_isa_is_available($0) }
            .map { unsafe String(cString: kern_isa_name($0)) }
    }

    /// Does multiply-adds in registers alone, and returns how many floating-point operations that were.
    ///
    /// Divided by the time, it is the peak of a core; no kernel is faster.
    public static func multiplyAdd(rounds: Int) -> Int {
        Int(kern_fma_peak(Int64(rounds)))
    }

    /// Does `body` once with each instruction set that this machine has, by its name, on the calling thread alone: for tests.
    package static func withEachInstructionSet<Result>(
        _ body: (String) throws -> Result
    ) rethrows -> [Result] {
        let known = (0..<5).compactMap { kern_isa(rawValue: $0) }
        return try known.filter { kern_isa_is_available($0) }.map { isa in
            _ = kern_isa_select(isa)
            defer { kern_isa_deselect() }
            return try body(instructionSet)
        }
    }
}
