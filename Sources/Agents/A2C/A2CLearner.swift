// SPDX-License-Identifier: MIT

package import Environments
package import Networks

/// What one update of A2C measured.
package struct A2CMetrics: Sendable, Equatable {
    /// The mean of -A log pi.
    package var policyLoss = 0.0
    /// The mean of (V - R)² / 2.
    package var valueLoss = 0.0
    /// The policy's mean entropy (nats).
    package var entropy = 0.0
    /// The norm of the gradient of both networks together, before it was bounded.
    package var gradientNorm = 0.0
    /// The mean of V over the rollout.
    package var value = 0.0

    /// Whether all of them are finite.
    package var isFinite: Bool { (policyLoss + valueLoss + entropy + gradientNorm + value).isFinite }
}

/// One update of advantage actor-critic (arXiv:1602.01783, algorithm S3, with the workers in step).
///
/// First the advantages, then one step down
///
///     J = mean of -A log pi(a|s)  -  beta · mean of H(pi(.|s))  +  w · mean of (V(s) - R)² / 2
///
/// - Note: Actor and critic are separate networks, where the paper's share layers, so that only the actor is exported.
package final class A2CLearner {
    let configuration: A2CConfiguration
    package let actor: A2CActor
    package let critic: A2CCritic
    /// The steps to learn from; fill before `update`.
    package let rollout: Rollout
    /// The observations as the networks see them, (rows, observations); fill before `update`, normalised where that is wanted.
    package let inputs: Matrix
    /// The observations after the steps, as the networks see them.
    package let nextInputs: Matrix
    /// What rewards are multiplied by.
    package var rewardFactor = 1.0
    /// A of each step, and R; (rows, 1).
    package let advantages: Matrix
    package let returns: Matrix

    private let rewards: Matrix
    private let values: Matrix
    private let nextValues: Matrix
    private let trained: [(name: String, parameters: Parameters, gradient: Parameters, A2COptimiser)]

    /// Rewards are cut at so many deviations, as in VecNormalize of OpenAI's baselines.
    private static let rewardLimit: Float = 10

    package init(observations: Int, actions: Int, grid: ActionGrid?, configuration: A2CConfiguration) {
        self.configuration = configuration
        actor = A2CActor(
            observations: observations, actions: actions, grid: grid, configuration: configuration)
        critic = A2CCritic(observations: observations, configuration: configuration)
        rollout = Rollout(
            environments: configuration.environments, length: configuration.rollout,
            observations: observations, draws: actor.drawCount)
        let rows = rollout.rows
        inputs = Matrix(rows: rows, columns: observations)
        nextInputs = Matrix(rows: rows, columns: observations)
        advantages = Matrix(rows: rows, columns: 1)
        returns = Matrix(rows: rows, columns: 1)
        rewards = Matrix(rows: rows, columns: 1)
        values = Matrix(rows: rows, columns: 1)
        nextValues = Matrix(rows: rows, columns: 1)
        var vectors = [
            ("actor", actor.parameters, actor.gradient), ("critic", critic.parameters, critic.gradient),
        ]
        if case .gaussian(let head) = actor.head {
            vectors.append(("log_deviations", head.logDeviations, head.logDeviationGradient))
        }
        trained = vectors.map { ($0, $1, $2, A2COptimiser(configuration, count: $1.count)) }
    }

    /// Draws all parameters.
    package func initialise(using random: inout RandomStream) {
        actor.initialise(using: &random)
        critic.initialise(using: &random)
    }

    /// Learns from the rollout, once.
    package func update() -> A2CMetrics {
        estimateAdvantages()
        var metrics = differentiate()
        metrics.gradientNorm = boundGradient()
        for (_, parameters, gradient, optimiser) in trained {
            optimiser.step(parameters, gradient: gradient)
        }
        return metrics
    }

    /// Computes `advantages` and `returns` of the rollout.
    package func estimateAdvantages() {
        let (factor, limit) = (Float(rewardFactor), Self.rewardLimit)
        for row in 0..<rollout.rows {
            let reward = rollout.rewards[row, 0]
            rewards[row, 0] =
                configuration.normaliseReturns ? min(max(factor * reward, -limit), limit) : reward
        }
        critic.evaluate(nextInputs, into: nextValues)
        critic.evaluate(inputs, into: values)
        AdvantageEstimation(discount: configuration.discount, lambda: configuration.lambda).estimate(
            rollout, rewards: rewards, values: values, nextValues: nextValues, advantages: advantages,
            returns: returns)
        if configuration.normaliseAdvantages { normaliseAdvantages() }
    }

    /// Brings the advantages of the steps that count to mean 0 and deviation 1; where they differ by rounding alone, to mean 0.
    private func normaliseAdvantages() {
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for row in 0..<rollout.rows where rollout.weights[row, 0] > 0 {
            count += 1
            sum += Double(advantages[row, 0])
        }
        guard count > 0 else { return }
        let mean = sum / count
        for row in 0..<rollout.rows where rollout.weights[row, 0] > 0 {
            let difference = Double(advantages[row, 0]) - mean
            squares += difference * difference
        }
        var deviation = (squares / count).squareRoot() + 1e-8
        // Rounding brought to deviation 1 would be learned from.
        if deviation <= 1e-6 * abs(mean) { deviation = 1 }
        for row in 0..<rollout.rows where rollout.weights[row, 0] > 0 {
            advantages[row, 0] = Float((Double(advantages[row, 0]) - mean) / deviation)
        }
    }

    /// Computes the gradient of J in all parameters; advantages and returns are held fixed.
    package func differentiate() -> A2CMetrics {
        var metrics = A2CMetrics()
        metrics.valueLoss = critic.differentiate(
            inputs, values: values, returns: returns, weights: rollout.weights,
            weight: configuration.valueWeight)
        let loss = actor.differentiate(
            inputs, draws: rollout.draws, advantages: advantages, weights: rollout.weights,
            entropyWeight: configuration.entropyWeight)
        (metrics.policyLoss, metrics.entropy) = (loss.value, loss.entropy)
        metrics.value = meanValue
        return metrics
    }

    /// The mean of V over the rows that count.
    private var meanValue: Double {
        var (sum, count) = (0.0, 0.0)
        for row in 0..<rollout.rows where rollout.weights[row, 0] > 0 {
            sum += Double(values[row, 0])
            count += 1
        }
        return count > 0 ? sum / count : 0
    }

    /// Shortens the gradient of all parameters together to the norm that is allowed; returns the norm that it had.
    package func boundGradient() -> Double {
        let norm = trained.reduce(0) { $0 + $1.gradient.squaredNorm }.squareRoot()
        if norm > configuration.gradientNorm {
            let factor = Float(configuration.gradientNorm / norm)
            for vector in trained { vector.gradient.scale(by: factor) }
        }
        return norm
    }
}

extension A2CLearner: Checkpointed {
    package var entries: [CheckpointEntry<A2CLearner>] {
        [.init("rollout", rollout)]
            + trained.flatMap { name, parameters, _, optimiser in
                [.init(name, parameters), optimiser.entry(name)]
            }
    }

    /// Refuses choices that the policy does not have.
    package func restored() throws {
        guard case .categorical(let head, _) = actor.head else { return }
        let choices = 0...Float(head.grid.count - 1)
        guard (0..<rollout.count).allSatisfy({ choices.contains(rollout.draws[$0, 0]) }) else {
            throw AgentsError.badState("the rollout holds choices that do not exist")
        }
    }
}
