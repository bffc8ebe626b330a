// SPDX-License-Identifier: MIT

import CKernels

/// One linear layer with random values, its kernels, and their twins: plain loops in double precision.
struct KernelLayer {
    let batch: Int, inputs: Int, outputs: Int
    let x: KernelBuffer, w: KernelBuffer, bias: KernelBuffer, dy: KernelBuffer

    /// With `zeros`, this share of the inputs and of the gradients is 0, as behind a ReLU.
    init(_ batch: Int, _ inputs: Int, _ outputs: Int, seed: UInt64 = 1, zeros: Double = 0) {
        var numbers = KernelNumbers(state: seed)
        func sparse(_ count: Int) -> KernelBuffer {
            KernelBuffer(
                numbers.values(count).map { Double.random(in: 0..<1, using: &numbers) < zeros ? 0 : $0 })
        }
        self.batch = batch
        self.inputs = inputs
        self.outputs = outputs
        x = sparse(batch * inputs)
        w = KernelBuffer(numbers.values(outputs * inputs))
        bias = KernelBuffer(numbers.values(outputs))
        dy = sparse(batch * outputs)
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

    /// In one call, or in parts that begin with the outputs in `firsts`.
    func backwardWeights(_ firsts: [Int] = [0]) -> (weights: KernelBuffer, bias: KernelBuffer) {
        let dw = KernelBuffer(unset: outputs * inputs)
        let dbias = KernelBuffer(unset: outputs)
        for (first, next) in zip(firsts, firsts.dropFirst() + [outputs]) {
            unsafe kern_linear_backward_weights(
                dy.pointer, x.pointer, dw.pointer, dbias.pointer, Int32(batch), Int32(inputs),
                Int32(outputs), Int32(first), Int32(next - first))
        }
        return (dw, dbias)
    }

    /// Where parts of so many outputs begin: two, three of different sizes, eight.
    static func parts(of outputs: Int) -> [[Int]] {
        [[0, outputs / 2], [0, outputs / 5, outputs / 3], (0..<8).map { $0 * outputs / 8 }].map {
            Array(Set($0)).sorted()
        }
    }

    /// The sum over `depth` of the products of two elements, and the sum of their magnitudes.
    static func sum(_ depth: Int, _ term: (Int) -> (Float, Float)) -> (
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
    static func wrong(
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
