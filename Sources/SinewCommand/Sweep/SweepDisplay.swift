// SPDX-License-Identifier: MIT

import Foundation
import Sweeps

/// Shows a sweep on standard error: a line for each trial that begins or ends, and one for all, live on a terminal.
final class SweepDisplay {
    /// The longest that a pipe hears nothing.
    private static let silence = Duration.seconds(25)
    private let total: Int
    private let cared: Int
    private let isLive = Terminal.error.isLive
    private var lastShown = ContinuousClock.now
    private var speed = RecentSpeed()

    init(total: Int, cared: Int) { (self.total, self.cared) = (total, cared) }

    func print(_ line: String, trial: Int) {
        clear()
        printError(line, "trial \(trial):", .cyan)
        if !isLive { lastShown = .now }
    }

    func began(_ trial: Trial) { print("begins: \(trial.words)", trial: trial.number) }

    func ended(_ result: TrialResult, _ file: SweepFile) {
        let seconds = result.seconds.asDuration
        switch (result.state, result.value(file.objective)) {
        case (.finished, let value?):
            print("\(file.objective.rawValue) return \(value.asReturn) after \(seconds)", trial: result.trial)
        case (.pruned, let value?):
            print("given up at \(value.asReturn) after \(seconds)", trial: result.trial)
        default: print("failed: \(result.problem ?? "no evaluation")", trial: result.trial)
        }
    }

    func show(_ results: [Int: TrialResult], shares: [Double], waiting: Int) {
        guard ContinuousClock.now - lastShown > (isLive ? .milliseconds(200) : Self.silence) else { return }
        lastShown = .now
        // In thousandths of a trial.
        let done = Int(1000 * (Double(cared - waiting - shares.count) + shares.reduce(0, +)))
        speed.add(done)
        var line = LiveLine()
        line.add("\(results.count) of \(total) trials", 5)
        line.add("\(shares.count) at work", 3)
        line.add(speed.perSecond.flatMap { LiveLine.left(1000 * cared - done, at: $0) }, 4)
        isLive
            ? writeError("\r\u{1b}[K" + line.text(columns: Terminal.error.size.columns))
            : writeError(line.text(columns: 200) + "\n")
    }

    /// Clears the live line, so that something else can be printed.
    func clear() { if isLive { writeError("\r\u{1b}[K") } }
}
