// SPDX-License-Identifier: MIT

package import Agents
internal import CLibrary
package import Environments
package import Networks

/// What one update of discrete SAC measured.
package struct DiscreteSACMetrics: Sendable, Equatable {
    /// The losses of the critics, mean (Q - y)² / 2; one or two.
    package var criticLosses: [Double] = []
    /// The loss of the actor, mean of sum over choices of pi (alpha log pi - min Q).
    package var actorLoss = 0.0
    /// The temperature that the update used.
    package var temperature = 0.0
    /// The policy's mean entropy on the batch (nats).
    package var entropy = 0.0
}

/// One update of soft actor-critic with discrete actions (Christodoulou 2019, arXiv:1910.07207): critics, actor, temperature, targets.
///
/// With finitely many choices every expectation over the policy is a sum: the backup takes the soft value of the next state itself,
///
///     V(s) = sum over a of pi(a|s) (min Q(s, a) - alpha log pi(a|s))        equation 10
///     y = r + gamma (1 - terminated) V'(s')
///
/// and the actor's gradient needs no reparameterisation. It is the bridge from soft policy iteration, which it follows by samples, to SAC
/// with continuous actions, which replaces the sums by draws.
package final class DiscreteSACLearner {
    /// The hyperparameters.
    package let configuration: DiscreteSACConfiguration
    /// The number of choices.
    package let choices: Int
    /// The transitions to learn from, to be filled before `update`.
    ///
    /// Its actions are (batch, 1): the number of the choice.
    package let batch: MiniBatch

    package let actor: Perceptron
    package let actorParameters: Parameters
    package let actorGradient: Parameters
    private let actorOptimiser: Adam
    private let hidden: HiddenLayers
    private let distribution: Categorical
    private let critics: [DiscreteSACCritic]
    package private(set) var temperature: Temperature
    package let targets: Matrix

    /// Makes the networks; their parameters are zero until `initialise`.
    package init(observations: Int, choices: Int, configuration: DiscreteSACConfiguration) {
        self.configuration = configuration
        self.choices = choices
        batch = MiniBatch(rows: configuration.batch, observations: observations, actions: 1)
        actor = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: choices)
        actorParameters = Parameters(count: actor.parameterCount)
        actorGradient = Parameters(count: actor.parameterCount)
        actorOptimiser = Adam(count: actor.parameterCount, rate: configuration.learningRate)
        hidden = HiddenLayers(for: actor, batch: configuration.batch)
        distribution = Categorical(batch: configuration.batch, choices: choices)
        critics = (0..<(configuration.hasTwinCritics ? 2 : 1)).map { _ in
            DiscreteSACCritic(observations: observations, choices: choices, configuration: configuration)
        }
        temperature = Temperature(
            initial: configuration.initialTemperature, rate: configuration.temperatureLearningRate,
            targetEntropy: configuration.temperature == .fixed
                ? nil : configuration.targetEntropy ?? 0.98 * log(Double(choices)))
        targets = Matrix(rows: configuration.batch, columns: 1)
    }

    /// Draws all parameters.
    package func initialise(using random: inout RandomStream) {
        actor.initialise(actorParameters, using: &random)
        for critic in critics { critic.initialise(using: &random) }
    }

    /// alpha as it is now.
    package var alpha: Double { temperature.alpha }

    /// Learns from `batch`, once.
    package func update() -> DiscreteSACMetrics {
        var metrics = DiscreteSACMetrics()
        metrics.temperature = temperature.alpha
        let alpha = Float(temperature.alpha)
        computeTargets(alpha: alpha)
        for critic in critics {
            metrics.criticLosses.append(
                critic.differentiate(batch.observations, choices: batch.actions, targets: targets))
            critic.step()
        }
        (metrics.actorLoss, metrics.entropy) = differentiateActor(alpha: alpha)
        actorOptimiser.step(actorParameters, gradient: actorGradient)
        _ = temperature.update(meanLogProbability: -metrics.entropy)
        return metrics
    }

    /// y = r + gamma (1 - terminated) V'(s'), V' by the target critics.
    package func computeTargets(alpha: Float) {
        evaluatePolicy(batch.nextObservations)
        for critic in critics { critic.evaluateTarget(batch.nextObservations) }
        let discount = Float(configuration.discount)
        for row in 0..<targets.rows {
            var value: Float = 0
            for choice in 0..<choices {
                value +=
                    distribution.probabilities[row, choice]
                    * (smallestValue(row, choice) - alpha * distribution.logProbabilities[row, choice])
            }
            targets[row, 0] = batch.rewards[row, 0] + discount * (1 - batch.terminated[row, 0]) * value
        }
    }

    /// Computes the gradient of J = mean of sum over a of pi(a|s) (alpha log pi(a|s) - min Q(s, a)), equation 12, in the actor.
    ///
    /// With f(a) = alpha log pi(a|s) - min Q(s, a), dJ/dx(k) = pi(k) (f(k) - sum over a of pi(a) f(a)): what the logarithm adds is
    /// alpha times the sum of all probabilities, which does not change.
    package func differentiateActor(alpha: Float) -> (loss: Double, entropy: Double) {
        for critic in critics { critic.evaluate(batch.observations) }
        evaluatePolicy(batch.observations)
        let share = 1 / Float(batch.rows)
        var (lossSum, entropySum) = (0.0, 0.0)
        for row in 0..<batch.rows {
            func cost(_ choice: Int) -> Float {
                alpha * distribution.logProbabilities[row, choice] - smallestValue(row, choice)
            }
            var mean: Float = 0
            for choice in 0..<choices { mean += distribution.probabilities[row, choice] * cost(choice) }
            for choice in 0..<choices {
                distribution.logitGradient[row, choice] =
                    share * distribution.probabilities[row, choice] * (cost(choice) - mean)
            }
            lossSum += Double(mean)
            entropySum += Double(distribution.entropies[row, 0])
        }
        actor.backward(
            actorParameters, batch.observations, hidden: hidden, outputGradient: distribution.logitGradient,
            gradient: actorGradient)
        return (lossSum / Double(batch.rows), entropySum / Double(batch.rows))
    }

    private func evaluatePolicy(_ observations: Matrix) {
        actor.forward(actorParameters, observations, hidden: hidden, output: distribution.logits)
        distribution.normalise()
    }

    private func smallestValue(_ row: Int, _ choice: Int) -> Float {
        var value = critics[0].values[row, choice]
        for critic in critics.dropFirst() { value = min(value, critic.values[row, choice]) }
        return value
    }
}

