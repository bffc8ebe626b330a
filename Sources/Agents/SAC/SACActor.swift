// SPDX-License-Identifier: MIT

internal import Networks

/// The actor: a network that gives the squashed Gaussian of each observation, with its optimiser.
final class SACActor {
    let network: Perceptron
    var parameters: Parameters
    var gradient: Parameters
    var optimiser: Adam

    init(observations: Int, actions: Int, configuration: SACConfiguration) {
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: 2 * actions)
        parameters = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.actorLearningRate)
    }

    /// Draws a batch of actions for `observations` with the noise in `pass`.
    func sample(_ observations: borrowing Matrix, _ pass: ActorPass) {
        network.forward(
            parameters, observations, hidden: &pass.hidden, output: &pass.distribution.head)
        pass.distribution.sample()
    }

    /// One step down J = mean (alpha log pi(a|s) - min Q(s, a)), arXiv:1812.05905 eq. 9 (the article's 4.22), where
    /// `actionGradient` holds the gradient of the second part in the actions of `pass`.
    func update(
        _ observations: borrowing Matrix, _ pass: ActorPass, actionGradient: borrowing Matrix, alpha: Float
    ) {
        pass.distribution.backward(
            actionGradient: actionGradient, logProbabilityGradient: alpha / Float(observations.rows))
        network.backward(
            parameters, observations, hidden: &pass.hidden,
            outputGradient: pass.distribution.headGradient, gradient: &gradient)
        optimiser.step(&parameters, gradient: gradient)
    }
}

/// The memory of one batch's way through the actor.
final class ActorPass {
    var hidden: HiddenLayers
    var distribution: SquashedGaussian

    init(for network: Perceptron, batch: Int) {
        hidden = HiddenLayers(for: network, batch: batch)
        distribution = SquashedGaussian(batch: batch, actions: network.outputs / 2)
    }
}
