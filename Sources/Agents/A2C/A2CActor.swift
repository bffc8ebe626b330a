// SPDX-License-Identifier: MIT

internal import Environments
package import Networks

/// What an actor's loss is, as means over the steps that count.
package struct PolicyLoss {
    /// The mean of -A log pi.
    package private(set) var value = 0.0
    /// The mean entropy, or of its estimates (nats).
    package private(set) var entropy = 0.0
    /// The steps that count.
    let count: Double

    init(_ weights: Matrix) {
        var count = 0.0
        for row in 0..<weights.rows { count += Double(weights[row, 0]) }
        self.count = max(count, 1)
    }

    mutating func add(_ value: Double, entropy: Double, share: Double) {
        // A step without weight may hold anything.
        guard share > 0 else { return }
        self.value += share * value
        self.entropy += share * entropy
    }
}

/// The actor: a network that gives the distribution of the action for each observation.
package final class A2CActor {
    /// Which distribution it is.
    package enum Head {
        case gaussian(GaussianHead)
        /// The head, and the distribution of the one observation that is acted on.
        case categorical(CategoricalHead, acting: Categorical)
    }

    package let network: Perceptron
    package let parameters: Parameters
    package let gradient: Parameters
    package let head: Head
    private let hidden: HiddenLayers
    private let actingHidden: HiddenLayers
    private let actingMeans: Matrix

    /// Makes an actor of `grid`, or of continuous actions where there is none; its parameters are zero until `initialise`.
    init(observations: Int, actions: Int, grid: ActionGrid?, configuration: A2CConfiguration) {
        let batch = configuration.environments * configuration.rollout
        network = Perceptron(
            inputs: observations, hidden: configuration.hidden, outputs: grid?.count ?? actions)
        parameters = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        hidden = HiddenLayers(for: network, batch: batch)
        actingHidden = HiddenLayers(for: network, batch: 1)
        actingMeans = Matrix(rows: 1, columns: actions)
        head =
            if let grid {
                .categorical(
                    CategoricalHead(batch: batch, grid: grid),
                    acting: Categorical(batch: 1, choices: grid.count))
            } else {
                .gaussian(
                    GaussianHead(
                        batch: batch, actions: actions, initialDeviation: configuration.initialDeviation))
            }
    }

    /// The length of an action.
    var actionCount: Int { actingMeans.columns }

    /// The numbers that a draw has in a rollout.
    package var drawCount: Int {
        switch head {
        case .gaussian(let head): head.means.columns
        case .categorical: 1
        }
    }

    /// Draws all parameters; those of the last layer a hundredth of the usual size, so that the first actions depend on the
    /// deviation alone (recommended by arXiv:2006.05990, section 3.2).
    func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
        guard let last = network.layers.last else { return }
        for index in last.weights..<last.biases + last.outputs { parameters[index] *= 0.01 }
    }

    /// Draws an action for one `observation`, and writes what was drawn to `row` of `draws`.
    func act(
        on observation: Matrix, into draws: Matrix, row: Int, action: inout MutableSpan<Float>,
        using random: inout RandomStream
    ) {
        switch head {
        case .gaussian(let head):
            network.forward(parameters, observation, hidden: actingHidden, output: actingMeans)
            head.draw(about: actingMeans, into: draws, row: row, action: &action, using: &random)
        case .categorical(let head, let acting):
            network.forward(parameters, observation, hidden: actingHidden, output: acting.logits)
            head.draw(from: acting, into: draws, row: row, action: &action, using: &random)
        }
    }

    /// Computes the loss of a batch and its gradient in all parameters.
    func differentiate(
        _ observations: Matrix, draws: Matrix, advantages: Matrix, weights: Matrix, entropyWeight: Double
    ) -> PolicyLoss {
        let (output, outputGradient) =
            switch head {
            case .gaussian(let head): (head.means, head.meanGradient)
            case .categorical(let head, _): (head.distribution.logits, head.distribution.logitGradient)
            }
        network.forward(parameters, observations, hidden: hidden, output: output)
        let loss =
            switch head {
            case .gaussian(let head):
                head.differentiate(
                    draws: draws, advantages: advantages, weights: weights, entropyWeight: entropyWeight)
            case .categorical(let head, _):
                head.differentiate(
                    draws: draws, advantages: advantages, weights: weights, entropyWeight: entropyWeight)
            }
        network.backward(
            parameters, observations, hidden: hidden, outputGradient: outputGradient, gradient: gradient)
        return loss
    }
}
