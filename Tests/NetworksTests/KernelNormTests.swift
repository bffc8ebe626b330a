// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import Testing

/// A batch for layer normalisation, and the twin of its kernels in double precision.
private struct Normalisation {
    static let epsilon: Float = 1e-5
    let batch: Int, width: Int
    let x: [Float], gain: KernelBuffer, shift: KernelBuffer

    init(batch: Int, width: Int, seed: UInt64) {
        var numbers = KernelNumbers(state: seed)
        self.batch = batch
        self.width = width
        // Rows of different sizes, away from zero.
        x = (0..<batch).flatMap { row in
            numbers.values(width, in: -1...1).map { 3 + $0 * Float(1 + row % 3) }
        }
        gain = KernelBuffer(numbers.values(width, in: 0.5...2))
        shift = KernelBuffer(numbers.values(width))
    }

    struct Result {
        let normal: KernelBuffer, y: KernelBuffer, inverse: KernelBuffer
        var isIntact: Bool { normal.isIntact && y.isIntact && inverse.isIntact }
    }

    func forward(_ activation: kern_activation, rows: Range<Int>? = nil) -> Result {
        let rows = rows ?? 0..<batch
        let result = Result(
            normal: KernelBuffer(Array(x[rows.lowerBound * width..<rows.upperBound * width])),
            y: KernelBuffer(unset: rows.count * width), inverse: KernelBuffer(unset: rows.count))
        unsafe kern_layer_norm_forward(
            result.normal.pointer, gain.pointer, shift.pointer, result.y.pointer, result.inverse.pointer,
            Int32(rows.count), Int32(width), Self.epsilon, activation)
        return result
    }

    /// The outputs of one row before the activation, by the definition.
    static func exact(_ x: [Double], gain: [Double], shift: [Double]) -> (
        y: [Double], inverse: Double
    ) {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        let inverse = 1 / (variance + Double(epsilon)).squareRoot()
        return (x.indices.map { gain[$0] * (x[$0] - mean) * inverse + shift[$0] }, inverse)
    }

    func row(_ row: Int) -> [Double] { x[row * width..<(row + 1) * width].map(Double.init) }
    var gains: [Double] { gain.values.map(Double.init) }
    var shifts: [Double] { shift.values.map(Double.init) }
}

struct KernelNormTests {
    private static let shapes = [
        (1, 1), (2, 3), (3, 4), (5, 7), (4, 16), (3, 17), (2, 31), (9, 33), (4, 64), (2, 130),
    ]

    @Test(arguments: kern_isa.available)
    func `rows are normalised as defined, with and without ReLU`(isa: kern_isa) {
        for (batch, width) in Self.shapes {
            let test = Normalisation(batch: batch, width: width, seed: UInt64(width))
            for activation in [kern_activation.KERN_ACTIVATION_NONE, .KERN_ACTIVATION_RELU] {
                let result = isa.run { test.forward(activation) }
                for row in 0..<batch {
                    let exact = Normalisation.exact(test.row(row), gain: test.gains, shift: test.shifts)
                    #expect(abs(Double(result.inverse.values[row]) / exact.inverse - 1) < 1e-4)
                    for i in 0..<width {
                        let value = activation == .KERN_ACTIVATION_RELU ? max(0, exact.y[i]) : exact.y[i]
                        #expect(abs(Double(result.y.values[row * width + i]) - value) < 3e-5)
                    }
                }
                #expect(result.isIntact)
            }
        }
    }

