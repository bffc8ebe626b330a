// SPDX-License-Identifier: MIT

internal import Environments
package import Networks

/// The critic: V(s), the discounted return that the policy can expect from an observation on.
package final class A2CCritic {
    package let network: Perceptron
    package let parameters: Parameters
    package let gradient: Parameters
    private let hidden: HiddenLayers
    private let outputGradient: Matrix

    init(observations: Int, configuration: A2CConfiguration) {
        let batch = configuration.environments * configuration.rollout
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: 1)
        parameters = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        hidden = HiddenLayers(for: network, batch: batch)
        outputGradient = Matrix(rows: batch, columns: 1)
    }

    func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
    }

    /// Writes V of `observations` to `values`, (rows, 1).
    func evaluate(_ observations: Matrix, into values: Matrix) {
        network.forward(parameters, observations, hidden: hidden, output: values)
    }

    /// Computes the gradient of `weight` · mean (V - R)² / 2, R held fixed, and returns the mean (V - R)² / 2.
    ///
    /// The observations must be those that were evaluated last, with `values` as their result.
    ///
    /// - Note: arXiv:1602.01783 has (R - V)²; the half only halves what `weight` means.
    func differentiate(
        _ observations: Matrix, values: Matrix, returns: Matrix, weights: Matrix, weight: Double
    ) -> Double {
        var (sum, count) = (0.0, 0.0)
        for row in 0..<values.rows { count += Double(weights[row, 0]) }
        count = max(count, 1)
        for row in 0..<values.rows {
            let error = Double(weights[row, 0]) * (Double(values[row, 0]) - Double(returns[row, 0]))
            sum += error * error
            outputGradient[row, 0] = Float(weight * error / count)
        }
        network.backward(
            parameters, observations, hidden: hidden, outputGradient: outputGradient, gradient: gradient)
        return sum / (2 * count)
    }
}
