// SPDX-License-Identifier: MIT

internal import Agents
internal import CLibrary
internal import Drawing
internal import Environments

extension Study {
    /// Q-learning converges to Q* where the step sizes fall as they must (the article's sections 1.2 to 1.5).
    static let qLearning = Study(
        name: "q-learning",
        summary:
            "Q-learning on a grid world meets value iteration, if its steps fall; constant steps never settle.",
        seeds: 20, of: "runs", conduct: QLearningOnGrid.conduct)
}

/// A walker that slips, moved at random, from whose steps four learners learn that differ by step size and discount.
private enum QLearningOnGrid {
    /// A learner: what it is called in files and pictures, its discount and its step sizes.
    struct Case: Sendable {
        var name: String
        var label: String
        var discount: Double
        var stepSize: StepSize

        /// The grid world, whose steps do not depend on the discount.
        var process: FiniteMDP { .gridWorld(size: 8, slip: 0.2, discount: discount) }
    }

    static let cases = [
        Case(name: "harmonic", label: "1/n, γ = 0.9", discount: 0.9, stepSize: .harmonic),
        Case(name: "polynomial", label: "1/n^0.7, γ = 0.9", discount: 0.9, stepSize: .polynomial(0.7)),
        Case(name: "constant", label: "0.1, γ = 0.9", discount: 0.9, stepSize: .constant(0.1)),
        Case(name: "harmonic_low", label: "1/n, γ = 0.5", discount: 0.5, stepSize: .harmonic),
    ]
    /// When the tables are compared: from a thousand steps on, four times in each doubling.
    static let measured = (0...44).map { Int((1000 * pow(2, Double($0) / 4)).rounded()) }

    /// The error of each learner at each measured step, as a share of the first; and what its greedy policy loses at the end, as
    /// a share of the largest value.
    struct Outcome: Sendable {
        var errors: [[Double]]
        var losses: [Double]
    }

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let optima = cases.map { ValueIteration.solve($0.process) }
        let outcomes = try ParallelRuns.map(setting.seeds, threads: setting.threads) {
            try outcome(UInt64($0), optima)
        }
        var table = Table(columns: ["step"] + cases.flatMap { ["\($0.name)_mean", "\($0.name)_max"] })
        for (index, step) in measured.enumerated() {
            table.append(
                [step]
                    + cases.indices.flatMap { learner -> [any CustomStringConvertible] in
                        let errors = outcomes.map { $0.errors[learner][index] }
                        return [SampleMean(errors).mean, errors.largest]
                    })
        }
        return Findings(tables: [table], chart: chart(outcomes), claims: claims(outcomes))
    }

    private static func outcome(_ seed: UInt64, _ optima: [ActionTable]) throws -> Outcome {
        let process = cases[0].process
        var random = RandomStream(seed: seed, name: "q-learning")
        var learners = cases.map { ProcessLearner($0.process, stepSize: $0.stepSize) }
        let first = zip(learners, optima).map { $0.values.distance(to: $1) }
        var outcome = Outcome(errors: cases.map { _ in [] }, losses: [])
        var state = random.index(below: process.states.count)
        var (step, index) = (0, 0)
        while index < measured.count {
            // Moved at random: what is learned is the value of the best policy all the same, which never acts.
            let choice = random.index(below: 4)
            let (reward, next) = process.sample(state: state, choice: choice, using: &random)
            for learner in learners.indices {
                learners[learner].learn(
                    state: state, choice: choice, reward: reward, next: next, using: &random)
            }
            state = next ?? random.index(below: process.states.count)
            step += 1
            guard step == measured[index] else { continue }
            for (number, learner) in learners.enumerated() {
                outcome.errors[number].append(learner.values.distance(to: optima[number]) / first[number])
            }
            index += 1
        }
        outcome.losses = try zip(learners, optima).map { try loss($0, $1) }
        return outcome
    }

    /// How much less the greedy policy of a table is worth than the best, in the state where it is most.
    private static func loss(_ learner: ProcessLearner, _ optimum: ActionTable) throws -> Double {
        let table = learner.values
        var policy = ActionTable(for: learner.process)
        for state in 0..<table.stateCount { policy[state, table.greedyChoice(of: state)] = 1 }
        let values = try learner.process.evaluate(policy).expectations(under: policy)
        let largest = optimum.maxima.reduce(0) { max($0, abs($1)) }
        return zip(optimum.maxima, values).reduce(0) { max($0, $1.0 - $1.1) } / largest
    }

    private static func claims(_ outcomes: [Outcome]) -> [Claim] {
        let last = measured.count - 1
        let tenth = measured.firstIndex { $0 * 10 >= measured[last] } ?? 0
        func error(_ learner: Int, at index: Int) -> Double {
            SampleMean(outcomes.map { $0.errors[learner][index] }).mean
        }
        let ends = cases.indices.map { error($0, at: last) }
        let falls = cases.indices.map { ends[$0] / error($0, at: tenth) }
        return [
            Claim(
                "steps 1/n, γ = 0.5: error after two million steps, share of the first", ends[3],
                .atMost(0.02)),
            Claim(
                "steps 1/n, γ = 0.9: error at the end over that at a tenth of the steps (10^-(1-γ) is the known rate)",
                falls[0], .atMost(pow(10, -0.1))),
            Claim("steps 1/n^0.7, γ = 0.9: error at the end", ends[1], .atMost(0.02)),
            Claim(
                "steps of 0.1 stop falling: error at the end over that at a tenth of the steps", falls[2],
                .atLeast(0.9)),
            Claim("steps of 0.1: error at the end over that of 1/n^0.7", ends[2] / ends[1], .atLeast(3)),
            Claim(
                "off-policy: the most that a greedy policy after 1/n^0.7 loses against the best, share of its value",
                outcomes.map { $0.losses[1] }.largest, .atMost(0.01)),
        ]
    }

    private static func chart(_ outcomes: [Outcome]) -> Chart {
        let places = measured.map(Double.init)
        let series = cases.enumerated().map { index, learner in
            Series(learner.label, joining: outcomes.map { Curve(x: places, y: $0.errors[index]) })
        }
        return Chart(
            "Q-learning on an 8 by 8 grid world, by step size",
            x: Axis("steps of a random walk", .logarithmic),
            y: Axis("error in the sup-norm, share of the first", .logarithmic), series: series)
    }
}
