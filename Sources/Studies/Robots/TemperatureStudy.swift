// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

extension Study {
    /// Why the temperature is tuned (the article's sections 4.2 and 4.3; arXiv:1812.05905, section 5).
    static let temperature = Study(
        name: "temperature",
        summary: "A fixed temperature suits one size of rewards; a tuned one suits any.", seeds: 5,
        of: "runs of each kind", conduct: TemperatureStudy.conduct)
}

/// SAC with the pendulum's own settings on rewards of different size, its temperature tuned or fixed.
private enum TemperatureStudy {
    static let scene = "pendulum"
    static let factors = [0.01, 0.1, 1, 10]
    /// A usual choice, Spinning Up's and Tianshou's.
    static let fixedTemperature = 0.2
    /// Episodes, of the scene's own rewards, on which the last policy is scored, and the seed of their starts.
    static let (episodes, seed) = (50, UInt64(1000))

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let tuned = try setting.configuration(scene, .sac)
        var fixed = tuned
        try fixed.apply(["temperature: fixed", "initial_temperature: \(fixedTemperature)"])
        let agents = [tuned, fixed]
        let count = factors.count * setting.seeds
        let scores = try ParallelRuns.map(2 * count, threads: setting.threads) { number in
            try score(
                agents[number / count], factor: factors[number % count / setting.seeds],
                seed: UInt64(number % setting.seeds), setting)
        }
        // (kind, factor, seed)
        let ofKind = [0, 1].map { kind in
            factors.indices.map { factor in
                (0..<setting.seeds).map { scores[kind * count + factor * setting.seeds + $0] }
            }
        }
        return Findings(
            tables: [table(ofKind[0], ofKind[1])], chart: chart(ofKind[0], ofKind[1]),
            claims: claims(ofKind[0], ofKind[1]))
    }

    private static func score(
        _ agent: AgentConfiguration, factor: Double, seed: UInt64, _ setting: StudySetting
    ) throws -> Double {
        let best = try RobotRun(
            scene: scene, agent: agent, evaluationInterval: 1000, evaluationEpisodes: 30, rewardFactor: factor
        ).train(seed: seed, in: setting).best
        let environment = try setting.makeEnvironment(scene, RandomStream(seed: Self.seed, .evaluation))
        return try RobotRun.score(best, in: environment, episodes: episodes)
    }

    private static func claims(_ tuned: [[Double]], _ fixed: [[Double]]) -> [Claim] {
        func worst(_ scores: [[Double]]) -> [Double] {
            (scores.first ?? []).indices.map { seed in scores.map { $0[seed] }.smallest }
        }
        let differences = zip(worst(tuned), worst(fixed)).map { $0 - $1 }
        return [
            Claim(
                "tuned: mean return at its worst size of rewards", SampleMean(worst(tuned)).mean,
                .atLeast(-200)),
            Claim(
                "fixed at \(fixedTemperature): what it loses against that at its own worst size, lower end of the 95 % interval",
                Bootstrap.interval(of: differences).lowerBound, .above(0)),
        ]
    }

    private static func table(_ tuned: [[Double]], _ fixed: [[Double]]) -> Table {
        var table = Table(columns: ["reward_factor", "seed", "tuned_return", "fixed_return"])
        for (index, factor) in factors.enumerated() {
            for seed in tuned[index].indices {
                table.append(factor, seed, tuned[index][seed], fixed[index][seed])
            }
        }
        return table
    }

    private static func chart(_ tuned: [[Double]], _ fixed: [[Double]]) -> Chart {
        func series(_ name: String, _ scores: [[Double]]) -> Series {
            Series(
                name,
                joining: (scores.first ?? []).indices.map { seed in
                    Curve(x: factors, y: scores.map { $0[seed] })
                })
        }
        return Chart(
            "SAC on the pendulum, rewards multiplied by a factor",
            x: Axis("factor of the rewards in training", .logarithmic),
            y: Axis("mean return of the best policy, by the scene's own rewards"),
            series: [series("tuned temperature", tuned), series("fixed at \(fixedTemperature)", fixed)])
    }
}
