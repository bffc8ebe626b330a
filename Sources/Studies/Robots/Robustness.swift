// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

extension Study {
    /// The article's remark in section 4, that policies trained for entropy too are more robust.
    static let robustness = Study(
        name: "robustness",
        summary: "Pushes and changed masses against policies that were trained with entropy and without.",
        seeds: 10, of: "pairs of runs", conduct: Robustness.conduct)
}

/// Pairs of SAC runs that differ by the temperature alone, scored where the robot is not what they were trained on.
private enum Robustness {
    static let scene = "pendulum"
    /// The factors of the rod's mass and inertia.
    static let masses = [0.6, 0.8, 1, 1.2, 1.4]
    /// Pushes: the share of the time in which another hand holds the motor at full torque.
    static let pushes = [0, 0.05, 0.1, 0.15, 0.2]
    /// Episodes that a policy is scored on in each condition, and the seed of their starts and pushes.
    static let (episodes, seed) = (50, UInt64(1000))
    /// The temperature that trains greedily: nothing of the entropy is felt beside rewards of this size.
    static let greedyTemperature = 1e-6

    /// The mean returns of one policy, by mass and by push.
    struct Scores: Sendable {
        var ofMasses: [Double] = []
        var ofPushes: [Double] = []
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let entropic = try setting.configuration(scene, .sac)
        var greedy = entropic
        try greedy.apply(["temperature: fixed", "initial_temperature: \(greedyTemperature)"])
        let agents = [entropic, greedy]
        let scores = try ParallelRuns.map(2 * setting.seeds, threads: setting.threads) {
            try score(agents[$0 % 2], seed: UInt64($0 / 2), setting)
        }
        let pairs = (0..<setting.seeds).map { (scores[2 * $0], scores[2 * $0 + 1]) }
        return Findings(tables: [table(pairs)], chart: chart(pairs), claims: claims(pairs))
    }

    private static func score(
        _ agent: AgentConfiguration, seed: UInt64, _ setting: StudySetting
    ) throws -> Scores {
        let policy = try RobotRun(
            scene: scene, agent: agent, evaluationInterval: 1000, evaluationEpisodes: 30
        ).train(seed: seed, in: setting).best
        var scores = Scores()
        for mass in masses {
            let environment = try setting.makeEnvironmentOfMass(
                scene, mass, RandomStream(seed: Self.seed, .evaluation))
            scores.ofMasses.append(try RobotRun.score(policy, in: environment, episodes: episodes))
        }
        for share in pushes {
            let environment = PushedEnvironment(
                try setting.makeEnvironment(scene, RandomStream(seed: Self.seed, .evaluation)), share: share,
                random: RandomStream(seed: Self.seed, name: "pushes"))
            scores.ofPushes.append(try RobotRun.score(policy, in: environment, episodes: episodes))
        }
        return scores
    }

    /// What a policy loses against itself on the robot that it was trained on, the mean over the changed conditions.
    private static func loss(_ returns: [Double], nominal: Int) -> Double {
        SampleMean(returns.indices.filter { $0 != nominal }.map { returns[nominal] - returns[$0] }).mean
    }

    private static func claims(_ pairs: [(Scores, Scores)]) -> [Claim] {
        func difference(_ path: KeyPath<Scores, [Double]>, nominal: Int) -> [Double] {
            pairs.map {
                loss($0.1[keyPath: path], nominal: nominal) - loss($0.0[keyPath: path], nominal: nominal)
            }
        }
        func bound(_ values: [Double]) -> Double { Bootstrap.interval(of: values).lowerBound }
        let masses = difference(\.ofMasses, nominal: 2)
        let pushes = difference(\.ofPushes, nominal: 0)
        return [
            Claim(
                "masses 0.6 to 1.4: what greedy training loses beyond entropic training, lower end of the 95 % interval",
                bound(masses), .above(0)),
            Claim(
                "pushes up to 20 % of the time: the same", bound(pushes), .above(0)),
            Claim(
                "as trained: return of entropic training less that of greedy training, mean of the pairs",
                SampleMean(pairs.map { $0.0.ofMasses[2] - $0.1.ofMasses[2] }).mean, .atLeast(0)),
        ]
    }

    private static func table(_ pairs: [(Scores, Scores)]) -> Table {
        var table = Table(columns: ["condition", "value", "seed", "entropic_return", "greedy_return"])
        for (seed, pair) in pairs.enumerated() {
            for (index, mass) in masses.enumerated() {
                table.append("mass", mass, seed, pair.0.ofMasses[index], pair.1.ofMasses[index])
            }
            for (index, share) in pushes.enumerated() {
                table.append("push", share, seed, pair.0.ofPushes[index], pair.1.ofPushes[index])
            }
        }
        return table
    }

    private static func chart(_ pairs: [(Scores, Scores)]) -> Chart {
        func panel(_ label: String, _ x: [Double], _ path: KeyPath<Scores, [Double]>) -> Panel {
            func series(_ name: String, _ scores: [Scores]) -> Series {
                Series(name, joining: scores.map { Curve(x: x, y: $0[keyPath: path]) }, band: .quartiles)
            }
            return Panel(
                x: Axis(label), y: Axis("mean return"),
                series: [
                    series("trained with entropy (tuned)", pairs.map(\.0)),
                    series("trained greedily (α = 10⁻⁶)", pairs.map(\.1)),
                ])
        }
        return Chart(
            "The pendulum, changed after training",
            panels: [
                panel("mass of the rod, times the trained one", masses, \.ofMasses),
                panel("share of time under pushes", pushes, \.ofPushes),
            ])
    }
}
