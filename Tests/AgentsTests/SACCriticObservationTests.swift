// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Testing

/// Critics that see more than the actor.
struct SACCriticObservationTests {
    static func learner(observations: Int, critic: Int, threads: Int = 1) throws -> SACLearner {
        var configuration = SACConfiguration()
        try configuration.apply(["hidden: [24, 17]", "batch: 13", "learning_rate: 1e-3", "layer_norm: true"])
        let learner = SACLearner(
            observations: observations, criticObservations: critic, actions: 2, configuration: configuration,
            threads: threads)
        var random = RandomStream(seed: 1, .initialisation)
        learner.initialise(using: &random)
        return learner
    }

    static func numbers(_ parameters: Parameters) -> [Float] { (0..<parameters.count).map { parameters[$0] } }

    /// The first three numbers of each observation are the actor's; the last two are a critic's, or also the actor's.
    static func fill(_ learner: SACLearner) {
        var random = RandomStream(seed: 2, name: "batch")
        let seen = Matrix(rows: 13, columns: 5)
        for (policy, critic) in [
            (learner.batch.observations, learner.batch.criticObservations),
            (learner.batch.nextObservations, learner.batch.nextCriticObservations),
        ] {
            seen.fillNormal(using: &random)
            for row in 0..<13 {
                for column in 0..<5 {
                    if column < policy.columns {
                        policy[row, column] = seen[row, column]
                    } else {
                        critic[row, column - policy.columns] = seen[row, column]
                    }
                }
            }
        }
        learner.batch.actions.fillNormal(using: &random)
        learner.batch.rewards.fillNormal(using: &random)
    }

    @Test func `an update is that of an actor which sees all and looks at its own part`() throws {
        let (apart, all) = (
            try Self.learner(observations: 3, critic: 2), try Self.learner(observations: 5, critic: 0)
        )
        // The same numbers, and nothing for what only critics see.
        let first = all.actor.network.layers[0]
        for output in 0..<first.outputs {
            for input in 0..<5 {
                all.actor.parameters[first.weights + output * 5 + input] =
                    input < 3 ? apart.actor.parameters[output * 3 + input] : 0
            }
        }
        for index in 0..<apart.actor.parameters.count - 3 * first.outputs {
            all.actor.parameters[5 * first.outputs + index] =
                apart.actor.parameters[3 * first.outputs + index]
        }
        for (one, other) in [(apart.critics.0, all.critics.0), (apart.critics.1, all.critics.1)] {
            other.parameters.copy(from: one.parameters)
            other.target.copy(from: one.target)
        }
        var losses: [[Double]] = []
        for learner in [apart, all] {
            Self.fill(learner)
            var noise = RandomStream(seed: 3, .update)
            learner.drawNoise(using: &noise)
            let metrics = learner.update()
            losses.append([metrics.criticLosses.0, metrics.actorLoss, metrics.entropy, metrics.value])
        }
        for (one, other) in zip(losses[0], losses[1]) {
            #expect(abs(one - other) < 1e-5 * max(1, abs(other)))
        }
        for (one, other) in [
            (apart.critics.0.parameters, all.critics.0.parameters),
            (apart.critics.1.target, all.critics.1.target),
        ] {
            #expect(zip(Self.numbers(one), Self.numbers(other)).allSatisfy { abs($0 - $1) < 1e-4 })
        }
        for output in 0..<first.outputs {
            for input in 0..<3 {
                let index = first.weights + output * 5 + input
                #expect(abs(all.actor.parameters[index] - apart.actor.parameters[output * 3 + input]) < 1e-4)
            }
        }
    }

    @Test func `the critics' gradient depends on what they alone see, the actor's draw does not`() throws {
        let learner = try Self.learner(observations: 3, critic: 2)
        Self.fill(learner)
        var noise = RandomStream(seed: 3, .update)
        learner.drawNoise(using: &noise)
        _ = learner.update()
        let first = learner.critics.0.network.layers[0]
        #expect(first.inputs == 7 && learner.actor.network.inputs == 3)
        for input in 3..<5 {
            let slopes = (0..<first.outputs).map {
                learner.critics.0.gradient[first.weights + $0 * 7 + input]
            }
            #expect(slopes.contains { abs($0) > 1e-5 })
        }
        let other = try Self.learner(observations: 3, critic: 2)
        Self.fill(other)
        other.batch.criticObservations[4, 1] += 1
        other.batch.nextCriticObservations[4, 0] += 1
        noise = RandomStream(seed: 3, .update)
        other.drawNoise(using: &noise)
        _ = other.update()
        #expect(Self.numbers(other.critics.0.gradient) != Self.numbers(learner.critics.0.gradient))
        #expect(other.targets[4, 0] != learner.targets[4, 0])
        for row in 0..<13 where row != 4 { #expect(other.targets[row, 0] == learner.targets[row, 0]) }
        for row in 0..<13 {
            #expect(
                other.current.distribution.actions[row, 0] == learner.current.distribution.actions[row, 0])
        }
    }

    @Test(arguments: [2, 4, 8])
    func `any number of threads has the bits of one`(threads: Int) throws {
        let results = try [1, threads].map { threads in
            let learner = try Self.learner(observations: 3, critic: 2, threads: threads)
            var noise = RandomStream(seed: 3, .update)
            for _ in 0..<3 {
                Self.fill(learner)
                learner.drawNoise(using: &noise)
                _ = learner.update()
            }
            return Self.numbers(learner.actor.parameters) + Self.numbers(learner.critics.0.parameters)
                + Self.numbers(learner.critics.1.target)
        }
        #expect(results[0] == results[1])
    }
}
