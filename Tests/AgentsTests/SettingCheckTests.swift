// SPDX-License-Identifier: MIT

import Agents
import Environments
import Settings
import Testing

/// Settings that are allowed one by one and cannot mean what they say: each with the setting that is nearest to it and can.
struct SettingCheckTests {
    static let task = SettingsTask(
        observations: Space([.init(name: "speed", low: -8, high: 8), .init(name: "free")]), actions: 2,
        episodeSteps: 100, evaluationInterval: 1000)

    /// What is found, a line each.
    static func findings(
        _ algorithm: Algorithm, _ settings: [String], _ task: SettingsTask = task
    ) throws -> [String] {
        var configuration = AgentConfiguration(algorithm)
        try configuration.apply(settings)
        return configuration.findings(in: task).map {
            "\($0.isRefused ? "refused" : "warned"): \($0.keys[0]): \($0.message); \($0.remedy)"
        }
    }

    @Test(arguments: Algorithm.all)
    func `the defaults mean what they say`(algorithm: Algorithm) throws {
        #expect(try Self.findings(algorithm, []) == [])
    }

    /// An algorithm, settings, what is said of them, and the change after which nothing is.
    struct Case: Sendable, CustomTestStringConvertible {
        var algorithm: Algorithm
        var settings: [String]
        var words: String
        var mended: String

        init(_ algorithm: Algorithm, _ settings: String..., words: String, mended: String) {
            (self.algorithm, self.settings, self.words, self.mended) = (algorithm, settings, words, mended)
        }

        var testDescription: String { "\(algorithm) \(settings.joined(separator: ", "))" }
    }

