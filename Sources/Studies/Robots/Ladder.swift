// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

extension Study {
    /// What each rung of the article's ladder bought, on one robot.
    static let ladder = Study(
        name: "ladder",
        summary: "All algorithms swing up the pendulum: return against steps and against seconds.", seeds: 3,
        of: "runs of each algorithm", conduct: Ladder.conduct)
}

/// Every algorithm with the pendulum's own settings; the best policy of each run is scored on fresh episodes.
private enum Ladder {
    static let scene = "pendulum"

    /// A rung: its algorithm, its name in the picture, and the return that it must reach.
    struct Rung: Sendable {
        var algorithm: Algorithm
        var label: String
        var wanted: Double
    }

    static let rungs = [
        Rung(algorithm: .qLearning, label: "Q-learning, a table", wanted: -600),
        Rung(algorithm: .dqn, label: "DQN", wanted: -300),
        Rung(algorithm: .doubleDQN, label: "Double DQN", wanted: -300),
        Rung(algorithm: .a2c, label: "A2C", wanted: -300),
        Rung(algorithm: .sac, label: "SAC", wanted: -170),
    ]
    /// Evaluations of a run, evenly spaced, and their episodes.
    static let (evaluations, episodes) = (20, 30)
    /// Fresh episodes that the best policy of a run is scored on, and the seed of their starts.
    static let (fresh, freshSeed) = (100, UInt64(1000))

    struct Outcome: Sendable {
        var run: RobotRun.Outcome
        var score: Double
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        // The long runs come first, so that no thread waits for one at the end.
        let agents = try rungs.map { try setting.configuration(scene, $0.algorithm) }
        let order = rungs.indices.sorted { agents[$0].steps > agents[$1].steps }
        let outcomes = try ParallelRuns.map(rungs.count * setting.seeds, threads: setting.threads) { number in
            try outcome(
                agents[order[number / setting.seeds]], seed: UInt64(number % setting.seeds), setting)
        }
        var ofRung = rungs.map { _ in [Outcome]() }
        for (number, outcome) in outcomes.enumerated() {
            ofRung[order[number / setting.seeds]].append(outcome)
        }
        return Findings(tables: tables(ofRung), chart: chart(ofRung), claims: claims(ofRung))
    }

    private static func outcome(
        _ agent: AgentConfiguration, seed: UInt64, _ setting: StudySetting
    ) throws -> Outcome {
        let run = try RobotRun(
            scene: scene, agent: agent, evaluationInterval: max(1, agent.steps / evaluations),
            evaluationEpisodes: episodes
        ).train(seed: seed, in: setting)
        let environment = try setting.makeEnvironment(scene, RandomStream(seed: freshSeed, .evaluation))
        return Outcome(run: run, score: try RobotRun.score(run.best, in: environment, episodes: fresh))
    }

    private static func claims(_ outcomes: [[Outcome]]) -> [Claim] {
        zip(rungs, outcomes).map { rung, outcomes in
            Claim(
                "\(rung.label): mean return of the best policies over \(fresh) fresh episodes",
                SampleMean(outcomes.map(\.score)).mean, .atLeast(rung.wanted))
        }
    }

    private static func tables(_ outcomes: [[Outcome]]) -> [Table] {
        var curves = Table(columns: ["algorithm", "seed", "step", "mean_return", "seconds"])
        var scores = Table("scores", columns: ["algorithm", "seed", "steps", "mean_return"])
        for (rung, outcomes) in zip(rungs, outcomes) {
            let name = rung.algorithm.name
            for (seed, outcome) in outcomes.enumerated() {
                for (index, step) in outcome.run.steps.enumerated() {
                    curves.append(
                        name, seed, Int(step), outcome.run.returns[index], outcome.run.seconds[index])
                }
                scores.append(name, seed, Int(outcome.run.steps.last ?? 0), outcome.score)
            }
        }
        return [curves, scores]
    }

    private static func chart(_ outcomes: [[Outcome]]) -> Chart {
        func panel(_ x: Axis, _ places: (RobotRun.Outcome) -> [Double]) -> Panel {
            Panel(
                x: x, y: Axis("mean return of an evaluation", range: -1700...0),
                series: zip(rungs, outcomes).map { rung, outcomes in
                    Series(
                        rung.label,
                        joining: outcomes.map { Curve(x: places($0.run), y: $0.run.returns) })
                }, thresholds: [Threshold("swung up", at: -200)])
        }
        return Chart(
            "The ladder on the pendulum: what each algorithm bought",
            panels: [
                panel(Axis("control steps", .logarithmic), \.steps),
                panel(Axis("seconds on one core", .logarithmic), \.seconds),
            ])
    }
}
