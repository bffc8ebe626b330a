// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

extension Study {
    /// What replay and the target network do for DQN (the article's section 2.3).
    static let dqnStability = Study(
        name: "dqn-stability",
        summary: "DQN on the pendulum with and without experience replay and the target network.", seeds: 5,
        of: "runs of each kind", conduct: DQNStability.conduct)
}

/// DQN with the pendulum's own settings, one or both of its inventions taken away.
private enum DQNStability {
    static let scene = "pendulum"

    /// A kind of DQN: what it is called in files and in pictures, and what it has.
    struct Kind: Sendable {
        var name: String
        var label: String
        var replay: Bool
        var targetNetwork: Bool
    }

    static let kinds = [
        Kind(name: "both", label: "DQN", replay: true, targetNetwork: true),
        Kind(name: "no_target", label: "without target network", replay: true, targetNetwork: false),
        Kind(name: "no_replay", label: "without replay", replay: false, targetNetwork: true),
        Kind(name: "neither", label: "without both", replay: false, targetNetwork: false),
    ]
    static let evaluations = 30

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let agent = try setting.configuration(scene, .dqn)
        let runs = try ParallelRuns.map(kinds.count * setting.seeds, threads: setting.threads) { number in
            let kind = kinds[number / setting.seeds]
            var agent = agent
            try agent.apply(["replay: \(kind.replay)", "target_network: \(kind.targetNetwork)"])
            return try RobotRun(
                scene: scene, agent: agent, evaluationInterval: max(1, agent.steps / evaluations),
                evaluationEpisodes: 10
            ).train(seed: UInt64(number % setting.seeds), in: setting)
        }
        let ofKind = kinds.indices.map { Array(runs[$0 * setting.seeds..<($0 + 1) * setting.seeds]) }
        return Findings(tables: [table(ofKind)], chart: chart(ofKind), claims: claims(ofKind))
    }

    /// The mean return over the last third of a run's evaluations.
    private static func level(_ run: RobotRun.Outcome) -> Double {
        SampleMean(Array(run.returns.suffix(max(1, run.returns.count / 3)))).mean
    }

    private static func claims(_ runs: [[RobotRun.Outcome]]) -> [Claim] {
        let levels = runs.map { $0.map(level) }
        let losses = kinds.indices.dropFirst().map { kind in
            let differences = zip(levels[0], levels[kind]).map { $0 - $1 }
            return Claim(
                "\(kinds[kind].label): what it loses in the last third of training, lower end of the 95 % interval",
                Bootstrap.interval(of: differences).lowerBound, .above(0))
        }
        return losses + [
            Claim(
                "DQN: mean return over the last third of training", SampleMean(levels[0]).mean, .atLeast(-400)
            )
        ]
    }

    private static func table(_ runs: [[RobotRun.Outcome]]) -> Table {
        var table = Table(columns: ["kind", "seed", "step", "mean_return"])
        for (kind, runs) in zip(kinds, runs) {
            for (seed, run) in runs.enumerated() {
                for (step, value) in zip(run.steps, run.returns) {
                    table.append(kind.name, seed, Int(step), value)
                }
            }
        }
        return table
    }

    private static func chart(_ runs: [[RobotRun.Outcome]]) -> Chart {
        Chart(
            "DQN on the pendulum, with and without what keeps it steady", x: Axis("control steps"),
            y: Axis("mean return of an evaluation"),
            series: zip(kinds, runs).map { kind, runs in
                Series(kind.label, joining: runs.map { Curve(x: $0.steps, y: $0.returns) })
            })
    }
}
