// SPDX-License-Identifier: MIT

internal import Agents
internal import Charts
internal import Environments
internal import Policies

extension Study {
    /// What the maximum over uncertain values does, and Double DQN against it (the article's section 2.8; arXiv:1509.06461).
    static let overestimation = Study(
        name: "overestimation",
        summary: "Double DQN's values lie lower than DQN's, measured by what each policy gets.", seeds: 10,
        of: "pairs of runs", conduct: Overestimation.conduct)
}

/// Pairs of runs that differ by the target alone, on the pendulum with a fine grid of torques and noise in the rewards of training.
///
/// The bias of a run is normalised as REDQ's is (arXiv:2101.05982): (B - G) / |mean G| over the first states s of fresh episodes without
/// noise, with G the discounted return that the greedy policy of the last network gets until the episode's end, and B what the network
/// believes of these steps: max Q(s), less gamma^T max Q of the last state where a time limit cut the episode after T steps. (REDQ
/// leaves out starts near the limit instead.)
private enum Overestimation {
    static let scene = "pendulum"
    /// Many choices and noise: the maximum has more errors to choose from.
    static let (torques, noise) = (21, 3.0)
    /// Episodes that a policy is measured on, and the seed of their starts.
    static let (episodes, seed) = (50, UInt64(1000))

    /// What the last network of a run believed and what its policy got, the means over all starts.
    struct Outcome: Sendable {
        var believed: Double
        var measured: Double
        var bias: Double { (believed - measured) / abs(measured) }
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let algorithms = [Algorithm.dqn, .doubleDQN]
        let agents = try algorithms.map { algorithm in
            var agent = try setting.configuration(scene, algorithm)
            try agent.apply([("torques", .integer(torques))])
            return agent
        }
        let outcomes = try ParallelRuns.map(2 * setting.seeds, threads: setting.threads) {
            try outcome(agents[$0 % 2], seed: UInt64($0 / 2), setting)
        }
        let pairs = (0..<setting.seeds).map { (outcomes[2 * $0], outcomes[2 * $0 + 1]) }
        return Findings(tables: [table(pairs)], chart: chart(pairs), claims: claims(pairs))
    }

    private static func outcome(
        _ agent: AgentConfiguration, seed: UInt64, _ setting: StudySetting
    ) throws -> Outcome {
        let last = try RobotRun(
            scene: scene, agent: agent, evaluationInterval: agent.steps, evaluationEpisodes: 1,
            rewardNoise: noise
        ).train(seed: seed, in: setting).last
        let discount = agent.settings.first { $0.key == "discount" }.flatMap { setting in
            if case .number(let value) = setting.value { value } else { nil }
        }
        let environment = try setting.makeEnvironment(scene, RandomStream(seed: Self.seed, .evaluation))
        return try measure(last, discount: discount ?? .nan, in: environment)
    }

    private static func measure(
        _ file: PolicyFile, discount: Double, in environment: any Environment
    ) throws -> Outcome {
        let policy = try NetworkPolicy(file)
        var observation = [Float](repeating: 0, count: policy.observationCount)
        var action = [Float](repeating: 0, count: policy.actionCount)
        var outcome = Outcome(believed: 0, measured: 0)
        for _ in 0..<episodes {
            var start = observation.mutableSpan
            try environment.reset(into: &start)
            func value() -> Double { Double(file.network.values(of: observation).max() ?? .nan) }
            outcome.believed += value() / Double(episodes)
            var (weight, isLast) = (1.0, false)
            while !isLast {
                var chosen = action.mutableSpan
                try policy.act(observation.span, into: &chosen)
                var next = observation.mutableSpan
                let step = try environment.step(action.span, into: &next)
                outcome.measured += weight * step.reward / Double(episodes)
                weight *= discount
                isLast = step.isLast
                if isLast, !step.isTerminated { outcome.believed -= weight * value() / Double(episodes) }
            }
        }
        return outcome
    }

    private static func claims(_ pairs: [(Outcome, Outcome)]) -> [Claim] {
        let differences = pairs.map { $0.1.bias - $0.0.bias }
        return [
            Claim(
                "Double DQN's normalised bias minus DQN's, mean of the pairs", SampleMean(differences).mean,
                .below(0)),
            Claim(
                "the same, upper end of the 95 % paired bootstrap interval",
                Bootstrap.interval(of: differences).upperBound, .below(0)),
        ]
    }

    private static func table(_ pairs: [(Outcome, Outcome)]) -> Table {
        var table = Table(columns: ["algorithm", "seed", "believed", "measured", "normalised_bias"])
        for (seed, pair) in pairs.enumerated() {
            for (name, outcome) in [("dqn", pair.0), ("double-dqn", pair.1)] {
                table.append(name, seed, outcome.believed, outcome.measured, outcome.bias)
            }
        }
        return table
    }

    private static func chart(_ pairs: [(Outcome, Outcome)]) -> Chart {
        func series(_ name: String, _ outcomes: [Outcome]) -> Series {
            Series(name, x: outcomes.indices.map(Double.init), y: outcomes.map(\.bias), style: .points)
        }
        return Chart(
            "What the last network believes of its policy's return, against what the policy gets",
            x: Axis("seed"), y: Axis("normalised bias", showsZero: true),
            series: [series("DQN", pairs.map(\.0)), series("Double DQN", pairs.map(\.1))],
            thresholds: [Threshold("no bias", at: 0)])
    }
}

extension PolicyNetwork {
    /// The last layer's numbers for an observation: of a greedy network, the value of each choice.
    fileprivate func values(of observation: [Float]) -> [Float] {
        var values = observation.indices.map { index in
            let normal = (observation[index] - normaliser.mean[index]) * normaliser.inverseDeviation[index]
            return min(max(normal, -normaliser.clip), normaliser.clip)
        }
        for (index, layer) in layers.enumerated() {
            let inputs = values
            values = layer.bias.indices.map { row in
                let sum = inputs.indices.reduce(layer.bias[row]) {
                    $0 + layer.weight[row * inputs.count + $1] * inputs[$1]
                }
                return index + 1 < layers.count ? max(sum, 0) : sum
            }
        }
        return values
    }
}
