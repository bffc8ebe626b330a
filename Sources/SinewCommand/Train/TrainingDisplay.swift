// SPDX-License-Identifier: MIT

import Foundation
import Training

/// Shows a run on standard error: one live line on a terminal, a plain line per evaluation otherwise, and lines of progress
/// for the process that watches over it where there is one.
final class TrainingDisplay: TrainingObserver {
    private let isWatched: Bool
    private let isTerminal: Bool
    private var lastShown = ContinuousClock.now - .seconds(1)
    private var progress: TrainingProgress?

    /// Makes a display.
    init(isWatched: Bool = false) {
        self.isWatched = isWatched
        isTerminal = !isWatched && isatty(STDERR_FILENO) == 1
    }

    func progressed(_ progress: TrainingProgress) {
        self.progress = progress
        guard isTerminal || isWatched, ContinuousClock.now - lastShown > .milliseconds(100) else { return }
        lastShown = .now
        writeError(isWatched ? SeedProgress(progress).line + "\n" : "\r\u{1b}[K\(Self.line(progress))")
    }

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        let mean = evaluation.meanReturn.asReturn
        let speed = progress.map { ", \(Int($0.stepsPerSecond)) steps/s" } ?? ""
        let line = "step \(step): mean return \(mean) over \(evaluation.returns.count) episodes"
        finishLine()
        let mark = isWatched ? SeedProgress.evaluationMark : ""
        writeError("\(mark)\(line)\(speed)\(isBest ? ", best so far" : "")\n")
    }

    func warned(_ text: String) {
        finishLine()
        printError("warning: \(text)")
    }

    /// Clears the live line, so that something else can be printed.
    func finishLine() {
        if isTerminal { writeError("\r\u{1b}[K") }
    }

    private static func line(_ progress: TrainingProgress) -> String {
        let share = 100 * progress.steps / max(progress.totalSteps, 1)
        var parts = ["\(progress.steps) of \(progress.totalSteps) steps (\(share) %)"]
        if let recent = progress.recentReturn { parts.append("return \(recent.asReturn)") }
        if let best = progress.bestReturn { parts.append("best \(best.asReturn)") }
        if progress.stepsPerSecond > 0 {
            parts.append("\(Int(progress.stepsPerSecond)) steps/s")
            let left = Double(progress.totalSteps - progress.steps) / progress.stepsPerSecond
            parts.append("\(left.asDuration) left")
        }
        return parts.joined(separator: "  ")
    }
}
