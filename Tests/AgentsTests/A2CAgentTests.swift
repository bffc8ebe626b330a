// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Policies
import Testing

/// A2C as a whole: its statistics, its policy, and what it learns where the answer is known.
struct A2CAgentTests {
    static func agent(
        observations: Int, actions: Int, seed: UInt64 = 3,
        _ settings: [String]
    ) throws -> A2CAgent {
        var configuration = A2CConfiguration()
        try configuration.apply(settings)
        return try A2CAgent(
            observations: observations, actions: actions, configuration: configuration, seed: seed)
    }

    static let small: [String] = [
        "hidden: [8]", "environments: 2", "rollout: 5",
    ]

    /// Lets the agent do `steps` steps of random observations; reward -(a - o0 / 2)², terminated at once.
    ///
    /// Returns the observations and the actions.
    @discardableResult
    static func play(
        _ agent: A2CAgent, steps: Int, seed: UInt64 = 5, skipping skipped: Set<Int> = []
    ) throws -> [(observation: [Float], action: [Float])] {
        var random = RandomStream(seed: seed, name: "bandit")
        let (observations, actions) = (
            agent.learner.rollout.observations.columns, try agent.makePolicyNetwork().actionCount
        )
        var played: [(observation: [Float], action: [Float])] = []
        for step in 0..<steps {
            // Numbers that a network would not like raw.
            let observation = (0..<observations).map { Float(random.uniform(-1, 1)) * Float($0 + 1) }
            var action = [Float](repeating: 0, count: actions)
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            played.append((observation, action))
            if skipped.contains(step) {
                try agent.discardStep()
                continue
            }
            let miss = action[0] - 0.5 * observation[0]
            try agent.learn(
                observation: observation.span, action: action.span, reward: -miss * miss,
                next: observation.span, isTerminated: true, isTruncated: false)
        }
        return played
    }

    @Test
    func `the policy's normaliser is the mean and deviation of the rollouts learned from, by two passes`()
        throws
    {
        let agent = try Self.agent(observations: 3, actions: 1, Self.small)
        // Three rollouts of ten and a part of a fourth; step 13 diverges.
        let played = try Self.play(agent, steps: 36, skipping: [13])
        let learned = played[..<30].indices.filter { $0 != 13 }.map { played[$0].observation }
        let normaliser = try agent.makePolicyNetwork().normaliser
        for column in 0..<3 {
            let values = learned.map { Double($0[column]) }
            let mean = values.reduce(0, +) / 29
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29
            #expect(abs(Double(normaliser.mean[column]) - mean) < 1e-6)
            #expect(abs(Double(normaliser.inverseDeviation[column]) * variance.squareRoot() - 1) < 1e-5)
        }
    }

