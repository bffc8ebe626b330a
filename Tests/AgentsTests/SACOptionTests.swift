// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Testing

/// The options of SAC: what each changes in an update, and that it learns with them.
struct SACOptionTests {
    static func learner(_ settings: [String], threads: Int = 1) throws
        -> SACLearner
    {
        var configuration = SACConfiguration()
        try configuration.apply(
            [
                "hidden: [24, 17]", "batch: 13",
                "learning_rate: 1e-3",
            ] + settings)
        let learner = SACLearner(
            observations: 3, actions: 2, configuration: configuration, threads: threads)
        var random = RandomStream(seed: 1, .initialisation)
        learner.initialise(using: &random)
        fill(learner)
        return learner
    }

    static func fill(_ learner: SACLearner) {
        var random = RandomStream(seed: 2, name: "batch")
        learner.batch.observations.fillNormal(using: &random)
        learner.batch.actions.fillNormal(using: &random)
        learner.batch.nextObservations.fillNormal(using: &random)
        learner.batch.rewards.fillNormal(using: &random)
    }

    static func numbers(_ parameters: Parameters) -> [Float] {
        (0..<parameters.count).map { parameters[$0] }
    }

    /// Updates with noise from a stream of their own; returns which of them were of the actor.
    static func update(_ learner: SACLearner, times: Int) -> [Bool] {
        var noise = RandomStream(seed: 3, .update)
        return (0..<times).map { _ in
            learner.drawNoise(using: &noise)
            return learner.update().isOfActor
        }
    }

    @Test
    func
        `with a delay of three, actor and temperature move in each third update, the critics in all`()
        throws
    {
        let learner = try Self.learner(["actor_delay: 3"])
        var noise = RandomStream(seed: 3, .update)
        for index in 1...7 {
            let actor = Self.numbers(learner.actor.parameters)
            let critics = [learner.critics.0, learner.critics.1].map { Self.numbers($0.parameters) }
            let target = Self.numbers(learner.critics.1.target)
            let temperature = learner.temperature.logarithm
            learner.drawNoise(using: &noise)
            let metrics = learner.update()
            let isDue = index.isMultiple(of: 3)
            #expect(metrics.isOfActor == isDue)
            #expect((Self.numbers(learner.actor.parameters) != actor) == isDue)
            #expect((learner.temperature.logarithm != temperature) == isDue)
            #expect((metrics.entropy != 0) == isDue)
            #expect(Self.numbers(learner.critics.0.parameters) != critics[0])
            #expect(Self.numbers(learner.critics.1.parameters) != critics[1])
            #expect(Self.numbers(learner.critics.1.target) != target)
        }
    }

    @Test func `the delay leaves the critics' first update as it is`() throws {
        let (plain, delayed) = (try Self.learner([]), try Self.learner(["actor_delay: 2"]))
        #expect(Self.update(plain, times: 1) == [true])
        #expect(Self.update(delayed, times: 1) == [false])
        #expect(Self.numbers(plain.critics.0.parameters) == Self.numbers(delayed.critics.0.parameters))
    }

    /// The actions of an agent that only warms up.
    private static func warmUp(_ settings: [String], count: Int, seed: UInt64 = 3)
        throws
        -> [Double]
    {
        var configuration = SACConfiguration()
        try configuration.apply(settings + ["warm_up: 1_000_000"])
        let agent = try SACAgent(observations: 1, actions: 1, configuration: configuration, seed: seed)
        return (0..<count).map { _ in
            var action: [Float] = [0]
            var span = action.mutableSpan
            agent.act([0].span, into: &span)
            return Double(action[0])
        }
    }

