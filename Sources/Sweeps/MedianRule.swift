// SPDX-License-Identifier: MIT

package import Settings

/// When a trial is given up before its end, by the median rule.
package struct Pruning: Sendable, Equatable {
    /// Trials that must be finished before one is given up.
    package var startup = 5
    /// Steps of a run before which it is not given up.
    package var warmUp = 0

    package init() {}
}

extension Pruning: Configurable {
    package static let keys: [Key<Self>] = [
        Key(
            "startup", \.startup, .integer(1...100_000),
            "Trials that must be finished before one is given up."),
        Key("warm_up", \.warmUp, .integer(0...Int.max), "Steps of a run before which it is not given up."),
    ]
}

/// The median rule (Golovin and others, 2017), as Optuna's `MedianPruner` has it.
///
/// A run is given up after an evaluation where the best that it has reached is below the median of what the finished trials had at that
/// step. Seeds are of different difficulty, so that each is compared with its like.
package struct MedianRule: Sendable {
    private let startup: Int
    private let warmUp: Int
    private let steps: Int

    /// The rule for runs of `steps`: one that has done them all has nothing left to be spared.
    package init(_ pruning: Pruning, steps: Int) {
        (startup, warmUp, self.steps) = (pruning.startup, pruning.warmUp, steps)
    }

    /// After how many evaluations of a run its trial is given up.
    ///
    /// - Parameters:
    ///   - run: what it did so far.
    ///   - others: the results of other trials; those that are finished count.
    /// - Returns: how many; nil where it goes on.
    package func end(of run: RunResult, among others: [TrialResult]) -> Int? {
        let finished = others.filter { $0.state == .finished }
        guard finished.count >= startup else { return nil }
        let rivals = finished.compactMap { $0.runs.first { $0.seed == run.seed } }
        var best = -Double.infinity
        for (index, evaluation) in run.evaluations.enumerated() {
            best = max(best, evaluation.meanReturn)
            let there = rivals.compactMap { rival in
                rival.evaluations.first { $0.step == evaluation.step }?.meanReturn
            }
            guard warmUp <= evaluation.step, evaluation.step < steps, !there.isEmpty,
                best < Self.median(there)
            else { continue }
            return index + 1
        }
        return nil
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
