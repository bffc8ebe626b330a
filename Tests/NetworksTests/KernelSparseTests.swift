// SPDX-License-Identifier: MIT

import CKernels
import Testing

/// Layers with so many zeros that products skip them, as those behind a ReLU do.
struct KernelSparseTests {
    /// Around the segments and blocks of rows and depth, and panels of each width.
    private static let shapes: [(Int, Int, Int)] = [
        (32, 64, 64), (33, 65, 80), (100, 64, 64), (128, 256, 256), (150, 300, 64), (40, 257, 272),
        (290, 70, 336), (64, 48, 192), (47, 129, 112),
    ]

    @Test(arguments: kern_isa.available, [0.3, 0.5, 0.8, 0.99, 1])
    func `the products of layers with zeros agree with plain loops in double precision`(
        isa: kern_isa, zeros: Double
    ) {
        for (index, shape) in Self.shapes.enumerated() {
            let layer = KernelLayer(shape.0, shape.1, shape.2, seed: UInt64(index), zeros: zeros)
            let masked = index.isMultiple(of: 2)
            isa.run {
                let y = layer.forward(.KERN_ACTIVATION_RELU)
                #expect(layer.wrongForward(y, relu: true) == 0, "forward \(shape)")
                let dx = layer.backwardInput(masked: masked)
                #expect(layer.wrongBackwardInput(dx, masked: masked) == 0, "backward to the input \(shape)")
                #expect(layer.wrongBackwardWeights(layer.backwardWeights()) == 0, "weights \(shape)")
            }
        }
    }

    /// Of a few rows all elements are multiplied, zeros too: the readable twin of what skips them.
    @Test(arguments: kern_isa.vectorised, [0.3, 0.5, 0.8, 0.99])
    func `skipping zeros changes no bit`(isa: kern_isa, zeros: Double) {
        for (index, shape) in Self.shapes.enumerated() {
            let (batch, inputs, outputs) = shape
            let layer = KernelLayer(batch, inputs, outputs, seed: UInt64(index), zeros: zeros)
            isa.run {
                let y = layer.forward(.KERN_ACTIVATION_NONE).bits
                let dx = layer.backwardInput(masked: true).bits
                for row in stride(from: 0, to: batch, by: 13) {
                    let rows = min(13, batch - row)
                    let few = layer.forward(.KERN_ACTIVATION_NONE, row: row, rows: rows).bits
                    #expect(few[...] == y[row * outputs..<(row + rows) * outputs], "forward \(shape)")
                    let fewGradients = layer.backwardInput(masked: true, row: row, rows: rows).bits
                    #expect(fewGradients[...] == dx[row * inputs..<(row + rows) * inputs], "input \(shape)")
                }
                let dw = layer.backwardWeights().weights.bits
                for first in stride(from: 0, to: outputs, by: 16) {
                    let few = layer.backwardWeights(outputs: first..<min(first + 16, outputs)).bits
                    #expect(few[...] == dw[first * inputs..<first * inputs + few.count], "weights \(shape)")
                }
            }
        }
    }

    @Test(arguments: kern_isa.available)
    func `NaN among zeros reaches all outputs of its row and no other`(isa: kern_isa) {
        let layer = KernelLayer(64, 64, 64, zeros: 0.9)
        unsafe layer.x.pointer[20 * 64 + 5] = .nan
        let y = isa.run { layer.forward(.KERN_ACTIVATION_RELU).values }
        for i in y.indices { #expect(y[i].isNaN == (i / 64 == 20)) }
    }
}

extension KernelLayer {
    /// The gradient in the weights of some outputs alone.
    fileprivate func backwardWeights(outputs range: Range<Int>) -> KernelBuffer {
        let all = dy.values
        let some = KernelBuffer((0..<batch).flatMap { b in range.map { all[b * outputs + $0] } })
        let (dw, dbias) = (KernelBuffer(unset: range.count * inputs), KernelBuffer(unset: range.count))
        unsafe kern_linear_backward_weights(
            some.pointer, x.pointer, dw.pointer, dbias.pointer, Int32(batch), Int32(inputs),
            Int32(range.count), 0, Int32(range.count))
        return dw
    }
}