    static let cases: [Case] = [
        Case(
            .sac, "target_entropy: 1.5",
            words: "refused: target_entropy: no action in [-1, 1] has more than ln 2 = 0.693 nats",
            mended: "target_entropy: 1.38"),
        Case(
            .sac, "target_entropy: -38", words: "refused: target_entropy: the narrowest action",
            mended: "target_entropy: -36"),
        Case(.sac, "warm_up: 100000", words: "warned: warm_up: the run ends after", mended: "steps: 100001"),
        Case(
            .sac, "steps: 999", "warm_up: 0", words: "warned: evaluate.every: the run ends after 999 steps",
            mended: "steps: 1000"),
        Case(
            .sac, "steps: 1000", "warm_up: 0", "batch: 1001", words: "warned: batch: a batch of 1001",
            mended: "batch: 1000"),
        Case(
            .sac, "warm_up: 1000", "replay_capacity: 999",
            words: "warned: replay_capacity: a replay_capacity of",
            mended: "replay_capacity: 1000"),
        Case(
            .sac, "n_step: 5", "batch: 4", "replay_capacity: 4", "warm_up: 4",
            words: "refused: n_step: a replay_capacity of 4", mended: "n_step: 4"),
        Case(
            .sac, "temperature_learning_rate: 0",
            words: "warned: temperature_learning_rate: a tuned temperature",
            mended: "temperature: fixed"),
        Case(
            .sac, "actor_learning_rate: 0", words: "warned: actor_learning_rate: the actor never",
            mended: "actor_learning_rate: 1e-5"),
        Case(
            .sac, "critic_learning_rate: 0", words: "warned: critic_learning_rate: the critics never",
            mended: "critic_learning_rate: 1e-5"),
        Case(.sac, "polyak_rate: 0", words: "refused: polyak_rate: the target", mended: "polyak_rate: 1e-4"),
        Case(
            .sac, "layer_norm: true", "hidden: [8, 1]", words: "refused: layer_norm: a hidden layer",
            mended: "layer_norm: false"),
        Case(
            .sac, "actor_delay: 100", "steps: 1050", words: "warned: actor_delay: the actor learns at every",
            mended: "actor_delay: 50"),
        Case(.sac, "discount: 1", words: "warned: discount: with a discount", mended: "discount: 0.999"),
        Case(.dqn, "discount: 1", words: "warned: discount: with a discount", mended: "discount: 0.999"),
        Case(
            .dqn, "learning_rate: 0", words: "warned: learning_rate: the network never",
            mended: "learning_rate: 1e-5"),
        Case(
            .dqn, "target_interval: 50000", words: "warned: target_interval: the target network",
            mended: "target_network: false"),
        Case(
            .dqn, "torques: [[0], [1]]", words: "refused: torques: one choice",
            mended: "torques: [[0], [0, 1]]"),
        Case(
            .dqn, "epsilon_end: 1", "epsilon_start: 0.5",
            words: "warned: epsilon_end: the share of random actions rises",
            mended: "epsilon_end: 0.1"),
        Case(.dqn, "epsilon_end: 1", words: "warned: epsilon_end: every action", mended: "epsilon_end: 0.9"),
        Case(
            .dqn, "epsilon_start: 0", "epsilon_end: 0", words: "warned: epsilon_start: no action",
            mended: "epsilon_start: 1"),
        Case(
            .dqn, "epsilon_steps: 0", words: "warned: epsilon_steps: the share falls in 0 steps",
            mended: "epsilon_start: 0.05"),
        Case(
            .dqn, "epsilon_steps: 50001",
            words: "warned: epsilon_steps: the run ends after 50000 of the 50001",
            mended: "epsilon_steps: 50000"),
        Case(
            .dqn, "epsilon_steps: 1000",
            words: "warned: epsilon_steps: the share of random actions falls in 1000",
            mended: "epsilon_steps: 1001"),
        Case(
            .a2c, "learning_rate: 0", words: "warned: learning_rate: neither", mended: "learning_rate: 1e-4"),
        Case(.a2c, "value_weight: 0", words: "warned: value_weight: the critic", mended: "value_weight: 0.5"),
        Case(
            .a2c, "rollout: 250", "steps: 1999", words: "warned: rollout: the first update takes 2000 steps",
            mended: "steps: 2000"),
        Case(
            .a2c, "rollout: 1", "environments: 1", "normalise_advantages: true",
            words: "refused: normalise_advantages: the advantage", mended: "rollout: 2"),
        Case(
            .a2c, "torques: [[0], [1]]", words: "refused: torques: one choice", mended: "torques: none"),
        Case(
            .qLearning, "bins: {speed: {count: 4, range: [8, 9]}}", words: "refused: bins: 'speed' is always",
            mended: "bins: {speed: {count: 4, range: [7, 9]}}"),
        Case(
            .qLearning, "bins: {speed: 1}", words: "warned: bins: one bin", mended: "bins: {speed: 2}"),
        Case(
            .qLearning, "step_size: 0", words: "warned: step_size: no value of the table",
            mended: "step_size: 0.1"),
        Case(
            .qLearning, "epsilon_steps: 600000", words: "warned: epsilon_steps: the run ends after",
            mended: "steps: 600000"),
    ]

    @Test(arguments: cases)
    func `what cannot mean what it says is found, and nothing is once it is mended`(_ item: Case) throws {
        let found = try Self.findings(item.algorithm, item.settings)
        #expect(found.count == 1 && found[0].hasPrefix(item.words), "\(found)")
        #expect(try Self.findings(item.algorithm, item.settings + [item.mended]) == [])
    }

    @Test func `an episode shorter than a return is found`() throws {
        var task = Self.task
        task.episodeSteps = 5
        #expect(try Self.findings(.sac, ["n_step: 5"], task) == [])
        let found = try Self.findings(.sac, ["n_step: 6"], task)
        #expect(
            found.count == 1 && found[0].hasPrefix("warned: n_step: no target sums 6 rewards"), "\(found)")
    }

    @Test func `each case stands in the reference`() {
        for words in [
            "above ln 2 = 0.693 nats", "it is larger than the replay buffer", "| refused |", "| warned |",
        ] {
            #expect(Algorithm.reference.contains(words))
        }
    }
}
