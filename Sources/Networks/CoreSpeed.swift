// SPDX-License-Identifier: MIT

internal import CKernels

/// What the arithmetic of this machine can do.
public enum CoreSpeed {
    /// The instruction set of the kernels: `avx512`, `avx2`, `sse2`, `neon` or `portable`.
    public static var instructionSet: String {
        unsafe String(cString: kern_isa_name(kern_isa_current()))
    }

    /// Does multiply-adds in registers alone, and returns how many floating-point operations that were.
    ///
    /// Divided by the time, it is the peak of a core; no kernel is faster.
    public static func multiplyAdd(rounds: Int) -> Int {
        Int(kern_fma_peak(Int64(rounds)))
    }
}