    @Test(arguments: [0, 0.5, 0.9])
    func `warm-up actions are uniform from the first step on, and resemble the one before by the correlation`(
        correlation: Double
    ) throws {
        let actions = try Self.warmUp(["noise_correlation: \(correlation)"], count: 40_000)
        // Steps this far apart are as good as independent.
        let spacing = correlation == 0 ? 1 : 40
        let sample = stride(from: 0, to: actions.count, by: spacing).map { actions[$0] }
        let count = Double(sample.count)
        for edge in stride(from: -0.8, through: 0.8, by: 0.4) {
            let share = Double(sample.count { $0 < edge }) / count
            #expect(abs(share - (edge + 1) / 2) < 5 * (0.25 / count).squareRoot(), "below \(edge): \(share)")
        }
        // Numbers whose normal counterparts correlate by rho correlate by 6 asin(rho / 2) / pi once they are uniform.
        let expected = 6 * asin(correlation / 2) / Double.pi
        let products = zip(actions, actions.dropFirst()).map { 3 * $0 * $1 }
        let found = products.reduce(0, +) / Double(products.count)
        #expect(abs(found - expected) < 0.05, "\(found), not \(expected)")
        // The first action of many seeds is as wide as all others.
        let firsts = try (0..<400).map {
            try Self.warmUp(["noise_correlation: \(correlation)"], count: 1, seed: $0)[0]
        }
        let variance = firsts.reduce(0) { $0 + $1 * $1 } / 400
        #expect(abs(variance - 1.0 / 3) < 0.08, "\(variance)")
    }

    @Test func `a wider warm-up goes to the ends`() throws {
        for (spread, share) in [(1.0, 0.1), (4.0, 0.680)] {
            let actions = try Self.warmUp(["warm_up_spread: \(spread)"], count: 20_000)
            // |erf(spread n / sqrt 2)| > 0.9 where |n| > 1.645 / spread.
            let found = Double(actions.count { abs($0) > 0.9 }) / 20_000
            #expect(abs(found - share) < 0.02, "\(spread): \(found)")
        }
    }

    @Test func `auto takes back a target entropy`() throws {
        var configuration = SACConfiguration()
        try configuration.apply(["target_entropy: -0.5"])
        #expect(configuration.targetEntropy == -0.5)
        try configuration.apply(["target_entropy: auto"])
        #expect(configuration.targetEntropy == nil)
        try configuration.apply(["temperature: fixed", "target_entropy: auto"])
        #expect(configuration.temperature == .fixed)
    }

    @Test func `of one critic, the second neither learns nor counts`() throws {
        let settings: [String] = ["critics: 1"]
        let (plain, other) = (try Self.learner(settings), try Self.learner(settings))
        let second = other.critics.1
        for index in 0..<second.parameters.count {
            second.parameters[index] = -1
            second.target[index] = -1
        }
        #expect(Self.update(plain, times: 3) == Self.update(other, times: 3))
        #expect(Self.numbers(plain.actor.parameters) == Self.numbers(other.actor.parameters))
        #expect(Self.numbers(plain.critics.0.target) == Self.numbers(other.critics.0.target))
        #expect(Self.numbers(second.parameters).allSatisfy { $0 == -1 })
    }

    @Test func `one critic is two equal ones`() throws {
        let (one, two) = (try Self.learner(["critics: 1"]), try Self.learner([]))
        two.critics.1.parameters.copy(from: two.critics.0.parameters)
        two.critics.1.target.copy(from: two.critics.0.target)
        _ = (Self.update(one, times: 3), Self.update(two, times: 3))
        #expect(Self.numbers(one.actor.parameters) == Self.numbers(two.actor.parameters))
        #expect(Self.numbers(one.critics.0.parameters) == Self.numbers(two.critics.0.parameters))
    }

    /// Batches that eight divides, that it does not, and that have fewer rows than there are shards.
    @Test(arguments: [[], ["layer_norm: true"], ["actor_delay: 2"], ["critics: 1"]], [5, 13, 64])
    func `any number of threads has the bits of one`(options: [String], batch: Int) throws {
        let settings = options + ["batch: \(batch)", "hidden: [40, 33]"]
        let one = try Self.learner(settings)
        _ = Self.update(one, times: 6)
        for threads in [2, 3, 4, 8, 16] {
            let other = try Self.learner(settings, threads: threads)
            _ = Self.update(other, times: 6)
            for path in [\SACLearner.actor.parameters, \.critics.0.parameters, \.critics.1.target] {
                let isSame = Self.numbers(one[keyPath: path]) == Self.numbers(other[keyPath: path])
                #expect(isSame, "\(threads) threads")
            }
        }
    }

