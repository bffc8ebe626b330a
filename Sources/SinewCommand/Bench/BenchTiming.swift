// SPDX-License-Identifier: MIT

import Foundation
import Networks

/// Rounds of the same work: long enough each for the clock, many enough that one of them is left alone by other work.
struct BenchTiming {
    /// Seconds of one round: shorter than what the system lets another process run in between.
    static let roundSeconds = 0.004
    /// Seconds of all rounds.
    let seconds: Double

    /// The calls of `work` that fill a round, found by doubling after a first call; this also warms up.
    func callsPerRound(_ work: (_ calls: Int) throws -> Void) rethrows -> Int {
        var calls = 1
        try work(1)
        while true {
            let time = try Self.seconds { try work(calls) }
            if time >= Self.roundSeconds / 2 || calls >= 1 << 40 {
                return calls
            }
            calls *= 2
        }
    }

    /// The calls of `work` in a second, in the best round.
    func callsPerSecond(_ work: (_ calls: Int) throws -> Void) rethrows -> Double {
        let calls = try callsPerRound(work)
        var (best, spent, rounds) = (Double.infinity, 0.0, 0)
        while spent < seconds || rounds < 5 {
            let time = try Self.seconds { try work(calls) }
            best = min(best, time)
            spent += time
            rounds += 1
        }
        return Double(calls) / best
    }

    /// The seconds that `work` takes, by the clock on the wall.
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
