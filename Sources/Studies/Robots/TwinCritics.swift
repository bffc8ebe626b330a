// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

extension Study {
    /// What the second critic is for (the article's section 4.3.1; arXiv:1802.09477, section 4.2).
    static let twinCritics = Study(
        name: "twin-critics",
        summary: "One critic thinks its policy is worth more than it gets; the smaller of two does not.",
        seeds: 10,
        of: "pairs of runs", conduct: TwinCritics.conduct)
}

/// Pairs of runs of SAC that differ by the number of critics alone.
///
/// The bias of a run is normalised as REDQ's is (arXiv:2101.05982): (B - G) / |mean G| over the first states and actions of fresh
/// episodes, with G the discounted soft return that the stochastic policy gets until the episode's end: the reward, then rewards with
/// alpha times the entropy, as Q means it. B is what the critics believe of these steps: Q(s, a), less gamma^T (Q - alpha log pi) of
/// the last state where a time limit cut the episode after T steps.
private enum TwinCritics {
    static let scene = "pendulum"
    /// How many times the scene's steps a run takes: after once, values still lag behind a policy that gets better, and lie too low
    /// for that alone.
    static let length = 3
    /// Episodes that beliefs are measured on, and the seed of their starts and of the noise of their actions.
    static let (episodes, seed) = (50, UInt64(1000))

    /// What a run's agent believed at its end and what it got, the means over all episodes.
    struct Outcome: Sendable {
        var value = ValueBias()
        /// The mean return of the best policy, without discount or entropy.
        var score = 0.0
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        var two = try setting.configuration(scene, .sac)
        two.steps *= length
        var one = two
        try one.apply(["critics: 1"])
        let agents = [one, two]
        let outcomes = try ParallelRuns.map(2 * setting.seeds, threads: setting.threads) {
            try outcome(agents[$0 % 2], seed: UInt64($0 / 2), setting)
        }
        let pairs = (0..<setting.seeds).map { (one: outcomes[2 * $0], two: outcomes[2 * $0 + 1]) }
        return Findings(
            tables: [table(pairs)],
            chart: ValueBias.chart(
                "What SAC's critics believe of their policy, against what the policy gets",
                [("one critic", pairs.map(\.one.value)), ("two critics", pairs.map(\.two.value))]),
            claims: claims(pairs))
    }

    private static func outcome(
        _ agent: AgentConfiguration, seed: UInt64, _ setting: StudySetting
    ) throws -> Outcome {
        let run = RobotRun(scene: scene, agent: agent, evaluationInterval: 1000, evaluationEpisodes: 30)
        return try run.train(seed: seed, in: setting) { result, agent in
            guard let agent = agent as? SACAgent else { throw AgentsError.badState("no agent of SAC") }
            let makeEnvironment = {
                try setting.makeEnvironment(scene, RandomStream(seed: Self.seed, .evaluation))
            }
            return Outcome(
                value: try measure(agent, in: makeEnvironment()),
                score: try RobotRun.score(result.best, in: makeEnvironment(), episodes: episodes))
        }
    }

    private static func measure(_ agent: SACAgent, in environment: any Environment) throws -> ValueBias {
        let probe = SACProbe(of: agent)
        var noise = RandomStream(seed: seed, .exploration)
        var rollOut = RollOut(environment)
        var outcome = ValueBias()
        for _ in 0..<episodes {
            try rollOut.reset()
            var draw = probe.draw(rollOut.observation, using: &noise)
            outcome.believed += draw.value / Double(episodes)
            var (weight, isLast) = (1.0, false)
            while !isLast {
                let step = try rollOut.step { _, action in
                    for index in action.indices { action[index] = draw.action[index] }
                }
                rollOut.advance()
                outcome.measured += weight * step.reward / Double(episodes)
                weight *= agent.configuration.discount
                isLast = step.isLast
                guard !step.isTerminated else { break }
                draw = probe.draw(rollOut.observation, using: &noise)
                let entropy = -probe.temperature * draw.logProbability
                if isLast {
                    outcome.believed -= weight * (draw.value + entropy) / Double(episodes)
                } else {
                    outcome.measured += weight * entropy / Double(episodes)
                }
            }
        }
        return outcome
    }

    private static func claims(_ pairs: [(one: Outcome, two: Outcome)]) -> [Claim] {
        let differences = pairs.map { $0.two.value.normalised - $0.one.value.normalised }
        return [
            Claim(
                "one critic: normalised bias, lower end of the 95 % bootstrap interval of its mean",
                Bootstrap.interval(of: pairs.map(\.one.value.normalised)).lowerBound, .above(0)),
            Claim(
                "two critics' normalised bias minus one's, upper end of the 95 % paired bootstrap interval",
                Bootstrap.interval(of: differences).upperBound, .below(0)),
            Claim(
                "two critics: normalised bias, upper end of the 95 % bootstrap interval of its mean",
                Bootstrap.interval(of: pairs.map(\.two.value.normalised)).upperBound, .below(0)),
        ]
    }

    private static func table(_ pairs: [(one: Outcome, two: Outcome)]) -> Table {
        var table = Table(columns: ["critics", "seed", "believed", "measured", "normalised_bias", "return"])
        for (seed, pair) in pairs.enumerated() {
            for (critics, outcome) in [(1, pair.one), (2, pair.two)] {
                table.append(
                    critics, seed, outcome.value.believed, outcome.value.measured, outcome.value.normalised,
                    outcome.score)
            }
        }
        return table
    }
}
