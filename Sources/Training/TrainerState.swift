// SPDX-License-Identifier: MIT

internal import Agents
internal import Safetensors

/// A run's counters: what a checkpoint holds beside agent and environment.
struct TrainerState: Equatable {
    /// Control steps done.
    var steps = 0
    /// Episodes ended.
    var episodes = 0
    /// Episodes in which the simulation diverged, ever and in a row.
    var diverged = 0
    var divergedInARow = 0
    /// The returns of the last ten episodes, oldest first.
    private(set) var recentReturns: [Double] = []
    /// The best mean return of an evaluation, and that of the last one.
    var bestReturn: Double?
    var evaluatedReturn: Double?
    /// The checksum of the best policy's file; nil where there is none, and in checkpoints from before it was kept.
    var bestChecksum: UInt32?
    /// What a policy's contract says of the last evaluation.
    var lastEvaluation: Evaluation.Summary?
    /// What of the logs belongs to this state.
    var progress = Log.Extent()
    var evaluations = Log.Extent()

    init() {}

    mutating func addReturn(_ value: Double) {
        recentReturns.append(value)
        if recentReturns.count > 10 { recentReturns.removeFirst() }
    }

    /// The mean of the last ten episodes' returns.
    var recentReturn: Double? {
        recentReturns.isEmpty ? nil : recentReturns.reduce(0, +) / Double(recentReturns.count)
    }

    private static let checksums = "run.log_checksums"
    private static let bestSum = "run.best_checksum"

    /// The state as tensors of a checkpoint; NaN stands for what is not there yet.
    var sources: [TensorSource] {
        let sums = [progress, evaluations].compactMap(\.checksum).map { UInt64($0) }
        let best = bestChecksum.map { [TensorSource(Self.bestSum, [UInt64($0)])] } ?? []
        return (sums.isEmpty ? [] : [TensorSource(Self.checksums, sums)]) + best + [
            TensorSource(
                "run.counters",
                [steps, episodes, diverged, divergedInARow, lastEvaluation?.episodes ?? 0]
                    .map { UInt64($0) } + [progress.length, evaluations.length]),
            TensorSource(
                "run.numbers",
                [
                    bestReturn ?? .nan, evaluatedReturn ?? .nan, lastEvaluation?.mean ?? .nan,
                    lastEvaluation?.deviation ?? .nan,
                ]),
            TensorSource("run.recent_returns", recentReturns),
        ]
    }

    /// Reads the tensors of a checkpoint.
    init(_ archive: TensorArchive) throws {
        let counts = try archive.counters("run.counters", count: 7)
        let numbers = try archive.values("run.numbers", as: Double.self, shape: [4])
        steps = counts[0]
        episodes = counts[1]
        diverged = counts[2]
        divergedInARow = counts[3]
        progress.length = UInt64(counts[5])
        evaluations.length = UInt64(counts[6])
        if archive.description(of: Self.checksums) != nil {
            let sums = try archive.counters(Self.checksums, count: 2)
            progress.checksum = UInt32(truncatingIfNeeded: sums[0])
            evaluations.checksum = UInt32(truncatingIfNeeded: sums[1])
        }
        if archive.description(of: Self.bestSum) != nil {
            bestChecksum = UInt32(
                truncatingIfNeeded: try archive.counters(Self.bestSum, count: 1)[0])
        }
        bestReturn = numbers[0].isNaN ? nil : numbers[0]
        evaluatedReturn = numbers[1].isNaN ? nil : numbers[1]
        if counts[4] > 0 {
            lastEvaluation = Evaluation.Summary(mean: numbers[2], deviation: numbers[3], episodes: counts[4])
        }
        recentReturns = try archive.values("run.recent_returns")
    }
}

extension Evaluation {
    /// What a policy's contract says of an evaluation.
    struct Summary: Equatable {
        var mean: Double
        var deviation: Double
        var episodes: Int
    }

    var summary: Summary {
        Summary(mean: meanReturn, deviation: returnDeviation, episodes: returns.count)
    }
}
