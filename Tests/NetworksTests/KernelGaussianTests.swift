// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import Testing

/// A batch of squashed Gaussians, and the twin of its kernels in double precision.
private struct Gaussian {
    static let low: Float = -20
    static let high: Float = 2
    let batch: Int, actions: Int
    let head: KernelBuffer, noise: KernelBuffer

    /// Means in -2..2; log sigmas around and beyond both bounds, never within 0.01 of one.
    init(batch: Int, actions: Int, seed: UInt64) {
        var numbers = KernelNumbers(state: seed)
        self.batch = batch
        self.actions = actions
        var values: [Float] = []
        let ranges: [ClosedRange<Float>] = [
            -25 ... -20.01, -19.99 ... -15, -3...1, -3...1, 0...1.99, 2.01...4,
        ]
        for _ in 0..<batch {
            values += numbers.values(actions, in: -2...2)
            values += (0..<actions).map { _ in
                Float.random(in: ranges.randomElement(using: &numbers) ?? -1...1, using: &numbers)
            }
        }
        head = KernelBuffer(values)
        noise = KernelBuffer(numbers.values(batch * actions, in: -2.5...2.5))
    }

    func forward() -> (action: KernelBuffer, logProbability: KernelBuffer) {
        let result = (KernelBuffer(unset: batch * actions), KernelBuffer(unset: batch))
        unsafe kern_squashed_gaussian_forward(
            head.pointer, noise.pointer, result.0.pointer, result.1.pointer, Int32(batch), Int32(actions),
            Self.low,
            Self.high)
        return result
    }

    func backward(action: KernelBuffer, daction: KernelBuffer, rows: KernelBuffer?, all: Float)
        -> KernelBuffer
    {
        let dhead = KernelBuffer(unset: head.count)
        unsafe kern_squashed_gaussian_backward(
            head.pointer, noise.pointer, action.pointer, daction.pointer, rows?.pointer, all, dhead.pointer,
            Int32(batch), Int32(actions), Self.low, Self.high)
        return dhead
    }

    /// Action and its share of the log probability; log(1 - tanh²) by its definition through cosh.
    static func exact(mean: Double, logSigma: Double, noise: Double) -> (
        action: Double, logProbability: Double
    ) {
        let clamped = min(max(logSigma, Double(low)), Double(high))
        let u = mean + exp(clamped) * noise
        let logCosh = abs(u) + log1p(exp(-2 * abs(u))) - log(2.0)
        return (tanh(u), -noise * noise / 2 - clamped - log(2 * Double.pi) / 2 + 2 * logCosh)
    }

    func exact(row: Int, action: Int, meanBy dm: Double = 0, logSigmaBy ds: Double = 0) -> (
        action: Double, logProbability: Double
    ) {
        let values = unsafe UnsafeBufferPointer(start: head.pointer + row * 2 * actions, count: 2 * actions)
        return Self.exact(
            mean: unsafe Double(values[action]) + dm, logSigma: unsafe Double(values[actions + action]) + ds,
            noise: unsafe Double(noise.pointer[row * actions + action]))
    }
}

struct KernelGaussianTests {
    private static let shapes = [
        (1, 1), (1, 3), (2, 1), (7, 2), (5, 6), (33, 3), (64, 1), (65, 1), (3, 70), (40, 17),
    ]

    @Test(arguments: kern_isa.available)
    func `actions and log probabilities follow their definition`(isa: kern_isa) {
        for (batch, actions) in Self.shapes {
            let gaussian = Gaussian(batch: batch, actions: actions, seed: UInt64(batch))
            let result = isa.run { gaussian.forward() }
            for row in 0..<batch {
                var total = 0.0
                var size = 0.0
                for i in 0..<actions {
                    let exact = gaussian.exact(row: row, action: i)
                    total += exact.logProbability
                    size += abs(exact.logProbability)
                    #expect(abs(Double(result.action.values[row * actions + i]) - exact.action) < 2e-6)
                }
                #expect(abs(Double(result.logProbability.values[row]) - total) < 3e-6 * (size + 1))
            }
            #expect(result.action.isIntact && result.logProbability.isIntact)
        }
    }

