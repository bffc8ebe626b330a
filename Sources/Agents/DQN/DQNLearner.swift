// SPDX-License-Identifier: MIT

package import Environments
package import Networks

/// What one update of DQN measured.
package struct DQNMetrics: Sendable, Equatable {
    /// The loss, the mean over the batch.
    package var loss = 0.0
    /// The mean over the batch of max Q(s, ·), before the update.
    package var value = 0.0

    /// Whether both are finite, and small enough for the single precision that learning is done in.
    package var isFinite: Bool {
        abs(loss) <= Double(Float.greatestFiniteMagnitude).squareRoot() && value.isFinite
    }
}

/// One update of DQN or Double DQN: targets, regression, and every K-th time the copy (the article's 2.1 to 2.8).
///
/// The network gives Q(s, ·) of all choices at once, (batch, choices).
package final class DQNLearner {
    /// The length of an observation.
    package let observations: Int
    /// The number of choices.
    package let choices: Int
    let configuration: DQNConfiguration
    package let network: Perceptron
    package let parameters: Parameters
    /// theta minus: the parameters that targets are computed with.
    package let target: Parameters
    package let gradient: Parameters
    package let optimiser: Adam
    /// The updates done.
    package internal(set) var updates = 0

    /// The transitions to learn from; fill before `update`.
    ///
    /// An action is one number, the choice's.
    package let batch: MiniBatch
    /// y of each transition, (batch, 1).
    package let targets: Matrix
    private let hidden: HiddenLayers
    /// Q(s, ·), (batch, choices).
    private let values: Matrix
    /// Q(s', ·) of the target network, (batch, choices).
    private let nextValues: Matrix
    /// Q(s', ·) of the network itself, (batch, choices); for Double DQN alone.
    private let nextRanks: Matrix?
    private let valueGradient: Matrix
    private let actingHidden: HiddenLayers
    private let actingObservation: Matrix
    private let actingValues: Matrix

    /// Makes the network; its parameters are zero until `initialise`.
    package init(observations: Int, choices: Int, configuration: DQNConfiguration) {
        self.observations = observations
        self.choices = choices
        self.configuration = configuration
        network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: choices)
        parameters = Parameters(count: network.parameterCount)
        target = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.learningRate)
        let rows = configuration.rows
        batch = MiniBatch(rows: rows, observations: observations, actions: 1)
        targets = Matrix(rows: rows, columns: 1)
        hidden = HiddenLayers(for: network, batch: rows)
        values = Matrix(rows: rows, columns: choices)
        nextValues = Matrix(rows: rows, columns: choices)
        nextRanks = configuration.target == .double ? Matrix(rows: rows, columns: choices) : nil
        valueGradient = Matrix(rows: rows, columns: choices)
        actingHidden = HiddenLayers(for: network, batch: 1)
        actingObservation = Matrix(rows: 1, columns: observations)
        actingValues = Matrix(rows: 1, columns: choices)
    }

    /// Draws the parameters; the target network starts as their copy.
    package func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
        target.copy(from: parameters)
    }

    /// The choice of the highest value, the first one of equals.
    package func greedyChoice(_ observation: Span<Float>) -> Int {
        actingObservation.setRow(0, to: observation)
        network.forward(parameters, actingObservation, hidden: actingHidden, output: actingValues)
        return actingValues.highestColumn(inRow: 0)
    }

    /// max Q(s, ·): what the network believes that its greedy policy gets from here.
    package func highestValue(_ observation: Span<Float>) -> Double {
        Double(actingValues[0, greedyChoice(observation)])
    }

    /// Learns from `batch`, once.
    package func update() -> DQNMetrics {
        computeTargets()
        let metrics = differentiate()
        optimiser.step(parameters, gradient: gradient)
        updates += 1
        if configuration.usesTargetNetwork, updates.isMultiple(of: configuration.targetInterval) {
            target.copy(from: parameters)
        }
        return metrics
    }

    /// y = r + gamma (1 - terminated) Q'(s', a*).
    ///
    /// DQN: Q' is the target network's, a* = argmax Q'(s', ·) (the article's 2.3.3). Double DQN: a* = argmax Q(s', ·) of the network itself
    /// (arXiv:1509.06461, section "Double DQN").
    ///
    /// - Note: The article's targets lack (1 - terminated); it is here. Without a target network Q' is the network itself, and the
    ///   two rules are the same.
    package func computeTargets() {
        let source = configuration.usesTargetNetwork ? target : parameters
        network.forward(source, batch.nextObservations, hidden: hidden, output: nextValues)
        if let nextRanks {
            network.forward(parameters, batch.nextObservations, hidden: hidden, output: nextRanks)
        }
        let discount = Float(configuration.discount)
        for row in 0..<batch.rows {
            let choice = (nextRanks ?? nextValues).highestColumn(inRow: row)
            targets[row, 0] =
                batch.rewards[row, 0] + discount * (1 - batch.terminated[row, 0]) * nextValues[row, choice]
        }
    }

    /// Writes the gradient of J = mean loss(Q(s, a) - y) to `gradient`; y is held fixed.
    package func differentiate() -> DQNMetrics {
        network.forward(parameters, batch.observations, hidden: hidden, output: values)
        var metrics = DQNMetrics()
        let share = 1 / Float(batch.rows)
        for row in 0..<batch.rows {
            let choice = Int(batch.actions[row, 0])
            let error = values[row, choice] - targets[row, 0]
            for column in 0..<choices { valueGradient[row, column] = 0 }
            valueGradient[row, choice] = share * configuration.loss.slope(error)
            metrics.loss += Double(share * configuration.loss.value(error))
            metrics.value += Double(share * values[row, values.highestColumn(inRow: row)])
        }
        network.backward(
            parameters, batch.observations, hidden: hidden, outputGradient: valueGradient, gradient: gradient)
        return metrics
    }
}

extension DQNLoss {
    /// The loss of an error.
    func value(_ error: Float) -> Float {
        switch self {
        case .squared: error * error / 2
        case .huber: abs(error) <= 1 ? error * error / 2 : abs(error) - 0.5
        }
    }

    /// Its derivative.
    func slope(_ error: Float) -> Float {
        switch self {
        case .squared: error
        case .huber: min(max(error, -1), 1)
        }
    }
}

extension Matrix {
    /// The column of the greatest element of a row, the first one of equals: as the policy's engine chooses.
    func highestColumn(inRow row: Int) -> Int {
        var best = 0
        for column in 1..<max(columns, 1) where self[row, column] > self[row, best] { best = column }
        return best
    }
}
