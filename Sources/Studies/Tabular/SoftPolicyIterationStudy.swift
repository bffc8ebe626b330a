// SPDX-License-Identifier: MIT

internal import Agents
internal import CLibrary
internal import Drawing
internal import Environments

extension Study {
    /// Soft policy iteration (the article's section 4.1.1, lemmas 1 and 2, theorem 1) and both limits of the temperature.
    static let softPolicyIteration = Study(
        name: "soft-policy-iteration",
        summary:
            "Soft policy iteration never falls and meets soft value iteration; the temperature has two limits.",
        seeds: 20, of: "random processes", isRefutedByOne: true, conduct: SoftIteration.conduct)
}

/// Random processes solved twice at each temperature: by soft policy iteration and by soft value iteration.
private enum SoftIteration {
    static let discount = 0.9
    static let choices = 4
    /// From a thousandth to a thousand, four to a factor of ten.
    static let temperatures = (-12...12).map { pow(10, Double($0) / 4) }
    static let shownTemperatures = [0.01, 0.1, 1]
    static let shownImprovements = 12

    /// What one process showed at one temperature.
    struct Solution: Sendable {
        /// How far Q is from the soft optimum after each improvement, in the sup-norm.
        var distances: [Double] = []
        /// The smallest change of a number of Q by an improvement: not negative where Q never falls.
        var smallestChange = Double.infinity
        /// The largest and the smallest difference of the soft optimal Q and the optimal Q.
        var largestGap = 0.0
        var smallestGap = 0.0
        /// The most that the soft optimal policy loses against the best in ordinary value, without entropy.
        var largestLoss = 0.0
        /// The largest total variation of the policy's and the uniform probabilities in a state, and of the greedy ones'.
        var fromUniform = 0.0
        var fromGreedy = 0.0
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let all = temperatures + shownTemperatures
        let solutions = try ParallelRuns.map(setting.seeds, threads: setting.threads) { seed in
            var random = RandomStream(seed: UInt64(seed), name: "soft policy iteration")
            let process = FiniteMDP.random(
                states: 30, choices: choices, branching: 5, discount: discount, using: &random)
            let optimum = ValueIteration.solve(process)
            return try all.map { try solution(process, temperature: $0, optimum: optimum) }
        }
        let shown = solutions.map { Array($0[temperatures.count...]) }
        return Findings(
            tables: [limitTable(solutions), improvementTable(shown)], chart: chart(solutions, shown),
            claims: claims(solutions))
    }

    private static func solution(
        _ process: FiniteMDP, temperature: Double, optimum: ActionTable
    ) throws -> Solution {
        let exact = ValueIteration.solve(process, temperature: temperature, tolerance: 1e-12)
        var solution = Solution()
        var iteration = try SoftPolicyIteration(process, temperature: temperature)
        solution.distances = [iteration.values.distance(to: exact)]
        var change = Double.infinity
        // Numbers of Q reach thousands at high temperatures; rounding is in proportion.
        let scale = exact.values.reduce(1) { max($0, abs($1)) }
        while change > 1e-13 * scale, iteration.improvements < 100 {
            let before = iteration.values
            change = try iteration.improve()
            for (new, old) in zip(iteration.values.values, before.values) {
                solution.smallestChange = [solution.smallestChange, (new - old) / scale].smallest
            }
            solution.distances.append(iteration.values.distance(to: exact))
        }
        let gaps = zip(exact.values, optimum.values).map { $0 - $1 }
        (solution.largestGap, solution.smallestGap) = (gaps.largest, gaps.smallest)
        let values = try process.evaluate(iteration.policy).expectations(under: iteration.policy)
        solution.largestLoss = zip(optimum.maxima, values).map { $0 - $1 }.largest
        for state in process.states.indices {
            let policy = Array(iteration.policy.choices(of: state))
            let uniform = 1 / Double(choices)
            let distance = policy.reduce(0) { $0 + abs($1 - uniform) } / 2
            solution.fromUniform = max(solution.fromUniform, distance)
            let greedy = policy[optimum.greedyChoice(of: state)]
            solution.fromGreedy = max(solution.fromGreedy, 1 - greedy)
        }
        return solution
    }

    /// alpha log|A| / (1 - gamma): the most that entropy can add to a value.
    private static func bound(_ temperature: Double) -> Double {
        temperature * log(Double(choices)) / (1 - discount)
    }

    // MARK: What is said about it

