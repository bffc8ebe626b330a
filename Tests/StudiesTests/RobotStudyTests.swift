// SPDX-License-Identifier: MIT

import Agents
import Environments
import Studies
import Testing

/// The studies that train on robots, here on a task whose returns are known and with runs of a few dozen steps: what they measure, and
/// that their claims follow from their tables.
struct RobotStudyTests {
    static let names = [
        "dqn-stability", "overestimation", "twin-critics", "temperature", "robustness", "ladder",
    ]

    /// A number of steps that tells the algorithms apart, small enough for milliseconds.
    private static func steps(_ algorithm: Algorithm) -> Int {
        switch algorithm {
        case .qLearning: 66
        case .doubleQLearning: 58
        case .dqn: 60
        case .doubleDQN: 52
        case .a2c: 64
        default: 56
        }
    }

    private static func settings(_ algorithm: Algorithm) -> [String] {
        let network: [String] = ["hidden: [8]"]
        let replay: [String] = [
            "batch: 8", "warm_up: 20",
        ]
        let own: [String] =
            switch algorithm {
            case .qLearning, .doubleQLearning:
                ["bins: {wanted: 3}"]
            case .dqn, .doubleDQN: network + replay + ["torques: 3"]
            case .a2c: network + ["environments: 2", "rollout: 4"]
            default: network + replay
            }
        return own + ["steps: \(steps(algorithm))"]
    }

    /// A setting on the task of three steps; `changes` are made to an algorithm's settings.
    private func setting(
        seeds: Int, threads: Int = 2, constant: Double? = nil, isTruncated: Bool = false,
        changes: [Algorithm: [String]] = [:]
    ) -> StudySetting {
        @Sendable func reward(_ mass: Double) -> ThreeStepTask.Reward {
            constant.map { .constant($0) } ?? .match(factor: mass)
        }
        return StudySetting(
            seeds: seeds, threads: threads,
            configuration: { _, algorithm in
                var agent = AgentConfiguration(algorithm)
                try agent.apply(Self.settings(algorithm) + (changes[algorithm] ?? []))
                return agent
            },
            makeEnvironmentOfMass: { ThreeStepTask(reward($1), isTruncated: isTruncated, $2) },
            makeEnvironment: { ThreeStepTask(reward(1), isTruncated: isTruncated, $1) })
    }

    private func findings(_ name: String, _ setting: StudySetting) throws -> Findings {
        try #require(Study.all.first { $0.name == name }).findings(setting)
    }

