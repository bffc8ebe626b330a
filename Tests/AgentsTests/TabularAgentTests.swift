// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Policies
import Settings
import Testing

/// Tables in a scene: states, the agent, its policy, what it refuses.
struct TabularAgentTests {
    private static let space = Space([
        .init(name: "angle", unit: "rad", low: -1, high: 1), .init(name: "unused"),
        .init(name: "speed", unit: "rad/s"),
    ])
    private static let bins = [
        Bins("speed", count: 3, range: -6...6), Bins("angle", count: 4),
    ]

    @Test func `a state is what bins its numbers lie in, the outer ones without end`() throws {
        let grid = try StateGrid(Self.bins, space: Self.space)
        #expect(grid.counts == [4, 1, 3])
        #expect(grid.stateCount == 12)
        #expect(grid.normaliser.mean == [-1, 0, -6])
        #expect(grid.normaliser.inverseDeviation == [2, 1, 0.25])
        func state(_ angle: Float, _ speed: Float) -> Int {
            grid.state(of: [angle, 1e30, speed].span)
        }
        #expect(state(-1, -6) == 0)
        #expect(state(-0.51, -2.01) == 0)
        #expect(state(-0.5, -2) == 4)
        #expect(state(0, 0) == 7)
        #expect(state(0.5, 2) == 11)
        #expect(state(-5, 1e38) == 2)
        #expect(state(5, -1e38) == 9)
        #expect(state(.infinity, -.infinity) == 9)
        #expect(state(.nan, 3) == 2)
    }

    @Test func `bins that do not fit the observation are refused, with what is there`() {
        func problem(_ bins: [Bins]) -> String {
            do {
                var configuration = QLearningConfiguration()
                configuration.bins = bins
                _ = try configuration.states(of: Self.space)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(problem([]).hasPrefix("q-learning.bins: nothing is not allowed"))
        #expect(problem([Bins("angel", count: 2)]).contains("'angel'"))
        #expect(problem([Bins("angel", count: 2)]).contains("angle, unused, speed"))
        #expect(problem([Bins("speed", count: 2)]).contains("'speed' without a range"))
        #expect(
            problem([Bins("speed", count: 2, range: 1e30...1.0000000001e30)]).contains("single precision"))
        let many = problem([Bins("angle", count: 1000), Bins("speed", count: 1001, range: 0...1)])
        #expect(many.contains("1000 x 1001 = 1001000 states"))
        #expect(many.contains("at most 1000000"))
        #expect(problem(Self.bins) == "none")
    }

    private func configuration(_ rule: TargetRule, _ settings: [String] = []) throws
        -> QLearningConfiguration
    {
        var configuration = QLearningConfiguration(target: rule)
        try configuration.apply(["bins: {speed: {count: 3, range: [-6, 6]}, angle: 4}"] + settings)
        return configuration
    }

    @Test func `bins are read and written as a mapping`() throws {
        let configuration = try configuration(.maximum)
        #expect(configuration.bins == Self.bins)
        #expect(configuration.encoded["bins"]?.flowText == "{speed: {count: 3, range: [-6, 6]}, angle: 4}")
        func isRefused(_ bins: String) -> Bool {
            var copy = configuration
            return (try? copy.apply(["bins: {angle: \(bins)}"])) == nil
        }
        #expect(!isRefused("1"))
        for bins in [
            "0", "10_001", "2.5", "two", "[]", "{}", "{range: [0, 1]}", "{count: 2, range: [1, 1]}",
            "{count: 2, width: 1}",
        ] {
            #expect(isRefused(bins), "\(bins)")
        }
    }

    private func agent(
        _ rule: TargetRule, _ settings: [String] = []
    ) throws -> TabularAgent {
        let configuration = try configuration(rule, settings)
        return try #require(
            configuration.makeAgent(
                observationSpace: Self.space, actuators: [Actuator(name: "push")], seed: 1,
                team: Team(threads: 1))
                as? TabularAgent)
    }

