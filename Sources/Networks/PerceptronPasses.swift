// SPDX-License-Identifier: MIT

extension Perceptron {
    /// Computes the output (batch, outputs) of `input` (batch, inputs), keeping the hidden layers' outputs for the
    /// backward passes; with `rows`, in these rows alone.
    public func forward(
        _ parameters: Parameters, _ input: Matrix, hidden: HiddenLayers, output: Matrix,
        rows: Range<Int>? = nil
    ) {
        check(parameters, input, hidden, output)
        let rows = rows ?? 0..<input.rows
        precondition(rows.lowerBound >= 0 && rows.upperBound <= input.rows, "rows \(rows) of \(input.rows)")
        for (index, layer) in layers.enumerated() {
            Kernels.forward(
                layer, parameters, from: index == 0 ? .matrix : .hidden(index - 1), input,
                to: place(ofLayer: index), output, hidden: hidden, rows: rows)
        }
    }

    /// Overwrites `gradient` with the gradient of a loss in the parameters, given its gradient in the output.
    ///
    /// `forward` must have run with the same input; `outputGradient` is (batch, outputs).
    public func backward(
        _ parameters: Parameters, _ input: Matrix, hidden: HiddenLayers, outputGradient: Matrix,
        gradient: Parameters
    ) {
        backwardRows(parameters, hidden: hidden, outputGradient: outputGradient, part: .whole)
        backwardParameters(
            parameters, input, hidden: hidden, outputGradient: outputGradient, gradient: gradient,
            part: .whole)
    }

    /// The first half of `backward`: the gradients in the hidden layers, in a part of the rows.
    package func backwardRows(
        _ parameters: Parameters, hidden: HiddenLayers, outputGradient: Matrix, part: Part
    ) {
        check(parameters, hidden, outputGradient)
        for index in layers.indices.dropFirst().reversed() {
            backwardHidden(
                parameters, hidden, outputGradient, behind: index, rows: part.rows(of: outputGradient.rows))
            for shard in part.shards {
                Kernels.backwardNormalisation(
                    layers[index - 1], index - 1, parameters, hidden: hidden,
                    rows: Part.rows(ofShard: shard, of: outputGradient.rows), shard: shard)
            }
        }
    }

    /// The second half: the gradients in the parameters of a part of each layer's outputs, over all rows.
    package func backwardParameters(
        _ parameters: Parameters, _ input: Matrix, hidden: HiddenLayers, outputGradient: Matrix,
        gradient: Parameters, part: Part
    ) {
        check(parameters, hidden, outputGradient)
        precondition(
            input.columns == inputs && input.rows == outputGradient.rows && gradient.count == parameterCount,
            "an input (\(input.rows), \(input.columns)) or a gradient of another pass")
        for (index, layer) in layers.enumerated().reversed() {
            let outputs = part.outputs(of: layer.outputs)
            Kernels.backwardWeights(
                layer, index, head: head(gating: index), parameters, outputGradient, place(ofLayer: index),
                input,
                gradient: gradient, hidden: hidden, outputs: outputs)
            Kernels.sumNormalisation(layer, index, gradient: gradient, hidden: hidden, outputs: outputs)
        }
    }

    /// Calls `body` with the parameters of a part of each layer's outputs, run by run.
    package func forEachRange(of part: Part, _ body: (Range<Int>) -> Void) {
        guard part != .whole else { return body(0..<parameterCount) }
        for layer in layers {
            let outputs = part.outputs(of: layer.outputs)
            guard !outputs.isEmpty else { continue }
            func shifted(_ start: Int) -> Range<Int> {
                start + outputs.lowerBound..<start + outputs.upperBound
            }
            let (first, last) = (outputs.lowerBound * layer.inputs, outputs.upperBound * layer.inputs)
            body(layer.weights + first..<layer.weights + last)
            body(shifted(layer.biases))
            guard let gains = layer.gains else { continue }
            body(shifted(gains))
            body(shifted(gains + layer.outputs))
        }
    }

    /// Computes the gradient of a loss in the input (batch, inputs), the parameters held fixed.
    ///
    /// With `rows`, an ascending list, only these rows of the batch count, and the gradients are those of them alone:
    /// row `start` + i of both matrices is row `rows[i]` of the batch, which is that or a later one; the others stay as they are. The
    /// outputs of the hidden layers move likewise, so that `forward` must run before another backward pass.
    public func backwardInput(
        _ parameters: Parameters, hidden: HiddenLayers, outputGradient: Matrix,
        inputGradient: Matrix, rows: [Int]? = nil, from start: Int = 0
    ) {
        check(parameters, inputGradient, hidden, outputGradient)
        let kept = start..<start + (rows?.count ?? outputGradient.rows - start)
        precondition(start >= 0 && kept.upperBound <= outputGradient.rows, "rows \(kept)")
        if let rows { hidden.keep(rows, from: start) }
        for index in layers.indices.dropFirst().reversed() {
            backwardHidden(parameters, hidden, outputGradient, behind: index, rows: kept)
            Kernels.backwardNormalisation(
                layers[index - 1], index - 1, parameters, hidden: hidden, rows: kept, shard: nil)
        }
        Kernels.backwardInput(
            layers[0], parameters, outputGradient, place(ofLayer: 0), to: inputGradient, hidden: hidden,
            rows: kept)
    }

    /// The gradient in the outputs of the hidden layer before layer `index`.
    private func backwardHidden(
        _ parameters: Parameters, _ hidden: HiddenLayers, _ outputGradient: Matrix, behind index: Int,
        rows: Range<Int>
    ) {
        // The head writes no gradient into the layer that it gates: nothing would read it.
        guard head(gating: index - 1) == nil else { return }
        Kernels.backwardHidden(
            layers[index], index, head: head(gating: index), parameters, outputGradient,
            place(ofLayer: index), hidden: hidden, rows: rows)
    }
}
