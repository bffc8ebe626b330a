// SPDX-License-Identifier: MIT

public import Environments

/// The layout of a multilayer perceptron: dense layers with ReLU between them, the last one linear; the hidden ones may be
/// normalised before their ReLU (layer normalisation, arXiv:1607.06450, epsilon 1e-5).
///
/// It is a plain description; the numbers are in a ``Parameters`` vector: for each layer the weights (outputs, inputs),
/// row-major as in PyTorch, then the biases (outputs), then, where it is normalised, gains and shifts (outputs each).
public struct Perceptron: Sendable, Equatable {
    /// One dense layer and where its numbers stand in the parameters.
    public struct Layer: Sendable, Equatable {
        /// The length of its input.
        public let inputs: Int
        /// The length of its output.
        public let outputs: Int
        /// The index of the first weight; weights are (outputs, inputs).
        public let weights: Int
        /// The index of the first bias.
        public let biases: Int
        /// The index of the first gain of its normalisation, the shifts follow; nil where it has none.
        public let gains: Int?
    }

    /// The layers from input to output.
    public let layers: [Layer]
    /// The widths of the hidden layers.
    public let hidden: [Int]
    /// The count of all weights and biases.
    public let parameterCount: Int

    /// Makes the layout of a network with the given hidden widths, whose hidden layers may be normalised.
    ///
    /// - Precondition: all sizes are positive.
    public init(inputs: Int, hidden: [Int], outputs: Int, normalisesLayers: Bool = false) {
        let sizes = [inputs] + hidden + [outputs]
        precondition(sizes.allSatisfy { $0 > 0 }, "layer sizes must be positive, not \(sizes)")
        var layers: [Layer] = []
        var offset = 0
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            let biases = offset + inputs * outputs
            let isNormalised = normalisesLayers && layers.count < hidden.count
            layers.append(
                Layer(
                    inputs: inputs, outputs: outputs, weights: offset, biases: biases,
                    gains: isNormalised ? biases + outputs : nil))
            offset = biases + outputs * (isNormalised ? 3 : 1)
        }
        self.layers = layers
        self.hidden = hidden
        parameterCount = offset
    }

    /// The length of the input vector.
    public var inputs: Int { layers[0].inputs }
    /// The length of the output vector.
    public var outputs: Int { layers[layers.count - 1].outputs }
    /// Whether the hidden layers are normalised.
    public var isNormalised: Bool { layers[0].gains != nil }

    /// Draws weights and biases uniformly from ±1/sqrt(inputs) of their layer: PyTorch's default for `Linear`.
    ///
    /// Gains are 1, shifts 0.
    public func initialise(_ parameters: Parameters, using random: inout RandomStream) {
        precondition(parameters.count == parameterCount, "parameters of another network")
        for layer in layers {
            let bound = 1 / Double(layer.inputs).squareRoot()
            for index in layer.weights..<layer.biases + layer.outputs {
                parameters[index] = Float(random.uniform(-bound, bound))
            }
            guard let gains = layer.gains else { continue }
            for index in gains..<gains + layer.outputs {
                parameters[index] = 1
                parameters[index + layer.outputs] = 0
            }
        }
    }

    /// Where a layer's outputs and the gradient in them stand.
    func place(ofLayer index: Int) -> Kernels.Place {
        index + 1 == layers.count ? .matrix : .hidden(index)
    }

    /// The output layer where layer `index` is gated by it; there are faster products for those.
    ///
    /// A network with one output and without normalisation: the gradient in what its last hidden layer's ReLU is given is the
    /// output's times the head's weight where that ReLU is open.
    func head(gating index: Int) -> Layer? {
        let isGated = index > 0 && index == layers.count - 2 && outputs == 1 && !isNormalised
        return isGated && layers[index].outputs >= Self.gatedWidth ? layers[index + 1] : nil
    }

    /// From this width on the products of gates pay.
    private static let gatedWidth = 32

    func check(
        _ parameters: Parameters, _ input: Matrix, _ hidden: HiddenLayers,
        _ output: Matrix
    ) {
        check(parameters, hidden, output)
        precondition(
            input.columns == inputs && input.rows == output.rows,
            "matrices (\(input.rows), \(input.columns)) and (\(output.rows), \(output.columns)) do not fit "
                + "a network \(inputs)-\(self.hidden)-\(outputs)")
    }

    func check(_ parameters: Parameters, _ hidden: HiddenLayers, _ output: Matrix) {
        precondition(parameters.count == parameterCount, "parameters of another network")
        precondition(
            output.columns == outputs && hidden.batch >= output.rows && hidden.fits(self),
            "a matrix (\(output.rows), \(output.columns)) does not fit a network \(inputs)-\(self.hidden)-\(outputs)"
        )
    }
}

extension Perceptron {
    /// The weights and biases of each layer as plain arrays, weights (outputs, inputs) row-major.
    ///
    /// - Precondition: the layers are not normalised.
    public func layerArrays(_ parameters: Parameters) -> [(weight: [Float], bias: [Float])] {
        precondition(
            parameters.count == parameterCount && !isNormalised, "parameters of another network")
        return layers.map { layer in
            (
                weight: (layer.weights..<layer.biases).map { parameters[$0] },
                bias: (layer.biases..<layer.biases + layer.outputs).map { parameters[$0] }
            )
        }
    }
}