    @Test(arguments: kern_isa.available)
    func `gradients are those of finite differences`(isa: kern_isa) {
        for (batch, width) in Self.shapes {
            let test = Normalisation(batch: batch, width: width, seed: 3)
            var numbers = KernelNumbers(state: 4)
            let dy = numbers.values(batch * width)
            let (dx, dgain, dshift) = (
                KernelBuffer(dy), KernelBuffer(unset: width), KernelBuffer(unset: width)
            )
            isa.run {
                let forward = test.forward(.KERN_ACTIVATION_NONE)
                unsafe kern_layer_norm_backward(
                    dx.pointer, forward.normal.pointer, forward.inverse.pointer, test.gain.pointer,
                    dgain.pointer, dshift.pointer, Int32(batch), Int32(width))
            }
            func loss(_ row: Int, _ x: [Double], _ gain: [Double], _ shift: [Double]) -> Double {
                let y = Normalisation.exact(x, gain: gain, shift: shift).y
                return y.indices.reduce(0) { $0 + Double(dy[row * width + $1]) * y[$1] }
            }
            /// How the loss of `row` changes with number `i` of what `change` changes.
            func slope(
                _ row: Int, _ i: Int,
                _ change: (inout [Double], inout [Double], inout [Double], Double) -> Void
            )
                -> Double
            {
                let losses = [1e-5, -1e-5].map { step in
                    var (x, gain, shift) = (test.row(row), test.gains, test.shifts)
                    change(&x, &gain, &shift, step)
                    return loss(row, x, gain, shift)
                }
                return (losses[0] - losses[1]) / 2e-5
            }
            for i in 0..<width {
                var (gainSlope, shiftSlope) = (0.0, 0.0)
                for row in 0..<batch {
                    let exact = slope(row, i) { x, _, _, step in x[i] += step }
                    let value = Double(dx.values[row * width + i])
                    #expect(abs(value - exact) < 2e-4 * max(1, abs(exact)), "dx \(value), \(exact)")
                    gainSlope += slope(row, i) { _, gain, _, step in gain[i] += step }
                    shiftSlope += slope(row, i) { _, _, shift, step in shift[i] += step }
                }
                #expect(abs(Double(dgain.values[i]) - gainSlope) < 1e-4 * max(1, abs(gainSlope)))
                #expect(abs(Double(dshift.values[i]) - shiftSlope) < 1e-4 * max(1, abs(shiftSlope)))
            }
            #expect(dx.isIntact && dgain.isIntact && dshift.isIntact)
        }
    }

    @Test(arguments: kern_isa.available)
    func `without gains' and shifts' gradients the gradient in x has the same bits`(isa: kern_isa) {
        let test = Normalisation(batch: 3, width: 21, seed: 5)
        var numbers = KernelNumbers(state: 6)
        let dy = numbers.values(63)
        let (alone, together) = (KernelBuffer(dy), KernelBuffer(dy))
        let (dgain, dshift) = (KernelBuffer(unset: 21), KernelBuffer(unset: 21))
        isa.run {
            let forward = test.forward(.KERN_ACTIVATION_RELU)
            for (dx, isAlone) in [(alone, true), (together, false)] {
                unsafe kern_layer_norm_backward(
                    dx.pointer, forward.normal.pointer, forward.inverse.pointer, test.gain.pointer,
                    isAlone ? nil : dgain.pointer, isAlone ? nil : dshift.pointer, 3, 21)
            }
        }
        #expect(alone.bits == together.bits)
    }

    @Test(arguments: kern_isa.vectorised)
    func `a row has the same bits alone and in any batch`(isa: kern_isa) {
        let test = Normalisation(batch: 6, width: 37, seed: 7)
        isa.run {
            let all = test.forward(.KERN_ACTIVATION_RELU)
            for row in 0..<6 {
                let alone = test.forward(.KERN_ACTIVATION_RELU, rows: row..<row + 1)
                #expect(Array(all.y.bits[row * 37..<(row + 1) * 37]) == alone.y.bits)
            }
        }
    }

    @Test(arguments: kern_isa.available)
    func `a row of equal numbers gives the shifts, and NaN stays in its row`(isa: kern_isa) {
        let ones = KernelBuffer([Float](repeating: 1, count: 5))
        let x = KernelBuffer([Float](repeating: 7, count: 5) + [1, 2, .nan, 4, 5])
        let (y, inverse) = (KernelBuffer(unset: 10), KernelBuffer(unset: 2))
        isa.run {
            unsafe kern_layer_norm_forward(
                x.pointer, ones.pointer, ones.pointer, y.pointer, inverse.pointer, 2, 5, 1e-5,
                .KERN_ACTIVATION_RELU)
        }
        #expect(Array(y.values[..<5]) == [1, 1, 1, 1, 1])
        #expect(y.values[5...].allSatisfy { $0.isNaN })
    }
}
