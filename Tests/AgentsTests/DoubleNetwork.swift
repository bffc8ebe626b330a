// SPDX-License-Identifier: MIT

import Networks

/// A perceptron in double precision, written out: what gradients of whole losses are checked against.
struct DoubleNetwork {
    let layers: [Perceptron.Layer]
    /// All parameters, in the order of ``Parameters``.
    var parameters: [Double]

    init(_ network: Perceptron, _ parameters: Parameters) {
        layers = network.layers
        self.parameters = (0..<parameters.count).map { Double(parameters[$0]) }
    }

    func callAsFunction(_ input: [Double]) -> [Double] {
        var values = input
        for (index, layer) in layers.enumerated() {
            values = (0..<layer.outputs).map { output in
                let weights = layer.weights + output * layer.inputs
                let sum = (0..<layer.inputs).reduce(parameters[layer.biases + output]) {
                    $0 + parameters[weights + $1] * values[$1]
                }
                return index + 1 < layers.count ? max(0, sum) : sum
            }
        }
        return values
    }
}

/// The gradient of `loss` in `parameters` by central differences.
func differences(of parameters: [Double], _ loss: ([Double]) -> Double) -> [Double] {
    parameters.indices.map { index in
        let width = 1e-6
        var moved = parameters
        moved[index] = parameters[index] + width
        let above = loss(moved)
        moved[index] = parameters[index] - width
        return (above - loss(moved)) / (2 * width)
    }
}

/// The distance of a gradient from the exact one, relative to that one's norm.
func distance(_ gradient: Parameters, _ exact: [Double]) -> Double {
    var (difference, norm) = (0.0, 0.0)
    for (index, value) in exact.enumerated() {
        difference += (Double(gradient[index]) - value) * (Double(gradient[index]) - value)
        norm += value * value
    }
    return (difference / norm).squareRoot()
}
