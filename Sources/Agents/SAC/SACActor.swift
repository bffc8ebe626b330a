// SPDX-License-Identifier: MIT

package import Networks

/// The actor: a network that gives the squashed Gaussian of each observation, with its optimiser.
package final class SACActor {
    package let network: Perceptron
    package let parameters: Parameters
    package let gradient: Parameters
    /// The gradient of the second half of the batch, before it is added to `gradient`.
    private let secondGradient: Parameters
    package let optimiser: Adam

    init(observations: Int, actions: Int, configuration: SACConfiguration) {
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: 2 * actions)
        parameters = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        secondGradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.actorLearningRate)
    }

    /// Draws a batch of actions for `observations` with the noise in `pass`.
    func sample(_ observations: Matrix, _ pass: ActorPass) {
        network.forward(
            parameters, observations, hidden: pass.hidden, output: pass.distribution.head)
        pass.distribution.sample()
    }

    /// Computes the gradient of J = mean (alpha log pi(a|s) - min Q(s, a)), arXiv:1812.05905 equation 9 (the article's 4.23), over
    /// one half of the batch.
    ///
    /// The gradient in the head must be there: `pass.distribution.backward`.
    func differentiate(_ observations: Matrix, _ pass: ActorPass, half: Int) {
        let middle = (observations.rows + 1) / 2
        network.backward(
            parameters, observations, hidden: pass.hidden, outputGradient: pass.distribution.headGradient,
            gradient: half == 0 ? gradient : secondGradient,
            rows: half == 0 ? 0..<middle : middle..<observations.rows)
    }

    /// Counts the step that `step(half:)` does.
    func beginStep() {
        optimiser.beginStep()
    }

    /// One step down the gradient of both halves of the batch, for one half of the parameters.
    func step(half: Int) {
        let range = parameters.half(half)
        gradient.add(secondGradient, in: range)
        optimiser.step(parameters, gradient: gradient, in: range)
    }
}

/// Scratch buffers for one batch.
package final class ActorPass {
    package let hidden: HiddenLayers
    package let distribution: SquashedGaussian

    init(for network: Perceptron, batch: Int) {
        hidden = HiddenLayers(for: network, batch: batch)
        distribution = SquashedGaussian(batch: batch, actions: network.outputs / 2)
    }
}

extension SACActor: Checkpointed {
    package var entries: [CheckpointEntry<SACActor>] { [.init("", parameters), .init("adam", optimiser)] }
}
