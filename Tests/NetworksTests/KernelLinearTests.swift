// SPDX-License-Identifier: MIT

import CKernels
import Testing

struct KernelLinearTests {
    /// Sizes around the vectors, tiles and blocks of every instruction set, and primes.
    private static let sizes = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 64, 65, 97,
        127,
    ]
    private static let shapes: [(Int, Int, Int)] = {
        var numbers = KernelNumbers(state: 3)
        let random = (0..<120).map { _ in
            let draw = (0..<3).map { _ in sizes.randomElement(using: &numbers) ?? 1 }
            return (draw[0], draw[1], draw[2])
        }
        // Beyond one block of rows, columns or depth; single rows; few inputs with many outputs.
        return random + [
            (149, 5, 300), (5, 530, 20), (30, 300, 270), (520, 30, 13), (300, 17, 16), (1, 257, 259),
            (1, 30, 1),
            (270, 1, 1), (1, 1, 290), (300, 16, 521), (290, 300, 3),
        ]
    }()

    @Test(arguments: kern_isa.available)
    func `the products of a layer agree with plain loops in double precision`(isa: kern_isa) {
        for (index, shape) in Self.shapes.enumerated() {
            let layer = KernelLayer(shape.0, shape.1, shape.2, seed: UInt64(index))
            let masked = index.isMultiple(of: 2)
            isa.run {
                let linear = layer.forward(.KERN_ACTIVATION_NONE)
                #expect(layer.wrongForward(linear, relu: false) == 0, "forward \(shape)")
                let rectified = layer.forward(.KERN_ACTIVATION_RELU)
                #expect(layer.wrongForward(rectified, relu: true) == 0, "forward with ReLU \(shape)")
                let dx = layer.backwardInput(masked: masked)
                #expect(layer.wrongBackwardInput(dx, masked: masked) == 0, "backward to the input \(shape)")
                let gradient = layer.backwardWeights()
                #expect(layer.wrongBackwardWeights(gradient) == 0, "backward to the weights \(shape)")
            }
        }
    }

    @Test(arguments: kern_isa.vectorised)
    func `a row of the batch has the same bits alone and among others`(isa: kern_isa) {
        for (index, shape) in Self.shapes.enumerated() {
            let (batch, inputs, outputs) = shape
            let layer = KernelLayer(batch, inputs, outputs, seed: UInt64(index))
            isa.run {
                let y = layer.forward(.KERN_ACTIVATION_RELU).bits
                let dx = layer.backwardInput(masked: true).bits
                for (row, rows) in [(0, 1), (batch / 2, 1), (batch - 1, 1), (batch / 3, (batch + 1) / 2)] {
                    let yRows = layer.forward(.KERN_ACTIVATION_RELU, row: row, rows: rows).bits
                    #expect(yRows[...] == y[row * outputs..<(row + rows) * outputs], "\(shape), row \(row)")
                    let dxRows = layer.backwardInput(masked: true, row: row, rows: rows).bits
                    #expect(dxRows[...] == dx[row * inputs..<(row + rows) * inputs], "\(shape), row \(row)")
                }
            }
        }
    }

    @Test(arguments: kern_isa.vectorised, [0, 0.6])
    func `an output's gradient has the same bits alone and among others`(isa: kern_isa, zeros: Double) {
        for (index, shape) in Self.shapes.enumerated() where index.isMultiple(of: 3) {
            let layer = KernelLayer(shape.0, shape.1, shape.2, seed: UInt64(index), zeros: zeros)
            isa.run {
                let whole = layer.backwardWeights()
                for firsts in KernelLayer.parts(of: shape.2) {
                    let parts = layer.backwardWeights(firsts)
                    #expect(parts.weights.bits == whole.weights.bits, "\(shape) \(firsts)")
                    #expect(parts.bias.bits == whole.bias.bits, "\(shape) \(firsts)")
                    #expect(parts.weights.isIntact && parts.bias.isIntact)
                }
            }
        }
    }

    @Test(arguments: kern_isa.available)
    func `a call has the same bits whatever was computed before it`(isa: kern_isa) {
        let layer = KernelLayer(100, 64, 65)
        let other = KernelLayer(33, 129, 300)
        isa.run {
            let first = layer.backwardWeights()
            let y = layer.forward(.KERN_ACTIVATION_NONE)
            _ = other.backwardWeights()
            _ = other.forward(.KERN_ACTIVATION_NONE)
            let second = layer.backwardWeights()
            #expect(first.weights.bits == second.weights.bits)
            #expect(first.bias.bits == second.bias.bits)
            #expect(layer.forward(.KERN_ACTIVATION_NONE).bits == y.bits)
        }
    }

    @Test(arguments: kern_isa.available)
    func `NaN in a row reaches all outputs of that row and no other`(isa: kern_isa) {
        for (batch, inputs, outputs) in [(13, 20, 37), (13, 20, 3), (1, 20, 37)] {
            let layer = KernelLayer(batch, inputs, outputs)
            let row = batch / 2
            unsafe layer.x.pointer[row * inputs + 5] = .nan
            let y = isa.run { layer.forward(.KERN_ACTIVATION_RELU).values }
            for i in y.indices { #expect(y[i].isNaN == (i / outputs == row)) }
        }
    }

    @Test(arguments: kern_isa.available)
    func `counts below one change nothing`(isa: kern_isa) {
        let buffer = KernelBuffer([1, 2, 3])
        isa.run {
            let p = unsafe buffer.pointer
            unsafe kern_linear_forward(p, p, p, p, 0, 1, 1, .KERN_ACTIVATION_NONE)
            unsafe kern_linear_backward_input(p, p, nil, p, 1, -1, 1)
            unsafe kern_linear_backward_weights(p, p, p, p, 1, 1, 0, 0, 0)
            unsafe kern_linear_backward_weights(p, p, p, p, 1, 1, 2, 1, 0)
            unsafe kern_linear_backward_weights(p, p, p, p, 1, 1, 2, -1, 1)
            unsafe kern_linear_backward_weights(p, p, p, p, 1, 1, 2, 1, 2)
            unsafe kern_tanh(p, p, 0)
            unsafe kern_polyak(p, p, -1, 0.5)
            unsafe kern_squashed_gaussian_forward(p, p, p, p, 0, 3, -20, 2)
        }
        #expect(buffer.values == [1, 2, 3])
    }
}
