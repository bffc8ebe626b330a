// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Policies
import Testing

/// Running normalisation: the statistics, and an agent that learns and acts by them.
struct RunningNormaliserTests {
    static func observations(_ count: Int) -> [[Float]] {
        var random = RandomStream(seed: 8, name: "observations")
        return (0..<count).map { _ in
            [Float(1000 + 5 * random.normal()), Float(0.01 * random.normal()), 3]
        }
    }

    static func normaliser(_ observations: [[Float]]) -> RunningNormaliser {
        let running = RunningNormaliser(observations: 3)
        for observation in observations { running.append(observation.span) }
        return running
    }

    @Test(arguments: [1, 2, 500])
    func `mean and deviation are those of all that was seen, by two passes in double precision`(count: Int) {
        let seen = Self.observations(count)
        let normaliser = Self.normaliser(seen).normaliser
        for i in 0..<3 {
            let numbers = seen.map { Double($0[i]) }
            let mean = numbers.reduce(0, +) / Double(count)
            let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
            let inverse = 1 / (variance + 1e-8).squareRoot()
            #expect(abs(Double(normaliser.mean[i]) - mean) <= 1e-6 * max(1, abs(mean)))
            #expect(abs(Double(normaliser.inverseDeviation[i]) / inverse - 1) <= 1e-5)
        }
        #expect(normaliser.clip == 10)
    }

    @Test func `a batch is shifted, scaled and clipped, row by row`() {
        let running = Self.normaliser(Self.observations(500))
        let normaliser = running.normaliser
        let batch = Matrix(rows: 2, columns: 3)
        let rows: [[Float]] = [[1004, 0.005, 3], [1200, -1, 3]]
        for (row, values) in rows.enumerated() { batch.setRow(row, to: values.span) }
        running.normalise(batch)
        for i in 0..<2 {
            #expect(batch[0, i] == (rows[0][i] - normaliser.mean[i]) * normaliser.inverseDeviation[i])
        }
        #expect(abs(batch[0, 0] - 0.8) < 0.2)
        #expect([batch[1, 0], batch[1, 1], batch[1, 2]] == [10, -10, 0])
    }

    @Test func `a number that never varied has no gain of its own, and is named`() {
        let running = Self.normaliser(Self.observations(500))
        #expect(running.constants == [2])
        // As all are after one observation; before it none is known.
        #expect(Self.normaliser(Self.observations(1)).constants == [0, 1, 2])
        #expect(RunningNormaliser(observations: 3).constants == [])
        // Divided by the floor, a change by a thousandth would be clipped; in a policy it is its share.
        let (learning, policy) = (running.normaliser, running.ofPolicy)
        #expect(0.001 * learning.inverseDeviation[2] > 9.9)
        #expect(policy.inverseDeviation[2] == Float(1) / 3)
        #expect(policy.mean == learning.mean)
        #expect(policy.inverseDeviation[..<2] == learning.inverseDeviation[..<2])
    }

    @Test func `rounding is no variation, and what varies a little does`() {
        let running = RunningNormaliser(observations: 3)
        for i in 0..<1000 {
            let (isEven, pressure) = (i % 2 == 0, Float(101_325))
            let observation: [Float] = [
                isEven ? pressure : pressure.nextUp, isEven ? 1e-5 : -1e-5, isEven ? 1e-7 : -1e-7,
            ]
            running.append(observation.span)
        }
        #expect(running.constants == [0, 2])
        #expect(abs(running.ofPolicy.inverseDeviation[0] * 101_325 - 1) < 1e-6)
        #expect(running.ofPolicy.inverseDeviation[1] == running.normaliser.inverseDeviation[1])
        #expect(running.ofPolicy.inverseDeviation[2] == 1)
    }

    @Test func `an agent's policy sees a small change of what never varied as a small one`() throws {
        let agent = try Self.trained(["normalise_observations: true"])
        #expect(agent.constantObservations == [2])
        let policy = try NetworkPolicy(agent.makePolicyNetwork())
        func action(_ third: Float) throws -> Float {
            let observation: [Float] = [1002, 0.005, third]
            var action: [Float] = [0]
            var span = action.mutableSpan
            try policy.act(observation.span, into: &span)
            return action[0]
        }
        #expect(abs(try action(3.001) - action(3)) < 1e-3)
    }

