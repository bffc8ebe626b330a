// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import Testing

/// A repeatable source of numbers for the kernel tests (SplitMix64).
struct KernelNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func values(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// Floats that end where an unreadable page begins, with marked floats before them: a kernel that reads or writes
/// past the end crashes the test, one that writes before the start is seen by `isIntact`.
@safe final class KernelBuffer {
    private static let marks = 37
    private let base: UnsafeMutableRawPointer
    private let length: Int
    private let marked: UnsafeMutablePointer<Float>
    let count: Int

    init(_ values: [Float]) {
        let page = Int(getpagesize())
        let bytes = (values.count + Self.marks) * MemoryLayout<Float>.stride
        let readable = (bytes + page - 1) / page * page
        count = values.count
        length = readable + page
        guard
            let memory = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
            unsafe memory != MAP_FAILED, unsafe mprotect(memory + readable, page, PROT_NONE) == 0
        else { preconditionFailure("no memory for a test buffer") }
        unsafe base = memory
        unsafe marked = (memory + readable - bytes).assumingMemoryBound(to: Float.self)
        for i in 0..<Self.marks { unsafe marked[i] = 12345 }
        for (i, value) in values.enumerated() { unsafe marked[Self.marks + i] = value }
    }

    /// Values that a kernel must overwrite.
    convenience init(unset count: Int) {
        self.init([Float](repeating: .nan, count: count))
    }

    deinit { unsafe munmap(base, length) }

    var pointer: UnsafeMutablePointer<Float> { unsafe marked + Self.marks }
    var values: [Float] { unsafe Array(UnsafeBufferPointer(start: pointer, count: count)) }
    var bits: [UInt32] { values.map(\.bitPattern) }
    var isIntact: Bool { (0..<Self.marks).allSatisfy { unsafe marked[$0] == 12345 } }
}

extension kern_isa {
    var name: String { unsafe String(cString: kern_isa_name(self)) }

    static let known: [kern_isa] = (0..<5).compactMap { kern_isa(rawValue: $0) }
    /// The instruction sets that this machine runs.
    static let available = known.filter { kern_isa_is_available($0) }
    /// Those whose rows do not depend on the batch.
    static let vectorised = available.filter { $0.rawValue != 0 }

    /// Runs `body` with this instruction set on the calling thread.
    func run<Result>(_ body: () -> Result) -> Result {
        let isSelected = kern_isa_select(self)
        precondition(isSelected, "not on this machine")
        defer { kern_isa_deselect() }
        return body()
    }
}

struct KernelBufferTests {
    @Test func `a write before the start of a test buffer is seen`() {
        let buffer = KernelBuffer([1, 2, 3])
        #expect(buffer.isIntact)
        unsafe buffer.pointer[-1] = 0
        #expect(!buffer.isIntact)
        #expect(buffer.values == [1, 2, 3])
    }

    @Test func `an instruction set is chosen for a thread and unavailable ones are refused`() {
        #expect(kern_isa.known.count == 5)
        #expect(kern_isa.available.contains(kern_isa_current()))
        for isa in kern_isa.known {
            if kern_isa_is_available(isa) {
                #expect(isa.run { kern_isa_current() } == isa)
            } else {
                let before = kern_isa_current()
                #expect(!kern_isa_select(isa))
                #expect(kern_isa_current() == before)
            }
        }
        #if arch(x86_64)
            #expect(kern_isa.available.map(\.name).starts(with: ["portable", "sse2"]))
        #elseif arch(arm64)
            #expect(kern_isa.available.map(\.name) == ["portable", "neon"])
        #endif
    }
}
