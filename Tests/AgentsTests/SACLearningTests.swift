// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Testing

/// What SAC converges to on tasks whose answer is known.
struct SACLearningTests {
    static func agent(
        observations: Int, actions: Int, _ settings: [String]
    ) throws -> SACAgent {
        var configuration = SACConfiguration()
        try configuration.apply(settings)
        return try SACAgent(
            observations: observations, actions: actions, configuration: configuration, seed: 3)
    }

    @Test func `an endless reward of 1 that is only ever truncated is worth 1 / (1 - gamma)`() throws {
        let agent = try Self.trainedOnConstantReward(isMaskWrong: false)
        #expect(abs(agent - 10) < 0.2, "Q is \(agent), not 10")
    }

    @Test func `it is worth less when truncation is taken for termination`() throws {
        let value = try Self.trainedOnConstantReward(isMaskWrong: true)
        #expect(value < 9, "Q is \(value)")
        #expect(value > 1, "Q is \(value)")
    }

    /// Q of a task that gives reward 1 in every step and is cut, never ended, every five steps.
    ///
    /// It is min Q over the last five hundred updates.
    ///
    /// With `isMaskWrong` the agent is told that the cut was an end.
    static func trainedOnConstantReward(
        isMaskWrong: Bool, _ settings: [String] = []
    ) throws -> Double {
        let agent = try agent(
            observations: 1, actions: 1,
            [
                "hidden: [32]", "batch: 64", "discount: 0.9",
                "polyak_rate: 0.05", "learning_rate: 1e-3",
                "temperature: fixed",
                "initial_temperature: 1e-6", "warm_up: 100",
                "steps: 5000",
            ] + settings)
        let observation: [Float] = [1]
        var action: [Float] = [0]
        for step in 1...5000 {
            if step == 4501 { agent.resetMetrics() }
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            let isCut = step.isMultiple(of: 5)
            try agent.learn(
                observation: observation.span, action: action.span, reward: 1, next: observation.span,
                isTerminated: isMaskWrong && isCut, isTruncated: isCut)
        }
        return agent.metrics.first { $0.name == "value" }?.value ?? .nan
    }

    @Test(arguments: [-0.5, -1.5])
    func `the tuned temperature drives the measured entropy to its target`(target: Double) throws {
        let agent = try Self.agent(
            observations: 2, actions: 1,
            [
                "hidden: [32]", "batch: 64", "learning_rate: 3e-3",
                "temperature_learning_rate: 1e-2", "initial_temperature: 0.3",
                "target_entropy: \(target)", "warm_up: 200", "steps: 6000",
                "discount: 0",
            ])
        var random = RandomStream(seed: 5, name: "bandit")
        var observation: [Float] = [0, 0]
        var action: [Float] = [0]
        for step in 1...6000 {
            if step == 5001 { agent.resetMetrics() }
            observation = [Float(random.uniform(-1, 1)), Float(random.uniform(-1, 1))]
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            // The best action depends on the observation; missing it costs its square.
            let miss = action[0] - 0.5 * observation[0]
            try agent.learn(
                observation: observation.span, action: action.span, reward: -4 * miss * miss,
                next: observation.span, isTerminated: true, isTruncated: false)
        }
        let metrics = Dictionary(uniqueKeysWithValues: agent.metrics.map { ($0.name, $0.value) })
        let entropy = metrics["entropy"] ?? .nan
        #expect(abs(entropy - target) < 0.1, "the entropy is \(entropy), its target \(target)")
        #expect((metrics["temperature"] ?? 0) > 0)
    }

    @Test func `a fixed temperature stays what it was`() throws {
        let agent = try Self.agent(
            observations: 1, actions: 1,
            [
                "hidden: [8]", "batch: 8", "temperature: fixed",
                "initial_temperature: 0.25", "warm_up: 10", "steps: 100",
            ])
        let observation: [Float] = [0.5]
        var action: [Float] = [0]
        for _ in 1...100 {
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            try agent.learn(
                observation: observation.span, action: action.span, reward: action[0], next: observation.span,
                isTerminated: false, isTruncated: false)
        }
        let temperature = agent.metrics.first { $0.name == "temperature" }?.value
        #expect(temperature.map { abs($0 - 0.25) < 1e-12 } == true)
    }

    @Test func `a reward that is not a number stops learning with an error`() throws {
        let agent = try Self.agent(
            observations: 1, actions: 1,
            ["hidden: [8]", "batch: 8", "warm_up: 0"])
        let observation: [Float] = [0.5]
        let action: [Float] = [0]
        #expect(throws: AgentsError.self) {
            try agent.learn(
                observation: observation.span, action: action.span, reward: .nan, next: observation.span,
                isTerminated: false, isTruncated: false)
        }
    }
}