    private static func claims(_ solutions: [[Solution]]) -> [Claim] {
        let all = solutions.joined()
        let shares = solutions.flatMap { zip($0, temperatures).map { $0.largestGap / bound($1) } }
        let losses = solutions.flatMap { zip($0, temperatures).map { $0.largestLoss / bound($1) } }
        return [
            Claim(
                "lemma 2, Q never falls: smallest change of a number of Q by an improvement, relative",
                all.map(\.smallestChange).smallest, .atLeast(-1e-12)),
            Claim(
                "theorem 1: largest distance of soft policy iteration from soft value iteration, α at most 1",
                solutions.flatMap { zip($0, temperatures) }.filter { $0.1 <= 1 }
                    .map { $0.0.distances.last ?? .nan }.largest, .atMost(1e-10)),
            Claim(
                "the most improvements until Q stands still",
                Double(all.map(\.distances.count).max() ?? 0) - 1,
                .atMost(20)),
            Claim(
                "α to 0: largest gap between soft and hard optimum over α log|A| / (1 - γ)",
                shares.largest, .atMost(1)),
            Claim(
                "the soft optimum is never below the hard one: smallest gap",
                all.map(\.smallestGap).smallest, .atLeast(-1e-10)),
            Claim(
                "α to 0: the most that the soft optimal policy loses in ordinary value, over α log|A| / (1 - γ)",
                losses.largest, .atMost(1)),
            Claim(
                "at α = 0.001: the most that it loses", solutions.map { $0[0].largestLoss }.largest,
                .atMost(bound(temperatures[0]))),
            Claim(
                "at α = 1000: largest total variation from the uniform policy",
                solutions.map { $0[temperatures.count - 1].fromUniform }.largest, .atMost(0.01)),
        ]
    }

    private static func limitTable(_ solutions: [[Solution]]) -> Table {
        var table = Table(
            columns: [
                "temperature", "bound", "largest_gap", "smallest_gap", "largest_loss", "from_uniform",
                "from_greedy",
            ])
        for (index, temperature) in temperatures.enumerated() {
            let own = solutions.map { $0[index] }
            table.append(
                temperature, bound(temperature), own.map(\.largestGap).largest,
                own.map(\.smallestGap).smallest, own.map(\.largestLoss).largest,
                own.map(\.fromUniform).largest,
                own.map(\.fromGreedy).largest)
        }
        return table
    }

    private static func improvementTable(_ shown: [[Solution]]) -> Table {
        var table = Table(
            "improvements", columns: ["temperature", "improvements", "mean_distance", "max_distance"])
        for (index, temperature) in shownTemperatures.enumerated() {
            for improvement in 0...shownImprovements {
                let distances = shown.map { $0[index].distance(after: improvement) }
                let mean = distances.reduce(0, +) / Double(distances.count)
                table.append(temperature, improvement, mean, distances.largest)
            }
        }
        return table
    }

    private static func chart(_ solutions: [[Solution]], _ shown: [[Solution]]) -> Chart {
        let improvements = (0...shownImprovements).map(Double.init)
        let iterations = shownTemperatures.enumerated().map { index, temperature in
            Series(
                "α = \(temperature)",
                joining: shown.map { own in
                    Curve(
                        x: improvements,
                        y: improvements.map { max(own[index].distance(after: Int($0)), 1e-16) })
                })
        }
        func curves(_ value: (Solution) -> Double) -> [Curve] {
            solutions.map { Curve(x: temperatures, y: $0.map(value)) }
        }
        let alpha = Axis("temperature α", .logarithmic)
        return Chart(
            "Soft policy iteration on random processes",
            panels: [
                Panel(
                    x: Axis("improvements"), y: Axis("distance from the soft optimum", .logarithmic),
                    series: iterations),
                Panel(
                    x: alpha, y: Axis("soft against hard optimum", .logarithmic),
                    series: [
                        Series("largest gap", joining: curves(\.largestGap)),
                        Series("largest loss of the policy", joining: curves { max($0.largestLoss, 1e-6) }),
                        Series(
                            "α log|A| / (1 − γ)", x: temperatures, y: temperatures.map(bound), style: .dashed),
                    ]),
                Panel(
                    x: alpha, y: Axis("total variation", range: 0...1),
                    series: [
                        Series("policy from uniform", joining: curves(\.fromUniform)),
                        Series("policy from greedy", joining: curves(\.fromGreedy)),
                    ]),
            ])
    }
}

extension SoftIteration.Solution {
    /// The distance after so many improvements; the last one where it had stopped before.
    fileprivate func distance(after improvements: Int) -> Double {
        distances[min(improvements, distances.count - 1)]
    }
}
