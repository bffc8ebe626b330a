// SPDX-License-Identifier: MIT

package import Networks

/// The actor: a network that gives the squashed Gaussian of each observation, with its optimiser.
package final class SACActor {
    package let network: Perceptron
    package let parameters: Parameters
    package let gradient: Parameters
    package let optimiser: Adam

    init(observations: Int, actions: Int, configuration: SACConfiguration) {
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: 2 * actions)
        parameters = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.actorLearningRate)
    }

    /// Draws a batch of actions for `observations` with the noise in `pass`; with `rows`, in these rows alone.
    func sample(_ observations: Matrix, _ pass: ActorPass, rows: Range<Int>? = nil) {
        network.forward(
            parameters, observations, hidden: pass.hidden, output: pass.distribution.head, rows: rows)
        pass.distribution.sample(rows: rows)
    }

    /// The gradient of J = mean (alpha log pi(a|s) - min Q(s, a)), arXiv:1812.05905 equation 9 (the article's 4.23), in a part of the
    /// batch, back to the first layer.
    func differentiate(_ pass: ActorPass, actionGradient: Matrix, alpha: Float, _ part: Part) {
        let batch = actionGradient.rows
        pass.distribution.backward(
            actionGradient: actionGradient, logProbabilityGradient: alpha / Float(batch),
            rows: part.rows(of: batch))
        network.backwardRows(
            parameters, hidden: pass.hidden, outputGradient: pass.distribution.headGradient, part: part)
    }

    /// That gradient in a part of the parameters; of a network with several outputs, none of it depends on those of another part.
    func differentiate(_ observations: Matrix, _ pass: ActorPass, _ part: Part) {
        network.backwardParameters(
            parameters, observations, hidden: pass.hidden, outputGradient: pass.distribution.headGradient,
            gradient: gradient, part: part)
    }

    /// One step down it, which the optimiser has begun, of a part of the parameters.
    func step(_ part: Part) {
        network.forEachRange(of: part) { optimiser.step(parameters, gradient: gradient, in: $0) }
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
