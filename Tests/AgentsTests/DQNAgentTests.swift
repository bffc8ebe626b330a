// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Policies
import Testing

/// DQN's agent: its schedule, its policy, what it refuses, and what it converges to.
struct DQNAgentTests {
    private func agent(
        rule: TargetRule = .maximum, observations: Int = 1, actions: Int = 1,
        _ settings: [String]
    ) throws -> DQNAgent {
        var configuration = DQNConfiguration(target: rule)
        try configuration.apply(["hidden: [16]"] + settings)
        return try DQNAgent(
            observations: observations, grid: configuration.grid(actionCount: actions),
            configuration: configuration, seed: 3)
    }

    private func act(_ agent: DQNAgent, _ observation: [Float]) -> [Float] {
        var action = [Float](repeating: .nan, count: agent.grid.actionCount)
        var span = action.mutableSpan
        agent.act(observation.span, into: &span)
        return action
    }

    private func metric(_ agent: DQNAgent, _ name: String) throws -> Double {
        try #require(agent.metrics.first { $0.name == name }?.value)
    }

    /// The mean of max Q, after training, of a task that gives reward 1 in every step and is cut, never ended, every five steps.
    private func valueOfConstantReward(_ rule: TargetRule, isMaskWrong: Bool) throws -> Double {
        let agent = try agent(
            rule: rule,
            [
                "batch: 32", "discount: 0.9", "target_interval: 20",
                "warm_up: 50", "steps: 3000", "learning_rate: 3e-3",
                "loss: squared",
            ])
        let observation: [Float] = [1]
        for step in 1...3000 {
            if step == 2701 { agent.resetMetrics() }
            let isCut = step.isMultiple(of: 5)
            try agent.learn(
                observation: observation.span, action: act(agent, observation).span, reward: 1,
                next: observation.span, isTerminated: isMaskWrong && isCut, isTruncated: isCut)
        }
        return try metric(agent, "value")
    }

    @Test(arguments: TargetRule.allCases)
    func `an endless reward of 1 that is only ever truncated is worth 1 / (1 - gamma)`(
        _ rule: TargetRule
    ) throws {
        let value = try valueOfConstantReward(rule, isMaskWrong: false)
        #expect(abs(value - 10) < 0.1, "Q is \(value), not 10")
        let wrong = try valueOfConstantReward(rule, isMaskWrong: true)
        // One transition in five has no value after it.
        #expect(abs(wrong - 1 / (1 - 0.9 * 4 / 5)) < 0.5, "Q is \(wrong) with the wrong mask")
    }

    @Test func `actions are random in the warm-up, then with probability epsilon`() throws {
        let agent = try agent(
            [
                "torques: 4", "warm_up: 400", "batch: 1",
                "learning_rate: 0", "epsilon_start: 0.5",
                "epsilon_end: 0.2",
                "epsilon_steps: 1000", "steps: 10_000",
            ])
        let observation: [Float] = [0.3]
        let greedy = agent.grid.levels[0][agent.learner.greedyChoice(observation.span)]
        var others = [0, 0]
        for step in 0..<4400 {
            let action = act(agent, observation)
            if action[0] != greedy, step < 400 || step >= 1000 { others[step < 400 ? 0 : 1] += 1 }
            try agent.learn(
                observation: observation.span, action: action.span, reward: 0, next: observation.span,
                isTerminated: false, isTruncated: false)
            if step == 400 {
                // The update comes after the step is counted.
                #expect(abs(try metric(agent, "epsilon") - (0.5 - 0.3 * 0.401)) < 1e-12)
            }
        }
        // 3/4 of 400, and 0.2 · 3/4 of 3400; four standard deviations.
        #expect(abs(others[0] - 300) < 35)
        #expect(abs(others[1] - 510) < 84)
    }

    @Test func `without replay each transition is learned from once, alone`() throws {
        let agent = try agent(["replay: false", "warm_up: 0"])
        #expect(agent.learner.batch.rows == 1)
        for step in 0..<5 {
            let (here, next) = ([Float(step)], [Float(step + 1)])
            try agent.learn(
                observation: here.span, action: [Float(-1)].span, reward: Float(10 * step), next: next.span,
                isTerminated: false, isTruncated: false)
            #expect(agent.learner.batch.observations[0, 0] == Float(step))
            #expect(agent.learner.batch.rewards[0, 0] == Float(10 * step))
            #expect(agent.learner.updates == step + 1)
        }
    }

    @Test func `the policy chooses as the agent does, of the actions that it learned`() throws {
        let agent = try agent(
            observations: 3, actions: 2, ["torques: [-1, 0.25]"])
        let network = try agent.makePolicyNetwork()
        #expect(network.head == .greedy(choices: [-1, -1, -1, 0.25, 0.25, -1, 0.25, 0.25]))
        let policy = try NetworkPolicy(network)
        var random = RandomStream(seed: 0, .evaluation)
        var seen: Set<[Float]> = []
        for _ in 0..<200 {
            let observation = (0..<3).map { _ in Float(4 * random.normal()) }
            var (own, chosen) = ([Float](repeating: 0, count: 2), [Float](repeating: 0, count: 2))
            var ownSpan = own.mutableSpan
            try policy.act(observation.span, into: &ownSpan)
            var chosenSpan = chosen.mutableSpan
            agent.grid.write(agent.learner.greedyChoice(observation.span), into: &chosenSpan)
            #expect(own == chosen)
            seen.insert(own)
        }
        #expect(seen.count > 1)
    }

    @Test func `training goes on from a policy of the same choices and widths only`() throws {
        let first = try agent(observations: 2, [])
        var random = RandomStream(seed: 9, .initialisation)
        first.learner.initialise(using: &random)
        let second = try agent(observations: 2, [])
        let saved = try first.makePolicyNetwork()
        #expect(try second.makePolicyNetwork() != saved)
        try second.start(from: saved)
        #expect(try second.makePolicyNetwork() == saved)
        #expect(second.learner.target[5] == second.learner.parameters[5])
        for settings in [["torques: 3"], ["hidden: [15]"]] {
            #expect(throws: AgentsError.self) {
                try agent(observations: 2, settings).start(from: saved)
            }
        }
        // One that normalises, as A2C's do, was learned on other numbers than this agent sees.
        var normalised = saved
        normalised.normaliser.mean[1] = 0.5
        #expect(throws: AgentsError.self) { try second.start(from: normalised) }
    }

    @Test func `more choices than a grid may have are refused by the algorithm's name`() throws {
        let many = DQNConfiguration(target: .double)
        #expect {
            _ = try many.grid(actionCount: 12)
        } throws: {
            "\($0)".hasPrefix("double-dqn.torques: 5 is not allowed")
                && "\($0)".contains("12 actuators; these would be 244140625")
        }
    }

    @Test func `a replay buffer beyond the machine's memory is refused`() throws {
        #expect {
            _ = try agent(
                observations: 100_000,
                ["replay_capacity: 100_000_000", "steps: 100_000_000"])
        } throws: {
            "\($0)".hasPrefix("dqn.replay_capacity") && "\($0)".contains("GiB")
        }
    }
}
