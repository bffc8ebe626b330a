// SPDX-License-Identifier: MIT

import CKernels
import Testing

/// The last hidden layer of a network with one output, and the twins of its backward passes: plain loops in double precision.
private struct GatedLayer {
    let batch: Int, inputs: Int, units: Int
    let dq: KernelBuffer, head: KernelBuffer, h: KernelBuffer, w: KernelBuffer, x: KernelBuffer

    init(_ batch: Int, _ inputs: Int, _ units: Int, seed: UInt64) {
        var numbers = KernelNumbers(state: seed)
        func rectified(_ count: Int) -> KernelBuffer {
            KernelBuffer(numbers.values(count).map { max(0, $0) })
        }
        self.batch = batch
        self.inputs = inputs
        self.units = units
        dq = KernelBuffer(numbers.values(batch))
        head = KernelBuffer(numbers.values(units))
        h = rectified(batch * units)
        w = KernelBuffer(numbers.values(units * inputs))
        x = rectified(batch * inputs)
    }

    func backwardInput(masked: Bool, row: Int = 0, rows: Int? = nil) -> KernelBuffer {
        let dx = KernelBuffer(unset: (rows ?? batch) * inputs)
        unsafe kern_gated_backward_input(
            dq.pointer + row, head.pointer, h.pointer + row * units, w.pointer,
            masked ? x.pointer + row * inputs : nil, dx.pointer, Int32(rows ?? batch), Int32(inputs),
            Int32(units))
        return dx
    }

    /// In one call, or in parts that begin with the units in `firsts`.
    func backwardWeights(_ firsts: [Int] = [0]) -> (weights: KernelBuffer, bias: KernelBuffer) {
        let (dw, dbias) = (KernelBuffer(unset: units * inputs), KernelBuffer(unset: units))
        for (first, next) in zip(firsts, firsts.dropFirst() + [units]) {
            unsafe kern_gated_backward_weights(
                dq.pointer, head.pointer, h.pointer, x.pointer, dw.pointer, dbias.pointer, Int32(batch),
                Int32(inputs), Int32(units), Int32(first), Int32(next - first))
        }
        return (dw, dbias)
    }

    func wrongBackwardInput(_ dx: KernelBuffer, masked: Bool) -> Int {
        let (dq, head, h, w, x) = (dq.values, head.values, h.values, w.values, x.values)
        return KernelLayer.wrong(dx, columns: inputs, depth: units) { b, i in
            guard !masked || x[b * inputs + i] > 0 else { return (0, 0) }
            let sum = KernelLayer.sum(units) { (h[b * units + $0] <= 0 ? 0 : head[$0], w[$0 * inputs + i]) }
            return (Double(dq[b]) * sum.value, abs(Double(dq[b])) * sum.magnitude)
        }
    }

    func wrongBackwardWeights(_ gradient: (weights: KernelBuffer, bias: KernelBuffer)) -> Int {
        let (dq, head, h, x) = (dq.values, head.values, h.values, x.values)
        func twin(_ unit: Int, _ factor: (Int) -> Float) -> (value: Double, magnitude: Double) {
            let sum = KernelLayer.sum(batch) { (h[$0 * units + unit] <= 0 ? 0 : dq[$0], factor($0)) }
            return (Double(head[unit]) * sum.value, abs(Double(head[unit])) * sum.magnitude)
        }
        return KernelLayer.wrong(gradient.weights, columns: inputs, depth: batch) { unit, i in
            twin(unit) { x[$0 * inputs + i] }
        }
            + KernelLayer.wrong(gradient.bias, columns: units, depth: batch) { _, unit in
                twin(unit) { _ in 1 }
            }
    }
}

struct KernelGatedTests {
    /// Around groups, words and tables, and beyond a block of rows, columns or depth.
    private static let shapes: [(Int, Int, Int)] = [
        (1, 1, 1), (3, 5, 2), (4, 31, 33), (5, 32, 32), (31, 33, 64), (33, 16, 17), (100, 64, 64),
        (257, 40, 63), (30, 300, 270), (1030, 35, 40), (260, 20, 1030), (64, 65, 289),
    ]

    @Test(arguments: kern_isa.available)
    func `the gradients behind one output agree with plain loops in double precision`(isa: kern_isa) {
        for (index, shape) in Self.shapes.enumerated() {
            let layer = GatedLayer(shape.0, shape.1, shape.2, seed: UInt64(index))
            isa.run {
                for masked in [true, false] {
                    let dx = layer.backwardInput(masked: masked)
                    #expect(layer.wrongBackwardInput(dx, masked: masked) == 0, "input \(shape)")
                }
                #expect(layer.wrongBackwardWeights(layer.backwardWeights()) == 0, "weights \(shape)")
            }
        }
    }

    @Test(arguments: kern_isa.vectorised)
    func `a row's gradient has the same bits alone and among others`(isa: kern_isa) {
        for (index, shape) in Self.shapes.enumerated() {
            let (batch, inputs, units) = shape
            let layer = GatedLayer(batch, inputs, units, seed: UInt64(index))
            isa.run {
                let dx = layer.backwardInput(masked: true).bits
                for (row, rows) in [(0, 1), (batch / 2, 1), (batch / 3, (batch + 1) / 2)] {
                    let some = layer.backwardInput(masked: true, row: row, rows: rows).bits
                    #expect(some[...] == dx[row * inputs..<(row + rows) * inputs], "\(shape), row \(row)")
                }
            }
        }
    }

    @Test(arguments: kern_isa.vectorised)
    func `a unit's gradient has the same bits alone and among others`(isa: kern_isa) {
        for (index, shape) in Self.shapes.enumerated() {
            let layer = GatedLayer(shape.0, shape.1, shape.2, seed: UInt64(index))
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

    /// So does the mask of kern_linear_backward_input: a NaN must not become a gradient of zero.
    @Test(arguments: kern_isa.available)
    func `a gate that is not a number is open`(isa: kern_isa) {
        let layer = GatedLayer(40, 33, 34, seed: 8)
        for i in stride(from: 0, to: 40 * 34, by: 7) { unsafe layer.h.pointer[i] = .nan }
        isa.run {
            #expect(layer.wrongBackwardInput(layer.backwardInput(masked: true), masked: true) == 0)
            #expect(layer.wrongBackwardWeights(layer.backwardWeights()) == 0)
        }
    }

    @Test(arguments: kern_isa.available)
    func `NaN goes through an open gate, and not through a shut one`(isa: kern_isa) {
        let layer = GatedLayer(40, 33, 34, seed: 7)
        let h = layer.h.values
        unsafe layer.dq.pointer[3] = .nan
        let (dx, gradient) = isa.run { (layer.backwardInput(masked: false).values, layer.backwardWeights()) }
        for i in dx.indices { #expect(dx[i].isNaN == (i / 33 == 3)) }
        for (unit, value) in gradient.bias.values.enumerated() {
            #expect(value.isNaN == (h[3 * 34 + unit] > 0))
        }
        for (i, value) in gradient.weights.values.enumerated() {
            #expect(value.isNaN == (h[3 * 34 + i / 33] > 0))
        }
    }
}
