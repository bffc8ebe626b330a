// SPDX-License-Identifier: MIT

import CKernels
import Testing

/// Parameters, moments and target, in single precision for the kernels and in double for their twin.
private struct Optimizer {
    private static let (beta1, beta2, rate, epsilon) = (0.9, 0.999, 0.01, 1e-8)
    let tau = 0.05
    let p: KernelBuffer, m: KernelBuffer, v: KernelBuffer, target: KernelBuffer
    private(set) var exact: [(p: Double, m: Double, v: Double, target: Double)]

    init(count: Int, numbers: inout KernelNumbers) {
        p = KernelBuffer(numbers.values(count))
        target = KernelBuffer(numbers.values(count))
        m = KernelBuffer([Float](repeating: 0, count: count))
        v = KernelBuffer([Float](repeating: 0, count: count))
        exact = zip(p.values, target.values).map { (Double($0), 0, 0, Double($1)) }
    }

    private func step(_ t: Int) -> kern_adam_step {
        func correction(_ beta: Double) -> Float {
            Float(1 - (0..<t).reduce(1) { product, _ in product * beta })
        }
        return kern_adam_step(
            rate: Float(Self.rate), beta1: Float(Self.beta1), beta2: Float(Self.beta2),
            epsilon: Float(Self.epsilon), correction1: correction(Self.beta1),
            correction2: correction(Self.beta2))
    }

    func adam(_ t: Int, gradient: KernelBuffer) {
        unsafe kern_adam(p.pointer, gradient.pointer, m.pointer, v.pointer, Int64(p.count), step(t))
    }

    func polyak() {
        unsafe kern_polyak(target.pointer, p.pointer, Int64(p.count), Float(tau))
    }

    func adamAndPolyak(_ t: Int, gradient: KernelBuffer) {
        unsafe kern_adam_polyak(
            p.pointer, gradient.pointer, m.pointer, v.pointer, target.pointer, Int64(p.count), step(t),
            Float(tau))
    }

    /// Algorithm 1 of Kingma & Ba 2015, and the averaging.
    mutating func advanceExact(_ t: Int, gradient: [Float]) {
        let (one, two) = (1 - Self.power(Self.beta1, t), 1 - Self.power(Self.beta2, t))
        for i in exact.indices {
            let g = Double(gradient[i])
            exact[i].m = Self.beta1 * exact[i].m + (1 - Self.beta1) * g
            exact[i].v = Self.beta2 * exact[i].v + (1 - Self.beta2) * g * g
            exact[i].p -= Self.rate * (exact[i].m / one) / ((exact[i].v / two).squareRoot() + Self.epsilon)
            exact[i].target = (1 - tau) * exact[i].target + tau * exact[i].p
        }
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }

    /// The largest difference from the twin; the moments relative to their size.
    var error: Double {
        let differences = exact.indices.flatMap { i in
            [
                abs(Double(p.values[i]) - exact[i].p), abs(Double(target.values[i]) - exact[i].target),
                abs(Double(m.values[i]) - exact[i].m), abs(Double(v.values[i]) / exact[i].v - 1) * 0.01,
            ]
        }
        return differences.max() ?? .infinity
    }

    var bits: [[UInt32]] { [p.bits, m.bits, v.bits, target.bits] }
    var isIntact: Bool { p.isIntact && m.isIntact && v.isIntact && target.isIntact }
}

struct KernelOptimizerTests {
    @Test(arguments: kern_isa.available)
    func `Adam and Polyak follow their equations over ten steps`(isa: kern_isa) {
        for count in [1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 100] {
            var numbers = KernelNumbers(state: UInt64(count))
            var optimizer = Optimizer(count: count, numbers: &numbers)
            for t in 1...10 {
                let gradient = KernelBuffer(numbers.values(count))
                isa.run { optimizer.adamAndPolyak(t, gradient: gradient) }
                optimizer.advanceExact(t, gradient: gradient.values)
            }
            #expect(optimizer.error < 2e-6, "\(count) parameters")
            #expect(optimizer.isIntact)
        }
    }

    @Test(arguments: kern_isa.available)
    func `one pass has the bits of Adam followed by Polyak`(isa: kern_isa) {
        for count in 1...40 {
            var numbers = KernelNumbers(state: 9)
            let together = Optimizer(count: count, numbers: &numbers)
            numbers = KernelNumbers(state: 9)
            let apart = Optimizer(count: count, numbers: &numbers)
            let gradient = KernelBuffer(numbers.values(count))
            isa.run {
                together.adamAndPolyak(1, gradient: gradient)
                apart.adam(1, gradient: gradient)
                apart.polyak()
            }
            #expect(together.bits == apart.bits)
        }
    }

    @Test(arguments: kern_isa.available)
    func `a zero gradient from the start changes nothing`(isa: kern_isa) {
        var numbers = KernelNumbers(state: 2)
        let optimizer = Optimizer(count: 21, numbers: &numbers)
        let before = optimizer.bits
        isa.run { optimizer.adam(1, gradient: KernelBuffer([Float](repeating: 0, count: 21))) }
        #expect(optimizer.bits == before)
    }

    @Test(arguments: kern_isa.available)
    func `Polyak reaches the online parameters with rate one and stays with rate zero`(isa: kern_isa) {
        let online: [Float] = [1, -2, 4, 8, 0.5, 3, -7, 9, 11]
        for (tau, expected) in [(Float(0), [Float](repeating: 2, count: 9)), (1, online)] {
            let source = KernelBuffer(online)
            let target = KernelBuffer([Float](repeating: 2, count: 9))
            isa.run { unsafe kern_polyak(target.pointer, source.pointer, 9, tau) }
            #expect(target.values == expected)
        }
    }
}
