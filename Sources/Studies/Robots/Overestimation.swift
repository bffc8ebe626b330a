// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
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

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let algorithms = [Algorithm.dqn, .doubleDQN]
        let agents = try algorithms.map { algorithm in
            var agent = try setting.configuration(scene, algorithm)
            try agent.apply(["torques: \(torques)"])
            return agent
        }
        let outcomes = try ParallelRuns.map(2 * setting.seeds, threads: setting.threads) {
            try outcome(agents[$0 % 2], seed: UInt64($0 / 2), setting)
        }
        let pairs = (0..<setting.seeds).map { (outcomes[2 * $0], outcomes[2 * $0 + 1]) }
        return Findings(
            tables: [table(pairs)],
            chart: ValueBias.chart(
                "What the last network believes of its policy's return, against what the policy gets",
                [("DQN", pairs.map(\.0)), ("Double DQN", pairs.map(\.1))]),
            claims: claims(pairs))
    }

    private static func outcome(
        _ agent: AgentConfiguration, seed: UInt64, _ setting: StudySetting
    ) throws -> ValueBias {
        let run = RobotRun(
            scene: scene, agent: agent, evaluationInterval: agent.steps, evaluationEpisodes: 1,
            rewardNoise: noise)
        return try run.train(seed: seed, in: setting) { result, agent in
            guard let agent = agent as? DQNAgent else { throw AgentsError.badState("no agent of DQN") }
            let environment = try setting.makeEnvironment(scene, RandomStream(seed: Self.seed, .evaluation))
            return try measure(agent, NetworkPolicy(result.last), in: environment)
        }
    }

    private static func measure(
        _ agent: DQNAgent, _ policy: NetworkPolicy, in environment: any Environment
    ) throws -> ValueBias {
        var rollOut = RollOut(environment)
        var outcome = ValueBias()
        for _ in 0..<episodes {
            try rollOut.reset()
            outcome.believed += agent.learner.highestValue(rollOut.observation.span) / Double(episodes)
            var (weight, isLast) = (1.0, false)
            while !isLast {
                let step = try rollOut.step { try policy.act($0, into: &$1) }
                rollOut.advance()
                outcome.measured += weight * step.reward / Double(episodes)
                weight *= agent.configuration.discount
                isLast = step.isLast
                if isLast, !step.isTerminated {
                    let value = agent.learner.highestValue(rollOut.observation.span)
                    outcome.believed -= weight * value / Double(episodes)
                }
            }
        }
        return outcome
    }

    private static func claims(_ pairs: [(ValueBias, ValueBias)]) -> [Claim] {
        let differences = pairs.map { $0.1.normalised - $0.0.normalised }
        return [
            Claim(
                "Double DQN's normalised bias minus DQN's, mean of the pairs", SampleMean(differences).mean,
                .below(0)),
            Claim(
                "the same, upper end of the 95 % paired bootstrap interval",
                Bootstrap.interval(of: differences).upperBound, .below(0)),
        ]
    }

    private static func table(_ pairs: [(ValueBias, ValueBias)]) -> Table {
        var table = Table(columns: ["algorithm", "seed", "believed", "measured", "normalised_bias"])
        for (seed, pair) in pairs.enumerated() {
            for (name, outcome) in [("dqn", pair.0), ("double-dqn", pair.1)] {
                table.append(name, seed, outcome.believed, outcome.measured, outcome.normalised)
            }
        }
        return table
    }
}
