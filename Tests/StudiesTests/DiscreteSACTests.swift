// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Studies
import Testing

/// Discrete SAC against what soft policy iteration finds exactly, and its gradients against central differences.
struct DiscreteSACTests {
    /// Four states of three choices; choices lead to one of two states, one of them may end the episode.
    static func process(seed: UInt64) -> FiniteMDP {
        var random = RandomStream(seed: seed, name: "process")
        let states = (0..<4).map { _ in
            (0..<3).map { choice -> FiniteMDP.Choice in
                let (first, second) = (random.index(below: 4), random.index(below: 4))
                let share = random.uniform(0.1, 0.7)
                let rest = choice == 2 ? 0.7 - share : 1 - share
                return FiniteMDP.Choice(
                    reward: random.uniform(-1, 1),
                    successors: [.init(first, probability: share), .init(second, probability: rest)])
            }
        }
        return FiniteMDP(states: states, discount: 0.8)
    }

    static func oneHot(_ state: Int?) -> [Float] { (0..<4).map { $0 == state ? 1 : 0 } }

    /// Fills the batch with steps from all states by all choices in turn.
    static func fill(_ batch: MiniBatch, _ process: FiniteMDP, using random: inout RandomStream) {
        for row in 0..<batch.rows {
            let (state, choice) = (row % 4, row / 4 % 3)
            let (reward, next) = process.sample(state: state, choice: choice, using: &random)
            batch.observations.setRow(row, to: oneHot(state).span)
            batch.actions[row, 0] = Float(choice)
            batch.rewards[row, 0] = Float(reward)
            batch.nextObservations.setRow(row, to: oneHot(next).span)
            batch.terminated[row, 0] = next == nil ? 1 : 0
        }
    }

    static func learner(_ change: (inout DiscreteSACConfiguration) -> Void = { _ in }) -> DiscreteSACLearner {
        var configuration = DiscreteSACConfiguration()
        configuration.hidden = [32]
        configuration.batch = 240
        configuration.discount = 0.8
        configuration.polyakRate = 0.02
        configuration.temperature = .fixed
        configuration.initialTemperature = 0.4
        change(&configuration)
        let learner = DiscreteSACLearner(observations: 4, choices: 3, configuration: configuration)
        var random = RandomStream(seed: 1, .initialisation)
        learner.initialise(using: &random)
        return learner
    }

    @Test(arguments: [1, 2, 3])
    func `it converges to the exact soft policy`(seed: UInt64) throws {
        let process = Self.process(seed: seed)
        let exact = try SoftPolicyIteration.solve(process, temperature: 0.4)
        let learner = Self.learner { $0.learningRate = 2e-4 }
        var random = RandomStream(seed: seed, .replay)
        for _ in 0..<30_000 {
            Self.fill(learner.batch, process, using: &random)
            _ = learner.update()
        }
        for state in 0..<4 {
            let probabilities = learner.probabilities(for: Self.oneHot(state))
            let variation = (0..<3).reduce(0.0) {
                $0 + abs(probabilities[$1] - exact.policy[state, $1]) / 2
            }
            #expect(variation < 0.02, "state \(state): \(probabilities), total variation \(variation)")
            let values = learner.values(for: Self.oneHot(state))
            for choice in 0..<3 {
                #expect(abs(values[choice] - exact.values[state, choice]) < 0.05)
            }
            // The uniform and the greedy policy are far from it: the test can fail.
            #expect((0..<3).contains { abs(exact.policy[state, $0] - 1 / 3) > 0.05 })
            #expect((0..<3).allSatisfy { exact.policy[state, $0] < 0.97 })
        }
    }

    @Test func `the tuned temperature drives the entropy to its target`() {
        let process = Self.process(seed: 1)
        let learner = Self.learner {
            $0.temperature = .tuned
            $0.targetEntropy = 0.6
            $0.temperatureLearningRate = 3e-3
            $0.learningRate = 3e-3
        }
        var random = RandomStream(seed: 4, .replay)
        var entropies: [Double] = []
        for _ in 0..<6000 {
            Self.fill(learner.batch, process, using: &random)
            entropies.append(learner.update().entropy)
        }
        let mean = entropies.suffix(500).reduce(0, +) / 500
        #expect(abs(mean - 0.6) < 0.02, "the entropy is \(mean)")
    }

    @Test func `targets and the actor's gradient are those written out in double precision`() {
        let process = Self.process(seed: 2)
        // Without hidden layers the logits of a state are the weights of its column, and the biases.
        let learner = Self.learner {
            $0.hidden = []
            $0.batch = 16
            $0.learningRate = 0
        }
        var random = RandomStream(seed: 4, .replay)
        Self.fill(learner.batch, process, using: &random)
        let alpha = 0.4
        let parameters = (0..<15).map { Double(learner.actorParameters[$0]) }
        func policy(_ parameters: [Double], _ observation: [Float]) -> [Double] {
            let logits = (0..<3).map { choice -> Double in
                var sum = parameters[12 + choice]
                for input in 0..<4 { sum += parameters[4 * choice + input] * Double(observation[input]) }
                return sum
            }
            let sum = logits.reduce(0) { $0 + exp($1) }
            return logits.map { exp($0) / sum }
        }
        func state(_ matrix: Matrix, _ row: Int) -> [Float] { (0..<4).map { matrix[row, $0] } }
        learner.computeTargets(alpha: Float(alpha))
        for row in 0..<16 {
            // A fresh target critic is the critic.
            let next = state(learner.batch.nextObservations, row)
            let values = learner.values(for: next)
            let pi = policy(parameters, next)
            let value = (0..<3).reduce(0) { $0 + pi[$1] * (values[$1] - alpha * log(pi[$1])) }
            let exact =
                Double(learner.batch.rewards[row, 0])
                + 0.8 * Double(1 - learner.batch.terminated[row, 0]) * value
            #expect(abs(Double(learner.targets[row, 0]) - exact) < 1e-5)
        }
        let loss = { (parameters: [Double]) -> Double in
            (0..<16).reduce(0.0) { sum, row in
                let observation = state(learner.batch.observations, row)
                let pi = policy(parameters, observation)
                let values = learner.values(for: observation)
                return sum + (0..<3).reduce(0) { $0 + pi[$1] * (alpha * log(pi[$1]) - values[$1]) } / 16
            }
        }
        let (value, entropy) = learner.differentiateActor(alpha: Float(alpha))
        #expect(abs(value - loss(parameters)) < 1e-5)
        #expect(entropy > 0.5 && entropy <= log(3) + 1e-6)
        for index in parameters.indices {
            var (above, below) = (parameters, parameters)
            above[index] += 1e-6
            below[index] -= 1e-6
            let slope = (loss(above) - loss(below)) / 2e-6
            #expect(abs(Double(learner.actorGradient[index]) - slope) < 1e-5, "parameter \(index)")
        }
    }

    @Test func `the target entropy is 0.98 of the largest where it is not said`() {
        let learner = Self.learner { $0.temperature = .tuned }
        #expect(abs((learner.temperature.targetEntropy ?? 0) - 0.98 * log(3)) < 1e-12)
    }
}