    @Test func `the return's scale is one over the deviation of all discounted sums, by two passes`() {
        var random = RandomStream(seed: 2, name: "returns")
        var scale = ReturnScale(environments: 2, discount: 0.8)
        var (sums, running) = ([Double](), [0.0, 0.0])
        #expect(scale.factor == 1)
        for step in 0..<200 {
            let environment = step % 2
            if step == 90 {
                scale.cut(environment: environment)
                running[environment] = 0
                continue
            }
            let reward = Float(random.uniform(-3, 5))
            let isLast = step % 14 == 12
            scale.append(reward, environment: environment, isLast: isLast)
            running[environment] = 0.8 * running[environment] + Double(reward)
            sums.append(running[environment])
            if isLast { running[environment] = 0 }
        }
        let mean = sums.reduce(0, +) / Double(sums.count)
        let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sums.count)
        #expect(abs(scale.factor * variance.squareRoot() - 1) < 1e-7)
    }

    @Test func `normalised advantages have mean 0 and deviation 1 over the steps that count`() throws {
        let learner = try A2CGradientTests.learner(
            actions: 1, grid: nil, ["normalise_advantages: true"])
        let plain = try A2CGradientTests.learner(actions: 1, grid: nil, [])
        let rows = A2CGradientTests.rows
        let values = rows.map { Double(learner.advantages[$0, 0]) }
        #expect(abs(values.reduce(0, +)) < 1e-5)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / Double(rows.count) - 1) < 1e-5)
        #expect(learner.advantages[5, 0] == 0)
        // Their order stays, and the returns do not change.
        let order = { (learner: A2CLearner) in
            rows.sorted { learner.advantages[$0, 0] < learner.advantages[$1, 0] }
        }
        #expect(order(learner) == order(plain))
        for row in rows { #expect(learner.returns[row, 0] == plain.returns[row, 0]) }
    }

    @Test func `rewards are scaled and cut where returns are normalised`() throws {
        let learner = try A2CGradientTests.learner(
            actions: 1, grid: nil, ["discount: 0", "normalise_returns: true"])
        let rewards = A2CGradientTests.rows.map { learner.rollout.rewards[$0, 0] }
        #expect(rewards.contains { abs($0) > 0.5 })
        learner.rewardFactor = 20
        learner.estimateAdvantages()
        for (row, reward) in zip(A2CGradientTests.rows, rewards) {
            #expect(abs(learner.returns[row, 0] - min(max(20 * reward, -10), 10)) < 1e-5)
        }
    }

    @Test(arguments: [false, true])
    func `what the exported policy draws is what the agent does`(isDiscrete: Bool) throws {
        let agent = try Self.agent(
            observations: 3, actions: 2,
            Self.small + ["learning_rate: 0.05"]
                + (isDiscrete ? ["torques: 3"] : []))
        try Self.play(agent, steps: 200)
        let network = try agent.makePolicyNetwork()
        let policy = try NetworkPolicy(network)
        #expect(network.isStochastic != isDiscrete)
        #expect(policy.observationCount == 3 && policy.actionCount == 2)
        // Two numbers of the normal distribution, or one uniform one, were drawn in each step.
        var exploration = RandomStream(seed: 3, .exploration)
        for _ in 0..<200 {
            if isDiscrete {
                _ = exploration.uniform()
            } else {
                for _ in 0..<2 { _ = exploration.normal() }
            }
        }
        // The next nine steps do not fill a rollout.
        for (observation, action) in try Self.play(agent, steps: 9, seed: 11) {
            var expected: [Float] = [0, 0]
            var span = expected.mutableSpan
            guard !isDiscrete else {
                #expect(action.allSatisfy { [-1, 0, 1].contains($0) })
                continue
            }
            try policy.act(observation.span, using: &exploration, into: &span)
            for index in 0..<2 { #expect(abs(action[index] - expected[index]) < 1e-5) }
        }
        if isDiscrete {
            // The most probable choice is the most frequent one.
            let observation: [Float] = [0.9, 0.1, -0.4]
            var (expected, counts): ([Float], [[Float]: Int]) = ([0, 0], [:])
            var span = expected.mutableSpan
            try policy.act(observation.span, into: &span)
            for _ in 0..<2000 {
                var action: [Float] = [0, 0]
                var span = action.mutableSpan
                agent.act(observation.span, into: &span)
                counts[action, default: 0] += 1
            }
            #expect(counts.max { $0.value < $1.value }?.key == expected)
        }
    }

    @Test(arguments: ["adam", "rmsprop"], [false, true])
    func `it learns what to do in each observation`(optimiser: String, isDiscrete: Bool) throws {
        for seed in UInt64(3)...5 { try learn(optimiser, isDiscrete, seed: seed) }
    }

    private func learn(_ optimiser: String, _ isDiscrete: Bool, seed: UInt64) throws {
        let agent = try Self.agent(
            observations: 2, actions: 1, seed: seed,
            [
                "hidden: [16]", "environments: 4", "rollout: 8",
                "learning_rate: \(optimiser == "adam" ? 5e-3 : 2e-3)",
                "optimiser: \(optimiser)",
                "entropy_weight: \(isDiscrete ? 0.2 : 1e-3)",
            ] + (isDiscrete ? ["torques: [-0.5, 0, 0.5]"] : []))
        func regret() throws -> Double {
            let policy = try NetworkPolicy(agent.makePolicyNetwork())
            var random = RandomStream(seed: 8, name: "regret")
            return try (0..<500).reduce(0.0) { sum, _ in
                let observation = [Float(random.uniform(-1, 1)), Float(random.uniform(-2, 2))]
                var action: [Float] = [0]
                var span = action.mutableSpan
                try policy.act(observation.span, into: &span)
                let miss = Double(action[0] - 0.5 * observation[0])
                return sum + miss * miss / 500
            }
        }
        // Doing nothing costs 1/12; the nearest of -0.5, 0, 0.5 costs 1/48.
        let before = try regret()
        #expect(before > 0.05)
        try Self.play(agent, steps: 30_000)
        let after = try regret()
        #expect(after < (isDiscrete ? 1.2 / 48 : 0.005), "seed \(seed): from \(before) to \(after)")
    }

    /// V of a task that gives reward 1 in every step and is cut, never ended, every five steps; discount 0.9.
    static func valueOfConstantReward(isMaskWrong: Bool) throws -> Double {
        let agent = try agent(
            observations: 1, actions: 1,
            [
                "hidden: [16]", "environments: 2", "rollout: 8",
                "discount: 0.9", "learning_rate: 1e-2",
                "normalise_observations: false", "normalise_returns: false",
                "gradient_norm: 100",
            ])
        let observation: [Float] = [1]
        var action: [Float] = [0]
        for step in 0..<16_000 {
            if step == 15_000 { agent.resetMetrics() }
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            let isCut = step / 2 % 5 == 4
            try agent.learn(
                observation: observation.span, action: action.span, reward: 1, next: observation.span,
                isTerminated: isMaskWrong && isCut, isTruncated: isCut)
        }
        return agent.metrics.first { $0.name == "value" }?.value ?? .nan
    }

    @Test func `an endless reward of 1 that is only ever truncated is worth 1 / (1 - gamma)`() throws {
        let value = try Self.valueOfConstantReward(isMaskWrong: false)
        #expect(abs(value - 10) < 0.1, "V is \(value), not 10")
        let wrong = try Self.valueOfConstantReward(isMaskWrong: true)
        #expect(wrong < 5 && wrong > 1, "V is \(wrong)")
    }

    @Test func `a reward that is not a number stops learning with an error`() throws {
        let agent = try Self.agent(
            observations: 1, actions: 1, Self.small + ["normalise_returns: false"])
        let observation: [Float] = [0.5]
        let action: [Float] = [0]
        #expect(throws: AgentsError.self) {
            for _ in 0..<10 {
                try agent.learn(
                    observation: observation.span, action: action.span, reward: .nan, next: observation.span,
                    isTerminated: false, isTruncated: false)
            }
        }
    }
}

