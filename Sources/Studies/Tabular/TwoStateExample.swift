// SPDX-License-Identifier: MIT

internal import Agents
internal import Drawing
internal import Environments

/// Sutton & Barto's example 6.7: how often Q-learning and Double Q-learning go left, where going left is worse.
struct TwoStateExample: Sendable {
    static let episodes = 300
    /// epsilon and the step size, both as in the book.
    static let rate = 0.1
    /// What remains of going left when it is known to be worse: half of the random actions.
    static let optimum = rate / 2

    /// The share of runs that went left in each episode.
    let qLearning: [Double]
    let doubleQLearning: [Double]

    init(runs: Int, threads: Int) throws {
        qLearning = try Self.shares(.maximum, runs: runs, threads: threads)
        doubleQLearning = try Self.shares(.double, runs: runs, threads: threads)
    }

    private static func shares(_ target: TargetRule, runs: Int, threads: Int) throws -> [Double] {
        // In parts, so that a thread has something to do between two locks.
        let part = 100
        let counts = try ParallelRuns.map((runs + part - 1) / part, threads: threads) { index in
            var counts = [Int](repeating: 0, count: episodes)
            for run in index * part..<min((index + 1) * part, runs) {
                count(UInt64(run), target, in: &counts)
            }
            return counts
        }
        return (0..<episodes).map { episode in
            Double(counts.reduce(0) { $0 + $1[episode] }) / Double(runs)
        }
    }

    /// Learns for all episodes, and counts those that go left.
    private static func count(_ seed: UInt64, _ target: TargetRule, in counts: inout [Int]) {
        let process = FiniteMDP.maximizationBias()
        var random = RandomStream(seed: seed, name: "example 6.7")
        var learner = ProcessLearner(process, target: target, stepSize: .constant(rate))
        for episode in 0..<episodes {
            var state: Int? = 0
            while let current = state {
                let choice = learner.choice(in: current, epsilon: rate, using: &random)
                if current == 0, choice == 0 { counts[episode] += 1 }
                let (reward, next) = process.sample(state: current, choice: choice, using: &random)
                learner.learn(
                    state: current, choice: choice, reward: reward, next: next, using: &random)
                state = next
            }
        }
    }

    /// The mean of the last fifty episodes.
    private static func end(_ shares: [Double]) -> Double { SampleMean(Array(shares.suffix(50))).mean }

    var claims: [Claim] {
        let (single, double) = (qLearning, doubleQLearning)
        return [
            Claim(
                "example 6.7: the largest share of Q-learning's runs that go left (best is 0.05)",
                single.largest, .atLeast(0.6)),
            Claim(
                "example 6.7: Q-learning's share in the last 50 episodes over the best one",
                Self.end(single) / Self.optimum,
                .atLeast(1.5)),
            Claim(
                "example 6.7: Double Q-learning's share in the last 50 episodes", Self.end(double),
                .atMost(0.075)),
            Claim(
                "example 6.7: what Double Q-learning goes left more than the best, over what Q-learning does, all episodes",
                (SampleMean(double).mean - Self.optimum) / (SampleMean(single).mean - Self.optimum),
                .atMost(0.5)),
        ]
    }

    var table: Table {
        var table = Table("example-6-7", columns: ["episode", "q_learning", "double_q_learning"])
        for episode in 0..<Self.episodes {
            table.append(episode + 1, qLearning[episode], doubleQLearning[episode])
        }
        return table
    }

    var panel: Panel {
        let places = (1...Self.episodes).map(Double.init)
        return Panel(
            "Sutton & Barto's example 6.7", x: Axis("episode"),
            y: Axis("share of runs that go left", range: 0...1),
            series: [
                Series("Q-learning", x: places, y: qLearning),
                Series("Double Q-learning", x: places, y: doubleQLearning),
            ], thresholds: [Threshold("best: 5 %", at: Self.optimum)])
    }
}
