// SPDX-License-Identifier: MIT

import Foundation
import Networks

/// Rounds of the same work: long enough each for the clock, many enough that one of them is left alone by other work.
struct BenchTiming {
    /// Rounds of a figure.
    static let rounds = 40
    /// Seconds of one round, about.
    let roundSeconds: Double

    init(seconds: Double) {
        roundSeconds = seconds / Double(Self.rounds + 1)
    }

    /// The calls of `work` that fill a round, found by doubling; this also warms up.
    func callsPerRound(_ work: (_ calls: Int) throws -> Void) rethrows -> Int {
        var calls = 1
        while true {
            let time = try Self.seconds { try work(calls) }
            if time >= roundSeconds / 4 || calls >= 1 << 40 {
                return max(1, Int(Double(calls) * roundSeconds / max(time, 1e-9)))
            }
            calls *= 2
        }
    }

    /// The calls of `work` in a second, in the best round.
    func callsPerSecond(_ work: (_ calls: Int) throws -> Void) rethrows -> Double {
        let calls = try callsPerRound(work)
        var best = Double.infinity
        for _ in 0..<Self.rounds { best = min(best, try Self.seconds { try work(calls) }) }
        return Double(calls) / best
    }

    /// The seconds that `work` takes.
    static func seconds(_ work: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(work).inSeconds
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var inSeconds: Double { self / .seconds(1) }
}

extension BenchCommand {
    static func measureMachine(seconds: Double) -> BenchFigure {
        var operations = 0
        let rounds = BenchTiming(seconds: seconds / 2).callsPerSecond { calls in
            operations = CoreSpeed.multiplyAdd(rounds: calls) / calls
        }
        var figure = BenchFigure(name: "machine")
        figure.isa = CoreSpeed.instructionSet
        figure.fmaPeakGflops = rounds * Double(operations) / 1e9
        figure.cores = ProcessInfo.processInfo.activeProcessorCount
        return figure
    }
}