    @Test
    func
        `targets weigh the next value with the batch's discount, and not at all where it terminated`()
        throws
    {
        let learner = try Self.learner([])
        let plain = try Self.learner([])
        for row in 0..<13 { learner.batch.discounts[row, 0] = row.isMultiple(of: 2) ? 0.99 : 0.5 }
        for each in [learner, plain] { each.batch.terminated[4, 0] = 1 }
        _ = Self.update(learner, times: 1)
        _ = Self.update(plain, times: 1)
        for row in 0..<13 {
            let reward = learner.batch.rewards[row, 0]
            let value = (plain.targets[row, 0] - reward) / 0.99
            let expected = reward + learner.batch.discounts[row, 0] * value
            #expect(abs(learner.targets[row, 0] - expected) < 1e-5)
            if row == 4 { #expect(learner.targets[row, 0] == reward) }
        }
    }

    @Test func `layer norm is in the critics alone`() throws {
        let learner = try Self.learner(["layer_norm: true"])
        #expect(learner.critics.0.network.isNormalised && learner.critics.1.network.isNormalised)
        #expect(!learner.actor.network.isNormalised)
        #expect(learner.critics.0.target.count == learner.critics.0.network.parameterCount)
    }

    /// A point that steps to and fro on a line and is paid for standing at 1, cut every ten steps.
    ///
    /// Returns the mean reward of the last 300 steps, acting with exploration.
    static func walk(_ settings: [String]) throws -> Float {
        let agent = try SACLearningTests.agent(
            observations: 1, actions: 1,
            [
                "hidden: [32]", "batch: 64",
                "learning_rate: 3e-3",
                "discount: 0.8", "polyak_rate: 0.02", "temperature: fixed",
                "initial_temperature: 0.01", "warm_up: 200",
                "steps: 2500",
            ] + settings)
        var random = RandomStream(seed: 6, name: "walk")
        var place: Float = 0
        var (rewards, action): ([Float], [Float]) = ([], [0])
        for step in 1...2500 {
            let observation = [place]
            var span = action.mutableSpan
            agent.act(observation.span, into: &span)
            place += 0.5 * action[0]
            let next = [place]
            rewards.append(-(place - 1) * (place - 1))
            let isCut = step.isMultiple(of: 10)
            try agent.learn(
                observation: observation.span, action: action.span, reward: -(place - 1) * (place - 1),
                next: next.span, isTerminated: false, isTruncated: isCut)
            if isCut { place = Float(random.uniform(-1, 1)) }
        }
        return rewards.suffix(300).reduce(0, +) / 300
    }

    @Test(arguments: [
        [], ["layer_norm: true"], ["actor_delay: 2"],
        ["n_step: 3"],
        ["normalise_observations: true"],
        [
            "layer_norm: true", "actor_delay: 2", "n_step: 2",
            "normalise_observations: true", "updates_per_step: 2",
        ],
    ])
    func `a short walk is learned with each option`(settings: [String])
        throws
    {
        // Starts are uniform in ±1, two steps of 0.5 from 1 on average: the best mean reward is about -0.11, standing still gives -1.3.
        let reward = try Self.walk(settings)
        #expect(reward > -0.3, "the mean reward is \(reward)")
    }

    @Test func `with three steps the critics of an endless reward of 1 still find 1 / (1 - gamma)`()
        throws
    {
        let value = try SACLearningTests.trainedOnConstantReward(
            isMaskWrong: false, ["n_step: 3"])
        #expect(abs(value - 10) < 0.2, "Q is \(value), not 10")
    }
}
