// SPDX-License-Identifier: MIT

internal import CKernels
internal import Environments

/// The calls into CKernels: the only place, with Memory.swift, where pointers are seen.
enum Kernels {
    /// Where a layer's input, output or gradient stands: in a matrix of the caller, or in a hidden layer.
    enum Place {
        case matrix
        case hidden(Int)
    }

    static func forward(
        _ layer: Perceptron.Layer, _ parameters: Parameters, from source: Place,
        _ input: Matrix, to target: Place, _ output: Matrix, hidden: HiddenLayers, rows: Range<Int>
    ) {
        let weights = unsafe parameters.memory.pointer
        let from = unsafe hidden.outputs(source, or: input, row: rows.lowerBound)
        let to = unsafe hidden.outputs(target, or: output, row: rows.lowerBound)
        if let gains = layer.gains, case .hidden(let index) = target {
            let normal =
                unsafe hidden.memory.pointer + (hidden.normalStart(index) + rows.lowerBound * layer.outputs)
            unsafe kern_linear_forward(
                from, weights + layer.weights, weights + layer.biases, normal, Int32(rows.count),
                Int32(layer.inputs), Int32(layer.outputs), .KERN_ACTIVATION_NONE)
            unsafe kern_layer_norm_forward(
                normal, weights + gains, weights + (gains + layer.outputs), to,
                hidden.memory.pointer + (hidden.deviationStart(index) + rows.lowerBound), Int32(rows.count),
                Int32(layer.outputs),
                normalisationEpsilon, .KERN_ACTIVATION_RELU)
            return
        }
        let activation: kern_activation =
            if case .hidden = target { .KERN_ACTIVATION_RELU } else { .KERN_ACTIVATION_NONE }
        unsafe kern_linear_forward(
            from, weights + layer.weights, weights + layer.biases, to, Int32(rows.count), Int32(layer.inputs),
            Int32(layer.outputs), activation)
    }

    /// The gradients in the weights and biases of some outputs of layer `index`, over all rows.
    ///
    /// With `head`, the layer is the last hidden one of a network with one output, whose weights are those of `head`.
    static func backwardWeights(
        _ layer: Perceptron.Layer, _ index: Int, head: Perceptron.Layer?, _ parameters: Parameters,
        _ outputGradient: Matrix, _ gradientSource: Place, _ input: Matrix, gradient: Parameters,
        hidden: HiddenLayers, outputs: Range<Int>
    ) {
        let x = unsafe hidden.outputs(index == 0 ? .matrix : .hidden(index - 1), or: input)
        let dw = unsafe gradient.memory.pointer
        let (first, count) = (Int32(outputs.lowerBound), Int32(outputs.count))
        guard let head else {
            let dy = unsafe hidden.gradients(gradientSource, or: outputGradient)
            return unsafe kern_linear_backward_weights(
                dy, x, dw + layer.weights, dw + layer.biases, Int32(input.rows), Int32(layer.inputs),
                Int32(layer.outputs), first, count)
        }
        let gates = unsafe hidden.outputs(.hidden(index), or: outputGradient)
        unsafe kern_gated_backward_weights(
            outputGradient.memory.pointer, parameters.memory.pointer + head.weights, gates, x,
            dw + layer.weights, dw + layer.biases, Int32(input.rows), Int32(layer.inputs),
            Int32(layer.outputs), first, count)
    }

    /// The gradient in the output of the hidden layer before layer `index`, through its ReLU; `head` as above.
    static func backwardHidden(
        _ layer: Perceptron.Layer, _ index: Int, head: Perceptron.Layer?, _ parameters: Parameters,
        _ outputGradient: Matrix, _ gradientSource: Place, hidden: HiddenLayers, rows: Range<Int>
    ) {
        let weights = unsafe parameters.memory.pointer
        let mask = unsafe hidden.outputs(.hidden(index - 1), or: outputGradient, row: rows.lowerBound)
        let dx = unsafe hidden.gradients(.hidden(index - 1), or: outputGradient, row: rows.lowerBound)
        guard let head else {
            let dy = unsafe hidden.gradients(gradientSource, or: outputGradient, row: rows.lowerBound)
            return unsafe kern_linear_backward_input(
                dy, weights + layer.weights, mask, dx, Int32(rows.count), Int32(layer.inputs),
                Int32(layer.outputs))
        }
        let dq = unsafe outputGradient.memory.pointer + rows.lowerBound
        let gates = unsafe hidden.outputs(.hidden(index), or: outputGradient, row: rows.lowerBound)
        unsafe kern_gated_backward_input(
            dq, weights + head.weights, gates, weights + layer.weights, mask, dx, Int32(rows.count),
            Int32(layer.inputs), Int32(layer.outputs))
    }