    @Test(arguments: kern_isa.available)
    func `the log probability stays finite and exact where tanh saturates`(isa: kern_isa) {
        for mean in [Float(12), -12, 50, -50, 1000] {
            let (head, noise) = (KernelBuffer([mean, -1]), KernelBuffer([0.5]))
            let action = KernelBuffer(unset: 1)
            let logProbability = KernelBuffer(unset: 1)
            isa.run {
                unsafe kern_squashed_gaussian_forward(
                    head.pointer, noise.pointer, action.pointer, logProbability.pointer, 1, 1, -20, 2)
            }
            let exact = Gaussian.exact(mean: Double(mean), logSigma: -1, noise: 0.5)
            #expect(action.values == [mean > 0 ? 1 : -1])
            #expect(abs(Double(logProbability.values[0]) / exact.logProbability - 1) < 1e-6)
        }
    }

    @Test(arguments: kern_isa.available)
    func `the gradient agrees with central differences in double precision`(isa: kern_isa) {
        for (batch, actions) in Self.shapes {
            let gaussian = Gaussian(batch: batch, actions: actions, seed: UInt64(actions))
            var numbers = KernelNumbers(state: 8)
            let daction = KernelBuffer(numbers.values(batch * actions))
            let rows = KernelBuffer(numbers.values(batch))
            let dhead = isa.run {
                gaussian.backward(action: gaussian.forward().action, daction: daction, rows: rows, all: .nan)
            }
            for row in 0..<batch {
                for i in 0..<actions {
                    func loss(_ dm: Double, _ ds: Double) -> Double {
                        let exact = gaussian.exact(row: row, action: i, meanBy: dm, logSigmaBy: ds)
                        return Double(daction.values[row * actions + i]) * exact.action
                            + Double(rows.values[row]) * exact.logProbability
                    }
                    let h = 1e-5
                    let mean = (loss(h, 0) - loss(-h, 0)) / (2 * h)
                    let logSigma = (loss(0, h) - loss(0, -h)) / (2 * h)
                    let at = row * 2 * actions + i
                    #expect(abs(Double(dhead.values[at]) - mean) < 1e-5)
                    let bound = 1e-5 * (1 + abs(logSigma))
                    #expect(abs(Double(dhead.values[at + actions]) - logSigma) < bound)
                }
            }
            #expect(dhead.isIntact)
        }
    }

    @Test(arguments: kern_isa.available)
    func `log sigma has no gradient outside of its bounds, and has one on them`(isa: kern_isa) {
        let logSigmas: [Float] = [-20.001, -20, -5, 2, 2.001]
        let head = KernelBuffer(logSigmas.flatMap { [0.1, $0] })
        let dhead = KernelBuffer(unset: 10)
        let ones = KernelBuffer([Float](repeating: 0.5, count: 5))
        isa.run {
            unsafe kern_squashed_gaussian_backward(
                head.pointer, ones.pointer, ones.pointer, ones.pointer, nil, 1, dhead.pointer, 5, 1, -20, 2)
        }
        let gradient = (0..<5).map { dhead.values[2 * $0 + 1] }
        #expect(gradient.map { $0 != 0 } == [false, true, true, true, false])
    }

    @Test(arguments: kern_isa.available)
    func `one gradient for all rows is the same as that gradient in each row`(isa: kern_isa) {
        let gaussian = Gaussian(batch: 23, actions: 3, seed: 4)
        var numbers = KernelNumbers(state: 6)
        let daction = KernelBuffer(numbers.values(69))
        isa.run {
            let action = gaussian.forward().action
            let rows = KernelBuffer([Float](repeating: 0.25, count: 23))
            let each = gaussian.backward(action: action, daction: daction, rows: rows, all: 7)
            let one = gaussian.backward(action: action, daction: daction, rows: nil, all: 0.25)
            #expect(each.bits == one.bits)
        }
    }

    @Test(arguments: kern_isa.available)
    func `a row without NaN is not touched by one with NaN`(isa: kern_isa) {
        let gaussian = Gaussian(batch: 5, actions: 3, seed: 4)
        let clean = isa.run { gaussian.forward() }
        unsafe gaussian.head.pointer[2 * 6 + 4] = .nan
        let result = isa.run { gaussian.forward() }
        for row in 0..<5 {
            #expect(result.logProbability.values[row].isNaN == (row == 2))
            if row != 2 { #expect(result.logProbability.bits[row] == clean.logProbability.bits[row]) }
        }
        #expect(result.action.values.map(\.isNaN).enumerated().filter(\.element).map(\.offset) == [7])
    }
}
