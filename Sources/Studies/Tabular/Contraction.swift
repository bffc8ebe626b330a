// SPDX-License-Identifier: MIT

internal import Agents
internal import CLibrary
internal import Drawing
internal import Environments

extension Study {
    /// The Bellman operators bring any two tables together by the discount (the article's section 1.3, and lemma 1 of 4.1.1).
    static let contraction = Study(
        name: "contraction",
        summary: "The Bellman operators, hard, soft and of a policy, contract by gamma in the sup-norm.",
        seeds: 20, of: "random processes", isRefutedByOne: true, conduct: Contraction.conduct)
}

/// Random processes, random pairs of tables, and what one application of an operator leaves of their distance.
private enum Contraction {
    static let discount = 0.9
    static let sweeps = 120
    static let pairs = 200
    static let temperatures = [0.1, 1, 10]

    /// What one process showed.
    struct Outcome: Sendable {
        /// The largest ratio of distances after and before, for each operator.
        var ratios = [Double](repeating: 0, count: Operator.allCases.count)
        /// The ratio for two tables that differ by the same number everywhere.
        var shiftRatio = Double.infinity
        /// The error of value iteration after each sweep as a share of the first, hard and soft.
        var errors: [[Double]] = []
    }

    enum Operator: String, CaseIterable {
        case hard, soft, policy
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let outcomes = try ParallelRuns.map(setting.seeds, threads: setting.threads) { outcome(UInt64($0)) }
        let largest = Operator.allCases.indices.map { index in outcomes.map { $0.ratios[index] }.largest
        }
        let shift = outcomes.map(\.shiftRatio).smallest

        var table = Table(columns: ["sweep", "bound", "hard_mean", "hard_max", "soft_mean", "soft_max"])
        var excess = 0.0
        for sweep in 0...sweeps {
            let bound = pow(discount, Double(sweep))
            let errors = (0..<2).map { kind in outcomes.map { $0.errors[kind][sweep] } }
            excess = [excess, errors.joined().map { $0 / bound }.largest].largest
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
            table.append(
                sweep, bound, mean(errors[0]), errors[0].largest, mean(errors[1]),
                errors[1].largest)
        }
        let rounding = 1e-12
        let claims = [
            Claim(
                "the Bellman operator: largest ratio of distances", largest[0],
                .atMost(discount * (1 + rounding))),
            Claim("the soft Bellman operator: largest ratio", largest[1], .atMost(discount * (1 + rounding))),
            Claim(
                "the operator of a policy (4.3): largest ratio", largest[2],
                .atMost(discount * (1 + rounding))),
            Claim(
                "no smaller factor would do: ratio for tables that differ by a constant", shift,
                .atLeast(discount * (1 - 1e-9))),
            Claim(
                "value iteration, hard and soft: largest error after k sweeps over gamma^k times the first",
                excess, .atMost(1 + 1e-6)),
        ]
        return Findings(tables: [table], chart: chart(outcomes), claims: claims)
    }

    private static func outcome(_ seed: UInt64) -> Outcome {
        var random = RandomStream(seed: seed, name: "contraction")
        let process = FiniteMDP.random(
            states: 50, choices: 4, branching: 5, discount: discount, using: &random)
        func randomTable(_ spread: Double) -> ActionTable {
            ActionTable(for: process).map { _ in random.uniform(-spread, spread) }
        }
        var outcome = Outcome()
        let policy = randomTable(1).softmax(temperature: 0.3)
        for pair in 0..<pairs {
            // Tables far apart, and tables close together.
            let first = randomTable(10)
            let second = pair % 2 == 0 ? randomTable(10) : first.map { $0 + random.uniform(-0.01, 0.01) }
            let distance = first.distance(to: second)
            func ratio(_ backup: (ActionTable) -> ActionTable) -> Double {
                backup(first).distance(to: backup(second)) / distance
            }
            outcome.ratios[0] = [outcome.ratios[0], ratio(process.backup)].largest
            for temperature in temperatures {
                let own = ratio { process.softBackup($0, temperature: temperature) }
                outcome.ratios[1] = [outcome.ratios[1], own].largest
            }
            let own = ratio { process.backup($0, under: policy, temperature: 1) }
            outcome.ratios[2] = [outcome.ratios[2], own].largest
        }
        let table = randomTable(10)
        let shifted = table.map { $0 + 1 }
        for temperature in [0] + temperatures {
            let after = process.softBackup(shifted, temperature: temperature)
                .distance(to: process.softBackup(table, temperature: temperature))
            outcome.shiftRatio = [outcome.shiftRatio, after / shifted.distance(to: table)].smallest
        }
        outcome.errors = [0, 1].map { errors(process, temperature: $0) }
        return outcome
    }

    private static func errors(_ process: FiniteMDP, temperature: Double) -> [Double] {
        let exact = ValueIteration.solve(process, temperature: temperature, tolerance: 1e-13)
        var iteration = ValueIteration(process, temperature: temperature)
        var errors = [iteration.values.distance(to: exact)]
        for _ in 0..<sweeps {
            iteration.sweep()
            errors.append(iteration.values.distance(to: exact))
        }
        return errors.map { $0 / errors[0] }
    }

    private static func chart(_ outcomes: [Outcome]) -> Chart {
        let places = (0...sweeps).map(Double.init)
        let curves = zip(["value iteration", "soft value iteration, α = 1"], [0, 1]).map { name, kind in
            Series(name, joining: outcomes.map { Curve(x: places, y: $0.errors[kind]) })
        }
        let bound = Series("γᵏ, γ = 0.9", x: places, y: places.map { pow(discount, $0) }, style: .dashed)
        return Chart(
            "Value iteration on random processes", x: Axis("sweeps k"),
            y: Axis("error in the sup-norm, share of the first", .logarithmic), series: curves + [bound])
    }
}
