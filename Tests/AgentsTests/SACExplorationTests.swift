// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Settings
import Testing

/// How soft actor-critic explores, and the entropy that it steers to.
struct SACExplorationTests {
    /// The warm-up's actions of an agent in `environments`, a row for each step.
    static func actions(_ settings: [String], environments: Int = 1, count: Int) throws -> [[Float]] {
        let agent = try SACLearningTests.agent(
            observations: 1, actions: 2,
            ["hidden: [4]", "environments: \(environments)", "steps: 1000"] + settings)
        let observations = Matrix(rows: environments, columns: 1)
        let actions = Matrix(rows: environments, columns: 2)
        return (0..<count).map { _ in
            agent.act(observations, into: actions)
            return (0..<2 * environments).map { actions[$0 / 2, $0 % 2] }
        }
    }

    /// The lengths of runs of equal numbers, without the last run, which is cut.
    static func runs(_ numbers: [Float]) -> [Int] {
        var runs: [Int] = []
        var start = 0
        for index in numbers.indices.dropFirst() where numbers[index] != numbers[start] {
            runs.append(index - start)
            start = index
        }
        return runs
    }

    @Test(arguments: [2, 16])
    func `noise is held for k steps with a probability proportional to 1 / k²`(most: Int) throws {
        let actions = try Self.actions(["noise_hold: \(most)"], count: 40_000)
        let runs = Self.runs(actions.map { $0[0] })
        #expect(Self.runs(actions.map { $0[1] }) == runs)
        let sum = (1...most).reduce(0) { $0 + 1 / Double($1 * $1) }
        for k in 1...most {
            let expected = 1 / (Double(k * k) * sum)
            let found = Double(runs.count { $0 == k }) / Double(runs.count)
            // Four standard deviations of the share.
            let bound = 4 * (expected * (1 - expected) / Double(runs.count)).squareRoot()
            #expect(abs(found - expected) < bound, "\(k) steps: \(found), not \(expected)")
        }
        #expect(runs.max() == most)
        // Each step's noise has the distribution of new noise: uniform actions of variance 1/3.
        let variance = actions.reduce(0) { $0 + Double($1[0] * $1[0]) } / Double(actions.count)
        #expect(abs(variance - 1.0 / 3) < 0.02)
    }

    @Test func `environments have noise of their own, and hold it each for itself`() throws {
        let actions = try Self.actions(["noise_hold: 16"], environments: 3, count: 400)
        let runs = (0..<3).map { column in Self.runs(actions.map { $0[2 * column] }) }
        #expect(runs[0] != runs[1] && runs[1] != runs[2])
        #expect(Set(actions[0]).count == 6)
    }

    @Test func `without it every step's noise is new`() throws {
        let actions = try Self.actions([], count: 100)
        #expect(Self.runs(actions.map { $0[0] }).allSatisfy { $0 == 1 })
    }

    @Test func `one pass of the actor acts in each environment as in one alone`() throws {
        let settings = [
            "hidden: [16, 16]", "warm_up: 0", "noise_correlation: 0", "normalise_observations: true",
        ]
        let together = try SACLearningTests.agent(observations: 3, actions: 2, settings + ["environments: 4"])
        let alone = try SACLearningTests.agent(observations: 3, actions: 2, settings)
        let observations = Matrix(rows: 4, columns: 3)
        var random = RandomStream(seed: 8, name: "observations")
        observations.fillNormal(using: &random)
        let actions = Matrix(rows: 4, columns: 2)
        together.act(observations, into: actions)
        // The streams are the same, and are drawn from in the order of the environments.
        for row in 0..<4 {
            let observation = (0..<3).map { observations[row, $0] }
            var action: [Float] = [0, 0]
            var span = action.mutableSpan
            alone.act(observation.span, into: &span)
            #expect(action == [actions[row, 0], actions[row, 1]])
        }
    }

    @Test(arguments: [(0.15, 1), (0.15, 12), (0.3, 3)])
    func `a target deviation is the entropy of a Gaussian, for each number of the action`(
        deviation: Double, actions: Int
    ) throws {
        var configuration = SACConfiguration()
        try configuration.apply(["hidden: [4]", "target_deviation: \(deviation)"])
        let learner = SACLearner(observations: 2, actions: actions, configuration: configuration)
        // By a sum over its density, in place of the formula.
        let step = deviation / 1000
        let entropy = stride(from: -10 * deviation, through: 10 * deviation, by: step).reduce(0.0) { sum, x in
            let density =
                exp(-x * x / (2 * deviation * deviation)) / (deviation * (2 * Double.pi).squareRoot())
            return sum - (density > 0 ? density * log(density) * step : 0)
        }
        let target = try #require(learner.temperature.targetEntropy)
        #expect(abs(target - Double(actions) * entropy) < 1e-6 * Double(actions))
    }

    @Test(arguments: [
        (["target_deviation: 0.1", "target_entropy: -1"], "the target entropy is given twice"),
        (["target_deviation: 0.1", "temperature: fixed"], "remove target_deviation"),
        (["noise_hold: 2", "noise_correlation: 0.5"], "has no correlation of its own"),
        (["target_deviation: 0.5"], "0.48"), (["updates_per_step: 0"], "from 0.001 to 100"),
        (["environments: 257"], "from 1 to 256"), (["noise_hold: 0"], "from 1 to 1000"),
    ])
    func `what cannot be meant is refused in words`(settings: [String], words: String) {
        let error = #expect(throws: (any Error).self) {
            var configuration = AgentConfiguration(.sac)
            try configuration.apply(settings)
        }
        let text = error.map { "\($0)" } ?? "none"
        #expect(text.contains(words), "\(text)")
    }

    @Test func `settings are written as they are read, and a fraction of updates as it is`() throws {
        for settings in [["updates_per_step: 0.25", "target_deviation: 0.15"], []] {
            var configuration = AgentConfiguration(.sac)
            try configuration.apply(settings)
            var again = AgentConfiguration(.sac)
            try again.apply([configuration.encoded.yaml])
            #expect(again == configuration)
        }
        #expect(AgentConfiguration(.sac).encoded.yaml.contains("updates_per_step: 1\n"))
        #expect(!AgentConfiguration(.sac).encoded.yaml.contains("target_deviation"))
    }
}