    /// Takes the gradient in hidden layer `index` back through its normalisation, in place, where it has one.
    ///
    /// With `shard`, whose rows they are, its gradients in gains and shifts are kept for `sumNormalisation`.
    static func backwardNormalisation(
        _ layer: Perceptron.Layer, _ index: Int, _ parameters: Parameters, hidden: HiddenLayers,
        rows: Range<Int>, shard: Int?
    ) {
        guard let gains = layer.gains else { return }
        let start = rows.lowerBound * layer.outputs
        let memory = unsafe hidden.memory.pointer
        let dGains = unsafe shard.map { unsafe memory + hidden.sumStart(index, shard: $0) }
        let dShifts = unsafe dGains.map { unsafe $0 + layer.outputs }
        if rows.isEmpty { unsafe dGains?.update(repeating: 0, count: 2 * layer.outputs) }
        unsafe kern_layer_norm_backward(
            memory + (hidden.gradientStart + hidden.starts[index] + start),
            memory + (hidden.normalStart(index) + start),
            memory + (hidden.deviationStart(index) + rows.lowerBound), parameters.memory.pointer + gains,
            dGains, dShifts, Int32(rows.count), Int32(layer.outputs))
    }

    /// Adds up what the shards have kept of some outputs' gains and shifts, pairs of pairs of pairs.
    static func sumNormalisation(
        _ layer: Perceptron.Layer, _ index: Int, gradient: Parameters, hidden: HiddenLayers,
        outputs: Range<Int>
    ) {
        guard let gains = layer.gains else { return }
        let sums = unsafe hidden.memory.pointer + hidden.sumStart(index, shard: 0)
        let (target, length) = unsafe (gradient.memory.pointer + gains, 2 * layer.outputs)
        for start in stride(from: 0, to: length, by: layer.outputs) {
            for i in start + outputs.lowerBound..<start + outputs.upperBound {
                func pair(_ shard: Int) -> Float {
                    unsafe sums[shard * length + i] + sums[(shard + 1) * length + i]
                }
                unsafe target[i] = (pair(0) + pair(2)) + (pair(4) + pair(6))
            }
        }
    }

    /// Keeps a row's deviation from zero where all its numbers are alike; PyTorch's default for `LayerNorm`.
    private static let normalisationEpsilon: Float = 1e-5

    static func backwardInput(
        _ layer: Perceptron.Layer, _ parameters: Parameters, _ outputGradient: Matrix,
        _ gradientSource: Place, to inputGradient: Matrix, hidden: HiddenLayers, rows: Range<Int>
    ) {
        let dy = unsafe hidden.gradients(gradientSource, or: outputGradient, row: rows.lowerBound)
        unsafe kern_linear_backward_input(
            dy, parameters.memory.pointer + layer.weights, nil,
            inputGradient.memory.pointer + rows.lowerBound * layer.inputs, Int32(rows.count),
            Int32(layer.inputs), Int32(layer.outputs))
    }

    /// Fills `floats` with numbers of the standard normal distribution, two for each word of `random`.
    static func fillNormal(_ floats: AlignedFloats, using random: inout RandomStream) {
        let block = 256
        unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: block) { bits in
            guard let base = bits.baseAddress else { return }
            for start in stride(from: 0, to: floats.count, by: block) {
                let count = min(block, floats.count - start)
                let pairs = (count + 1) / 2
                for pair in 0..<pairs {
                    let word = random.next()
                    unsafe base[pair] = UInt32(truncatingIfNeeded: word &>> 32)
                    unsafe base[pairs + pair] = UInt32(truncatingIfNeeded: word)
                }
                unsafe kern_normal(base, floats.pointer + start, Int64(count))
            }
        }
    }

    /// Overwrites `solution`, the right side, with the solution, and `matrix` with its factors.
    static func solve(_ matrix: inout [Double], _ solution: inout [Double]) -> kern_solve_status {
        let count = Int32(solution.count)
        return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
            unsafe solution.withUnsafeMutableBufferPointer { solution in
                guard let a = matrix.baseAddress, let x = solution.baseAddress else { return .KERN_SOLVE_OK }
                return unsafe kern_solve(a, x, x, count)
            }
        }
    }
}

extension HiddenLayers {
    /// Moves the outputs of `rows`, an ascending list, to the rows from `start` on of each layer, and what normalisation keeps of them.
    func keep(_ rows: [Int], from start: Int) {
        for (index, row) in zip(start..., rows) where row != index {
            precondition(row > index && row < batch, "row \(row) of \(batch) to row \(index)")
            for layer in widths.indices {
                let layerStart = unsafe memory.pointer + starts[layer]
                let width = widths[layer]
                unsafe (layerStart + index * width).update(from: layerStart + row * width, count: width)
                guard isNormalised else { continue }
                let normals = unsafe memory.pointer + normalStart(layer)
                unsafe (normals + index * width).update(from: normals + row * width, count: width)
                let deviations = unsafe memory.pointer + deviationStart(layer)
                unsafe deviations[index] = unsafe deviations[row]
            }
        }
    }

    func outputs(
        _ place: Kernels.Place, or matrix: Matrix, row: Int = 0
    ) -> UnsafeMutablePointer<Float> {
        switch place {
        case .matrix: unsafe matrix.memory.pointer + row * matrix.columns
        case .hidden(let index): unsafe memory.pointer + (starts[index] + row * widths[index])
        }
    }

    func gradients(
        _ place: Kernels.Place, or matrix: Matrix, row: Int = 0
    ) -> UnsafeMutablePointer<Float> {
        switch place {
        case .matrix: unsafe matrix.memory.pointer + row * matrix.columns
        case .hidden(let index):
            unsafe memory.pointer + (gradientStart + starts[index] + row * widths[index])
        }
    }
}