    @Test(arguments: TargetRule.allCases)
    func `the agent updates the value of its state and choice, truncated or not`(_ rule: TargetRule) throws {
        let agent = try agent(
            rule, ["step_size: 0.5", "initial_value: 2", "discount: 0.9"])
        let (here, next): ([Float], [Float]) = ([-0.4, 9, 0], [0.8, 9, 7])
        try agent.learn(
            observation: here.span, action: [Float(0)].span, reward: 1, next: next.span,
            isTerminated: false, isTruncated: true)
        // State 1 · 3 + 1, choice 1: half of the way from 2 to 1 + 0.9 · 2; with two tables, in one of them.
        let moved = 2 + 0.5 * (2.8 - 2)
        #expect(abs(agent.learner.value(4, 1) - (rule == .double ? (2 + moved) / 2 : moved)) < 1e-6)
        try agent.learn(
            observation: next.span, action: [Float(1)].span, reward: -1, next: here.span,
            isTerminated: true, isTruncated: false)
        #expect(abs(agent.learner.value(11, 2) - (rule == .double ? 1.25 : 0.5)) < 1e-6)
        #expect(agent.learner.estimate.values.filter { $0 != 2 }.count == 2)
        let error = try #require(agent.metrics.first { $0.name == "error" }?.value)
        #expect(abs(error - (0.8 + 3) / 2) < 1e-6)
    }

    @Test func `the policy's engine sees the states that the agent sees, and does what its table says`()
        throws
    {
        let agent = try agent(.double, ["torques: 5", "epsilon_start: 1"])
        var random = RandomStream(seed: 0, .evaluation)
        func observation() -> [Float] {
            [Float(random.uniform(-1.5, 1.5)), Float(random.normal()), Float(random.uniform(-9, 9))]
        }
        for _ in 0..<2000 {
            var action: [Float] = [0]
            let here = observation()
            var span = action.mutableSpan
            agent.act(here.span, into: &span)
            try agent.learn(
                observation: here.span, action: action.span, reward: Float(random.normal()),
                next: observation().span, isTerminated: false, isTruncated: false)
        }
        let network = try agent.makePolicyNetwork()
        #expect(network.table?.values.count == 60)
        let policy = try NetworkPolicy(network)
        var seen: Set<Float> = []
        for round in 0..<4000 {
            // Every second one at an edge.
            let here =
                round % 2 == 0
                ? observation()
                : [Float(random.index(below: 7)) / 2 - 1.5, 0, Float(random.index(below: 9)) * 2 - 8]
            var action: [Float] = [0]
            var span = action.mutableSpan
            try policy.act(here.span, into: &span)
            let choice = agent.learner.estimate.greedyAction(in: agent.states.state(of: here.span))
            #expect(action == [agent.grid.levels[0][choice]], "\(here)")
            seen.insert(action[0])
        }
        #expect(seen.count == 5)
    }

    @Test func `training goes on from a table of the same bins and actions only`() throws {
        let first = try agent(.maximum)
        try first.learn(
            observation: [Float(0), 0, 0].span, action: [Float(1)].span, reward: 3,
            next: [Float(0), 0, 0].span, isTerminated: true, isTruncated: false)
        let saved = try first.makePolicyNetwork()
        for rule in TargetRule.allCases {
            let second = try agent(rule)
            try second.start(from: saved)
            #expect(try second.makePolicyNetwork() == saved)
        }
        #expect(throws: AgentsError.self) {
            try agent(.maximum, ["torques: 2"]).start(from: saved)
        }
        #expect(throws: AgentsError.self) {
            try agent(.maximum, ["bins: {angle: 12}"])
                .start(from: saved)
        }
    }

    @Test func `a table of too many values is refused`() throws {
        #expect {
            _ = try agent(
                .double,
                ["bins: {angle: 10_000}", "torques: 401"])
        } throws: {
            "\($0)".hasPrefix("double-q-learning.bins: a table of 10000 states and 401 choices")
                && "\($0)".contains("double-q-learning.torques")
        }
    }

    @Test func `values beyond single precision stop the run`() throws {
        let agent = try agent(.maximum, ["step_size: 1", "initial_value: 1e9"])
        let here: [Float] = [0, 0, 0]
        #expect(throws: AgentsError.self) {
            for _ in 0..<10 {
                try agent.learn(
                    observation: here.span, action: [Float(1)].span, reward: .greatestFiniteMagnitude,
                    next: here.span, isTerminated: false, isTruncated: false)
            }
        }
    }
}