extension DiscreteSACLearner {
    /// pi of every choice for `observation`.
    package func probabilities(for observation: [Float]) -> [Double] {
        precondition(observation.count == actor.inputs, "an observation of \(observation.count) numbers")
        let input = Matrix(rows: 1, columns: actor.inputs)
        input.setRow(0, to: observation.span)
        let single = Categorical(batch: 1, choices: choices)
        actor.forward(
            actorParameters, input, hidden: HiddenLayers(for: actor, batch: 1), output: single.logits)
        single.normalise()
        return (0..<choices).map { Double(single.probabilities[0, $0]) }
    }

    /// min Q of every choice for `observation`.
    package func values(for observation: [Float]) -> [Double] {
        precondition(observation.count == actor.inputs, "an observation of \(observation.count) numbers")
        let input = Matrix(rows: 1, columns: actor.inputs)
        input.setRow(0, to: observation.span)
        let output = Matrix(rows: 1, columns: choices)
        var smallest = [Double](repeating: .infinity, count: choices)
        for critic in critics {
            critic.network.forward(
                critic.parameters, input, hidden: HiddenLayers(for: critic.network, batch: 1),
                output: output)
            for choice in 0..<choices { smallest[choice] = min(smallest[choice], Double(output[0, choice])) }
        }
        return smallest
    }
}