extension A2CAgentTests {
    @Test(arguments: [false, true])
    func `training goes on from what a saved policy does`(isDiscrete: Bool) throws {
        let settings = Self.small + (isDiscrete ? ["torques: 5"] : [])
        let trained = try Self.agent(observations: 3, actions: 1, settings)
        try Self.play(trained, steps: 100)
        let policy = try trained.makePolicyNetwork()
        let agent = try Self.agent(observations: 3, actions: 1, settings)
        #expect(try agent.makePolicyNetwork() != policy)
        try agent.start(from: policy)
        let taken = try agent.makePolicyNetwork()
        #expect(taken.layers == policy.layers && taken.head == policy.head)
        for column in 0..<3 {
            #expect(taken.normaliser.mean[column] == policy.normaliser.mean[column])
            #expect(
                abs(
                    taken.normaliser.inverseDeviation[column] / policy.normaliser.inverseDeviation[column] - 1
                )
                    < 1e-6)
        }
        // Neither other widths, nor the other kind of actions, nor raw observations will do.
        let others: [[String]] = [
            ["hidden: [9]"], ["torques: \(isDiscrete ? "none" : "5")"],
            ["torques: 4"], ["normalise_observations: false"],
        ]
        for other in others {
            let agent = try Self.agent(observations: 3, actions: 1, settings + other)
            let before = try agent.makePolicyNetwork()
            #expect(throws: AgentsError.self, "\(other)") { try agent.start(from: policy) }
            #expect(try agent.makePolicyNetwork().layers == before.layers)
        }
    }

    @Test func `a policy whose deviation depends on the observation is refused`() throws {
        let agent = try Self.agent(observations: 3, actions: 1, Self.small)
        try Self.play(agent, steps: 20)
        var policy = try agent.makePolicyNetwork()
        guard case .squashed(var deviation?) = policy.head else {
            Issue.record("no Gaussian")
            return
        }
        deviation.weight[2] = 0.1
        policy.head = .squashed(logDeviation: deviation)
        #expect(throws: AgentsError.self) { try agent.start(from: policy) }
    }

    @Test func `too many combinations of torques, and more than the machine's memory, are refused`() throws {
        #expect(throws: AgentsError.self) {
            try Self.agent(observations: 3, actions: 6, ["torques: 5"])
        }
        let error = #expect(throws: AgentsError.self) {
            try Self.agent(
                observations: 30, actions: 6,
                [
                    "environments: 256", "rollout: 65536",
                    "hidden: [4096, 4096]",
                ])
        }
        #expect(error?.description.contains("memory") == true)
    }
}
