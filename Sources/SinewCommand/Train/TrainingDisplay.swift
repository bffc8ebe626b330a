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
        write(isWatched ? SeedProgress(progress).line + "\n" : "\r\u{1b}[K\(Self.line(progress))")
    }

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        let mean = Self.short(evaluation.meanReturn)
        let speed = progress.map { ", \(Int($0.stepsPerSecond)) steps/s" } ?? ""
        let line = "step \(step): mean return \(mean) over \(evaluation.returns.count) episodes"
        finishLine()
        let mark = isWatched ? SeedProgress.evaluationMark : ""
        write("\(mark)\(line)\(speed)\(isBest ? ", best so far" : "")\n")
    }

    func warned(_ text: String) {
        finishLine()
        write("warning: \(text)\n")
    }

    /// Clears the live line, so that something else can be printed.
    func finishLine() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private static func line(_ progress: TrainingProgress) -> String {
        let share = 100 * progress.steps / max(progress.totalSteps, 1)
        var parts = ["\(progress.steps) of \(progress.totalSteps) steps (\(share) %)"]
        if let recent = progress.recentReturn { parts.append("return \(short(recent))") }
        if let best = progress.bestReturn { parts.append("best \(short(best))") }
        if progress.stepsPerSecond > 0 {
            parts.append("\(Int(progress.stepsPerSecond)) steps/s")
            let left = Double(progress.totalSteps - progress.steps) / progress.stepsPerSecond
            parts.append("\(duration(left)) left")
        }
        return parts.joined(separator: "  ")
    }

    /// A time as people read it: `42 s`, `3 min 10 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(clamping: Int64(seconds.rounded()))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }

    static func short(_ value: Double) -> String {
        String(format: abs(value) < 1000 ? "%.1f" : "%.0f", value)
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
