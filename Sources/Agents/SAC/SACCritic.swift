// SPDX-License-Identifier: MIT

internal import Environments
package import Networks

/// One of the twin critics: Q(s, a) with its target, its optimiser and its scratch memory.
///
/// The twins share nothing, so that they can learn on two threads.
package final class SACCritic {
    package let network: Perceptron
    package let parameters: Parameters
    package let target: Parameters
    package let gradient: Parameters
    package let optimiser: Adam
    private let polyakRate: Double
    private let hidden: HiddenLayers
    /// Q of the batch that was evaluated last, (batch, 1).
    package let values: Matrix
    /// The loss's gradient in `values`, (batch, 1).
    let valueGradient: Matrix
    /// The loss's gradient in the critic's input, (batch, observations + actions).
    let inputGradient: Matrix
    /// The squared error of the last update, halved: mean of (Q - y)² / 2.
    package private(set) var loss = 0.0

    init(observations: Int, actions: Int, configuration: SACConfiguration) {
        network = Perceptron(
            inputs: observations + actions, hidden: configuration.hidden, outputs: 1,
            normalisesLayers: configuration.layerNorm)
        parameters = Parameters(count: network.parameterCount)
        target = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.criticLearningRate)
        polyakRate = configuration.polyakRate
        let batch = configuration.batch
        hidden = HiddenLayers(for: network, batch: batch)
        values = Matrix(rows: batch, columns: 1)
        valueGradient = Matrix(rows: batch, columns: 1)
        inputGradient = Matrix(rows: batch, columns: observations + actions)
    }

    /// Draws the parameters; the target starts as their copy.
    func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
        target.copy(from: parameters)
    }

    /// Writes the target critic's Q of `stateActions` to `values`.
    func evaluateTarget(_ stateActions: Matrix) {
        network.forward(target, stateActions, hidden: hidden, output: values)
    }

    /// Writes Q of `stateActions` to `values`.
    func evaluate(_ stateActions: Matrix) {
        network.forward(parameters, stateActions, hidden: hidden, output: values)
    }

    /// Writes to the first rows of `inputGradient` how the loss changes with the input that was evaluated last, in `rows` of it,
    /// where the loss's gradient in Q is `gradient`.
    func differentiate(rows: [Int], gradient: Float) {
        for index in rows.indices { valueGradient[index, 0] = gradient }
        network.backwardInput(
            parameters, hidden: hidden, outputGradient: valueGradient, inputGradient: inputGradient,
            rows: rows)
    }

    /// One step of regression on the targets y: J = mean (Q(s, a) - y)² / 2, arXiv:1812.05905 equation 5 (the article's 4.19).
    ///
    /// - Note: The target critic takes its Polyak step here, with the optimiser's pass over memory, although the
    ///   algorithm names it last: nothing reads the target before the next update.
    func update(_ stateActions: Matrix, targets: Matrix) {
        network.forward(parameters, stateActions, hidden: hidden, output: values)
        let batch = values.rows
        var sum = 0.0
        for row in 0..<batch {
            let error = values[row, 0] - targets[row, 0]
            sum += Double(error) * Double(error)
            valueGradient[row, 0] = error / Float(batch)
        }
        loss = sum / Double(2 * batch)
        network.backward(
            parameters, stateActions, hidden: hidden, outputGradient: valueGradient, gradient: gradient)
        optimiser.step(parameters, gradient: gradient, target: target, polyakRate: polyakRate)
    }
}

extension SACCritic: Checkpointed {
    package var entries: [CheckpointEntry<SACCritic>] {
        [.init("", parameters), .init("target", target), .init("adam", optimiser)]
    }
}
