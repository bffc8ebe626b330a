// SPDX-License-Identifier: MIT

internal import Environments
internal import Networks

/// One of the twin critics: Q(s, ·), a value for each choice, with its target and its optimiser.
final class DiscreteSACCritic {
    let network: Perceptron
    let parameters: Parameters
    let target: Parameters
    let gradient: Parameters
    let optimiser: Adam
    private let polyakRate: Double
    private let hidden: HiddenLayers
    /// Q of the batch that was evaluated last, (batch, choices).
    let values: Matrix
    private let valueGradient: Matrix

    init(observations: Int, choices: Int, configuration: DiscreteSACConfiguration) {
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: choices)
        parameters = Parameters(count: network.parameterCount)
        target = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.learningRate)
        polyakRate = configuration.polyakRate
        hidden = HiddenLayers(for: network, batch: configuration.batch)
        values = Matrix(rows: configuration.batch, columns: choices)
        valueGradient = Matrix(rows: configuration.batch, columns: choices)
    }

    /// Draws the parameters; the target starts as their copy.
    func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
        target.copy(from: parameters)
    }

    /// Writes the target critic's Q of `observations` to `values`.
    func evaluateTarget(_ observations: Matrix) {
        network.forward(target, observations, hidden: hidden, output: values)
    }

    /// Writes Q of `observations` to `values`.
    func evaluate(_ observations: Matrix) {
        network.forward(parameters, observations, hidden: hidden, output: values)
    }

    /// Computes the gradient of J = mean (Q(s, a) - y)² / 2 of the choices taken, (batch, 1), and returns J.
    func differentiate(_ observations: Matrix, choices: Matrix, targets: Matrix) -> Double {
        evaluate(observations)
        let batch = values.rows
        var sum = 0.0
        for row in 0..<batch {
            let taken = Int(choices[row, 0])
            for choice in 0..<values.columns { valueGradient[row, choice] = 0 }
            let error = values[row, taken] - targets[row, 0]
            valueGradient[row, taken] = error / Float(batch)
            sum += Double(error) * Double(error)
        }
        network.backward(
            parameters, observations, hidden: hidden, outputGradient: valueGradient, gradient: gradient)
        return sum / Double(2 * batch)
    }

    /// One step down the gradient; the target takes its Polyak step.
    func step() {
        optimiser.step(parameters, gradient: gradient, target: target, polyakRate: polyakRate)
    }
}
