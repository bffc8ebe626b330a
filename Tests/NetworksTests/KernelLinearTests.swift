// SPDX-License-Identifier: MIT

import CKernels
import Testing

/// One linear layer with random values, its kernels, and their twins: plain loops in double precision.
private struct Layer {
    let batch: Int, inputs: Int, outputs: Int
    let x: KernelBuffer, w: KernelBuffer, bias: KernelBuffer, dy: KernelBuffer

    init(_ batch: Int, _ inputs: Int, _ outputs: Int, seed: UInt64 = 1) {
        var numbers = KernelNumbers(state: seed)
        self.batch = batch
        self.inputs = inputs
        self.outputs = outputs
        x = KernelBuffer(numbers.values(batch * inputs))
        w = KernelBuffer(numbers.values(outputs * inputs))
        bias = KernelBuffer(numbers.values(outputs))
        dy = KernelBuffer(numbers.values(batch * outputs))
    }

    func forward(_ activation: kern_activation, row: Int = 0, rows: Int? = nil) -> KernelBuffer {
        let y = KernelBuffer(unset: (rows ?? batch) * outputs)
        unsafe kern_linear_forward(
            x.pointer + row * inputs, w.pointer, bias.pointer, y.pointer, Int32(rows ?? batch), Int32(inputs),
            Int32(outputs), activation)
        return y
    }

    func backwardInput(masked: Bool, row: Int = 0, rows: Int? = nil) -> KernelBuffer {
        let dx = KernelBuffer(unset: (rows ?? batch) * inputs)
        unsafe kern_linear_backward_input(
            dy.pointer + row * outputs, w.pointer, masked ? x.pointer + row * inputs : nil, dx.pointer,
            Int32(rows ?? batch), Int32(inputs), Int32(outputs))
        return dx
    }

    func backwardWeights() -> (weights: KernelBuffer, bias: KernelBuffer) {
        let dw = KernelBuffer(unset: outputs * inputs)
        let dbias = KernelBuffer(unset: outputs)
        unsafe kern_linear_backward_weights(
            dy.pointer, x.pointer, dw.pointer, dbias.pointer, Int32(batch), Int32(inputs), Int32(outputs))
        return (dw, dbias)
    }

    /// The sum over `depth` of the products of two elements, and the sum of their magnitudes.
    private static func sum(_ depth: Int, _ term: (Int) -> (Float, Float)) -> (
        value: Double, magnitude: Double
    ) {
        var value = 0.0
        var magnitude = 0.0
        for k in 0..<depth {
            let (a, b) = term(k)
            value += Double(a) * Double(b)
            magnitude += abs(Double(a) * Double(b))
        }
        return (value, magnitude)
    }

    /// Counts the elements farther from their twin than `depth` roundings of the sum allow.
    private static func wrong(
        _ result: KernelBuffer, columns: Int, depth: Int,
        twin: (Int, Int) -> (value: Double, magnitude: Double)
    ) -> Int {
        let values = result.values
        return values.indices.count { i in
            let exact = twin(i / columns, i % columns)
            let bound = exact.magnitude * Double(depth + 2) * 0x1p-24
            return !(abs(Double(values[i]) - exact.value) <= bound)
        } + (result.isIntact ? 0 : 1)
    }

    func wrongForward(_ y: KernelBuffer, relu: Bool) -> Int {
        let (x, w, bias) = (x.values, w.values, bias.values)
        return Self.wrong(y, columns: outputs, depth: inputs + 1) { b, o in
            let dot = Self.sum(inputs) { (x[b * inputs + $0], w[o * inputs + $0]) }
            let value = dot.value + Double(bias[o])
            return (relu ? max(0, value) : value, dot.magnitude + Double(abs(bias[o])))
        }
    }

    func wrongBackwardInput(_ dx: KernelBuffer, masked: Bool) -> Int {
        let (x, w, dy) = (x.values, w.values, dy.values)
        return Self.wrong(dx, columns: inputs, depth: outputs) { b, i in
            masked && x[b * inputs + i] <= 0
                ? (0, 0) : Self.sum(outputs) { (dy[b * outputs + $0], w[$0 * inputs + i]) }
        }
    }

    func wrongBackwardWeights(_ gradient: (weights: KernelBuffer, bias: KernelBuffer)) -> Int {
        let (x, dy) = (x.values, dy.values)
        let weights = Self.wrong(gradient.weights, columns: inputs, depth: batch) { o, i in
            Self.sum(batch) { (dy[$0 * outputs + o], x[$0 * inputs + i]) }
        }
        return weights
            + Self.wrong(gradient.bias, columns: outputs, depth: batch) { _, o in
                Self.sum(batch) { (dy[$0 * outputs + o], 1) }
            }
    }
}

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
            let layer = Layer(shape.0, shape.1, shape.2, seed: UInt64(index))
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
            let layer = Layer(batch, inputs, outputs, seed: UInt64(index))
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

    @Test(arguments: kern_isa.available)
    func `a call has the same bits whatever was computed before it`(isa: kern_isa) {
        let layer = Layer(100, 64, 65)
        let other = Layer(33, 129, 300)
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
            let layer = Layer(batch, inputs, outputs)
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
            unsafe kern_linear_backward_weights(p, p, p, p, 1, 1, 0)
            unsafe kern_tanh(p, p, 0)
            unsafe kern_polyak(p, p, -1, 0.5)
            unsafe kern_squashed_gaussian_forward(p, p, p, p, 0, 3, -20, 2)
        }
        #expect(buffer.values == [1, 2, 3])
    }
}