    /// The rows of a table by the names of its columns.
    private func rows(_ table: Table) -> [[String: String]] {
        table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0)) }
    }

    /// The numbers in a column, of the rows in which another column has a value.
    private func numbers(_ table: Table, _ column: String, where other: String, is value: String) throws
        -> [Double]
    {
        try rows(table).filter { $0[other] == value }.map { try #require($0[column].flatMap(Double.init)) }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test(arguments: names)
    func `the same seeds give the same figures on one thread and on two`(name: String) throws {
        func figures(seeds: Int, threads: Int) throws -> [[[String: String]]] {
            try findings(name, setting(seeds: seeds, threads: threads)).tables.map { table in
                rows(table).map { $0.filter { $0.key != "seconds" } }
            }
        }
        let first = try figures(seeds: 2, threads: 1)
        #expect(try figures(seeds: 2, threads: 2) == first)
        #expect(first.allSatisfy { !$0.isEmpty })
        // Further seeds do not change what the first ones give.
        let more = try figures(seeds: 3, threads: 2)
        for (table, larger) in zip(first, more) { #expect(table.allSatisfy(larger.contains)) }
    }

    @Test(arguments: [
        ("overestimation", "algorithm", "dqn", "double-dqn"), ("twin-critics", "critics", "1", "2"),
    ])
    func `a study of bias compares what was believed with the discounted return`(
        name: String, column: String, first: String, second: String
    ) throws {
        let setting = setting(
            seeds: 4, constant: 2,
            changes: [
                .sac: ["temperature: fixed", "initial_temperature: 1e-6"]
            ])
        let findings = try findings(name, setting)
        let table = try #require(findings.tables.first)
        let discounted = 2 * (1 + 0.99 + 0.99 * 0.99)
        for row in rows(table) {
            let believed = try #require(row["believed"].flatMap(Double.init))
            let measured = try #require(row["measured"].flatMap(Double.init))
            #expect(abs(measured - discounted) < 1e-3, "\(row)")
            let bias = try #require(row["normalised_bias"].flatMap(Double.init))
            #expect(abs(bias - (believed - measured) / discounted) < 1e-3)
        }
        let biases = try [first, second].map { try numbers(table, "normalised_bias", where: column, is: $0) }
        let differences = zip(biases[1], biases[0]).map { $0 - $1 }
        let figures = findings.claims.map(\.figure)
        #expect(figures.contains(Bootstrap.interval(of: differences).upperBound))
        if name == "twin-critics" {
            #expect(figures[0] == Bootstrap.interval(of: biases[0]).lowerBound)
            #expect(figures[2] == Bootstrap.interval(of: biases[1]).upperBound)
        } else {
            #expect(abs(figures[0] - mean(differences)) < 1e-12)
        }
    }

    // Q = r / (1 - gamma) = 2 r of an endless reward of r; of three steps it is 1.75 r, of which an eighth of 2 r would be too much. Beside
    // rewards of 200 the noise in those of `overestimation` is small.
    @Test(arguments: [("twin-critics", 2), ("overestimation", 200)])
    func `what is believed of the time after a cut is left out`(name: String, reward: Double) throws {
        let setting = setting(
            seeds: 2, constant: reward, isTruncated: true,
            changes: [
                .sac: [
                    "temperature: fixed", "initial_temperature: 1e-6",
                    "discount: 0.5", "learning_rate: 0.01",
                    "polyak_rate: 0.1", "steps: 400",
                ],
                .dqn: Self.longDQN, .doubleDQN: Self.longDQN,
            ])
        for row in rows(try #require(findings(name, setting).tables.first)) {
            let believed = try #require(row["believed"].flatMap(Double.init))
            let measured = try #require(row["measured"].flatMap(Double.init))
            #expect(abs(measured / (1.75 * reward) - 1) < 1e-5, "\(row)")
            #expect(abs(believed / (1.75 * reward) - 1) < 0.03, "\(row)")
        }
    }

    private static let longDQN: [String] = [
        "discount: 0.5", "learning_rate: 0.01", "steps: 4000",
        "batch: 64", "loss: squared", "target_interval: 50",
    ]

    @Test func `the soft return counts the entropy of what follows the first action`() throws {
        // A temperature so high that rewards are nothing beside it: the policy stays near its first, wide one, and what is measured is
        // alpha (gamma H + gamma² H) with H, the entropy of a squashed Gaussian, below log 2.
        let alpha = 1000.0
        let table = try #require(
            findings(
                "twin-critics",
                setting(
                    seeds: 2, constant: 0,
                    changes: [
                        .sac: ["temperature: fixed", "initial_temperature: \(alpha)"]
                    ])
            ).tables.first)
        for measured in try numbers(table, "measured", where: "critics", is: "2") {
            let entropy = measured / (alpha * (0.99 + 0.99 * 0.99))
            #expect((0.3...0.6932).contains(entropy), "\(entropy)")
        }
    }

    @Test func `robustness compares losses against the robot of training`() throws {
        let findings = try findings("robustness", setting(seeds: 3))
        let table = try #require(findings.tables.first)
        func returns(_ condition: String, _ value: String) throws -> [[Double]] {
            let rows = rows(table).filter { $0["condition"] == condition && $0["value"] == value }
            return try ["entropic_return", "greedy_return"].map { column in
                try rows.map { try #require($0[column].flatMap(Double.init)) }
            }
        }
        let nominal = try returns("mass", "1.0")
        // Here the mass multiplies the reward, so the losses of 0.6, 0.8, 1.2 and 1.4 cancel.
        for (mass, factor) in [("0.6", 0.6), ("1.4", 1.4)] {
            for (changed, own) in zip(try returns("mass", mass).joined(), nominal.joined()) {
                #expect(abs(changed - factor * own) < 1e-9)
            }
        }
        #expect(abs(findings.claims[0].figure) < 1e-9)
        // No push is the robot of training; pushes cost, and what greedy training loses more is claimed.
        #expect(try returns("push", "0.0") == nominal)
        var differences = [Double](repeating: 0, count: 3)
        for share in ["0.05", "0.1", "0.15", "0.2"] {
            let pushed = try returns("push", share)
            for seed in 0..<3 {
                let losses = (0..<2).map { nominal[$0][seed] - pushed[$0][seed] }
                #expect(losses.allSatisfy { $0 > 0 })
                differences[seed] += (losses[1] - losses[0]) / 4
            }
        }
        let bound = Bootstrap.interval(of: differences).lowerBound
        #expect(abs(findings.claims[1].figure - bound) < 1e-12)
        let trained = zip(nominal[0], nominal[1]).map { $0 - $1 }
        #expect(abs(findings.claims[2].figure - mean(trained)) < 1e-12)
    }

    @Test func `rewards of another size in training are scored by the scene's own`() throws {
        let findings = try findings("temperature", setting(seeds: 2))
        let table = try #require(findings.tables.first)
        #expect(Set(rows(table).compactMap { $0["reward_factor"] }) == ["0.01", "0.1", "1.0", "10.0"])
        var worst = [Double](repeating: .infinity, count: 2)
        for row in rows(table) {
            let score = try #require(row["tuned_return"].flatMap(Double.init))
            // Three steps, each (action - observation)² of at most 4.
            #expect((-12...0).contains(score))
            let seed = try #require(row["seed"].flatMap(Int.init))
            worst[seed] = min(worst[seed], score)
        }
        #expect(abs(findings.claims[0].figure - mean(worst)) < 1e-12)
    }

    @Test func `dqn-stability claims by the last third of the evaluations`() throws {
        let findings = try findings("dqn-stability", setting(seeds: 2))
        let table = try #require(findings.tables.first)
        let levels = try (0..<2).map { seed in
            let returns = try rows(table).filter { $0["kind"] == "both" && $0["seed"] == "\(seed)" }.map {
                try #require($0["mean_return"].flatMap(Double.init))
            }
            #expect(returns.count == 30)
            return mean(returns.suffix(10))
        }
        #expect(abs(try #require(findings.claims.last).figure - mean(levels)) < 1e-12)
        let kinds = Set(rows(table).compactMap { $0["kind"] })
        #expect(kinds == ["both", "no_target", "no_replay", "neither"])
    }

    @Test func `each rung of the ladder is held to its own figure`() throws {
        let findings = try findings("ladder", setting(seeds: 2))
        let scores = try #require(findings.tables.first { $0.name == "scores" })
        let rungs: [(algorithm: Algorithm, wanted: Double)] = [
            (.qLearning, -600), (.dqn, -300), (.doubleDQN, -300), (.a2c, -300), (.sac, -170),
        ]
        #expect(findings.claims.map(\.demand) == rungs.map { .atLeast($0.wanted) })
        for (rung, claim) in zip(rungs, findings.claims) {
            let name = rung.algorithm.name
            let own = try numbers(scores, "mean_return", where: "algorithm", is: name)
            #expect(own.count == 2 && abs(claim.figure - mean(own)) < 1e-12, "\(name)")
            let steps = try numbers(scores, "steps", where: "algorithm", is: name)
            #expect(steps.allSatisfy { $0 == Double(Self.steps(rung.algorithm)) }, "\(name): \(steps)")
        }
    }

    @Test func `the bootstrap's interval is that of the mean, and a single value has none`() {
        var random = RandomStream(seed: 5, name: "sample")
        let sample = (0..<400).map { _ in 3 + 2 * random.normal() }
        let interval = Bootstrap.interval(of: sample)
        // 1.96 standard errors of 0.1 on both sides; a tenth of that for the resamples and the sample's own deviation.
        #expect(abs(interval.upperBound - interval.lowerBound - 4 * 0.098) < 0.04)
        #expect(interval.contains(mean(sample)))
        #expect(Bootstrap.interval(of: [1]) == -.infinity ... .infinity)
        #expect(Bootstrap.interval(of: [1, .nan]) == -.infinity ... .infinity)
    }
}