    @Test func `what never varied keeps its mark in a training that begins with its policy, until it varies`()
        throws
    {
        let settings = ["hidden: [32]", "normalise_observations: true", "batch: 4"]
        let first = try Self.trained(["normalise_observations: true"])
        func begun() throws -> SACAgent {
            let agent = try SACLearningTests.agent(observations: 3, actions: 1, settings)
            try agent.start(from: first.makePolicyNetwork(), constants: first.constantObservations)
            return agent
        }
        func learn(_ agent: SACAgent, _ observations: some Sequence<[Float]>) throws {
            for observation in observations {
                let action: [Float] = [0]
                try agent.learn(
                    observation: observation.span, action: action.span, reward: 0, next: observation.span,
                    isTerminated: true, isTruncated: false)
            }
        }
        let next = try begun()
        #expect(next.constantObservations == [2])
        try learn(next, Self.observations(20))
        #expect(next.constantObservations == [2])
        let resumed = try SACLearningTests.agent(observations: 3, actions: 1, settings)
        try resumed.restore(CheckpointedTests.archive(next.state))
        #expect(resumed.constantObservations == [2])
        try learn(resumed, Self.observations(20).map { [$0[0], $0[1], $0[2] + 0.1] })
        #expect(resumed.constantObservations.isEmpty)
        // The mark says so; the numbers are those of the policy in any case.
        let unmarked = try SACLearningTests.agent(observations: 3, actions: 1, settings)
        try unmarked.start(from: first.makePolicyNetwork())
        #expect(try unmarked.makePolicyNetwork() == begun().makePolicyNetwork())
    }

    /// The best action is the observation's first number less 1000, over 5: a network that sees 1000 ± 5 does not find it.
    static func trained(_ settings: [String]) throws -> SACAgent {
        let agent = try SACLearningTests.agent(
            observations: 3, actions: 1,
            [
                "hidden: [32]", "batch: 64", "learning_rate: 3e-3",
                "temperature: fixed", "initial_temperature: 0.01",
                "warm_up: 200", "steps: 2000", "discount: 0",
            ] + settings)
        var action: [Float] = [0]
        for observation in observations(2000) {
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            let miss = action[0] - tanhOf(observation)
            try agent.learn(
                observation: observation.span, action: action.span, reward: -miss * miss,
                next: observation.span,
                isTerminated: true, isTruncated: false)
        }
        return agent
    }

    static func tanhOf(_ observation: [Float]) -> Float { min(1, max(-1, (observation[0] - 1000) / 10)) }

    /// The mean squared miss of the agent's policy, run by the C runtime from its file.
    static func miss(of agent: SACAgent) throws -> Float {
        let policy = try NetworkPolicy(agent.makePolicyNetwork())
        var sum: Float = 0
        var action: [Float] = [0]
        for observation in observations(300) {
            var span = action.mutableSpan
            try policy.act(observation.span, into: &span)
            sum += (action[0] - tanhOf(observation)) * (action[0] - tanhOf(observation))
        }
        return sum / 300
    }

    @Test
    func `normalised, an agent learns from observations far from zero, and its policy file does the same`()
        throws
    {
        let raw = try Self.miss(of: Self.trained([]))
        let normalised = try Self.miss(of: Self.trained(["normalise_observations: true"]))
        #expect(normalised < 0.01, "the mean squared miss is \(normalised)")
        #expect(raw > 5 * normalised, "raw, it is \(raw)")
    }

    @Test func `what is sampled is normalised, before the step and after it`() throws {
        let batch = try Self.trained(["normalise_observations: true"]).learner.batch
        for row in 0..<batch.rows {
            #expect(abs(batch.observations[row, 0]) <= 10 && abs(batch.nextObservations[row, 0]) <= 10)
        }
    }

    @Test
    func
        `training goes on from a policy with its statistics, and is refused where only one of both normalises`()
        throws
    {
        let on: [String] = ["normalise_observations: true"]
        let saved = try Self.trained(on).makePolicyNetwork()
        let settings: [String] = ["hidden: [32]"]
        let next = try SACLearningTests.agent(observations: 3, actions: 1, settings + on)
        try next.start(from: saved)
        let network = try next.makePolicyNetwork()
        #expect(network.layers == saved.layers)
        for i in 0..<3 {
            #expect(network.normaliser.mean[i] == saved.normaliser.mean[i])
            #expect(
                abs(network.normaliser.inverseDeviation[i] / saved.normaliser.inverseDeviation[i] - 1) < 1e-4)
        }

        let raw = try SACLearningTests.agent(observations: 3, actions: 1, settings)
        #expect {
            try raw.start(from: saved)
        } throws: {
            "\($0)".contains("train with sac.normalise_observations=true")
        }
        let rawPolicy = try raw.makePolicyNetwork()
        #expect {
            try next.start(from: rawPolicy)
        } throws: {
            "\($0)".contains("train with sac.normalise_observations=false")
        }
    }
}
