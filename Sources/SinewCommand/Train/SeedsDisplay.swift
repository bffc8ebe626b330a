// SPDX-License-Identifier: MIT

import Foundation

/// Shows several runs on standard error: on a terminal a live line for each that is at work and one for all; otherwise their
/// own lines, each with its seed.
final class SeedsDisplay {
    /// A run at work.
    struct Row {
        var seed: UInt64
        var progress: SeedProgress?
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown = ContinuousClock.now - .seconds(1)
    private var shownLines = 0

    /// Prints a line of a run that stays.
    ///
    /// On a terminal its evaluations are left out: the live lines have the returns.
    func print(_ line: String, seed: UInt64) {
        let mark = SeedProgress.evaluationMark
        let isEvaluation = line.hasPrefix(mark)
        if isTerminal, isEvaluation { return }
        clear()
        writeError("seed \(seed): \(line.dropFirst(isEvaluation ? mark.count : 0))\n")
    }

    /// Shows the runs at work and the steps done of all runs together, at most ten times a second.
    func show(_ rows: [Row], waiting: Int, done: Int, of total: Int) {
        guard isTerminal, ContinuousClock.now - lastShown > .milliseconds(100) else { return }
        lastShown = .now
        let size = Self.terminalSize
        var lines = rows.prefix(max(size.rows - 2, 1)).map(Self.line)
        lines.append(Self.summary(rows, waiting: waiting, done: done, of: total))
        clear()
        writeError(lines.map { $0.prefix(size.columns - 1) + "\n" }.joined())
        shownLines = lines.count
    }

    /// Clears the live lines, so that something else can be printed.
    func clear() {
        guard shownLines > 0 else { return }
        writeError("\u{1b}[\(shownLines)F\u{1b}[J")
        shownLines = 0
    }

    private static func line(_ row: Row) -> String {
        guard let progress = row.progress else { return "seed \(row.seed)  begins" }
        let share = 100 * progress.steps / max(progress.totalSteps, 1)
        var parts = ["seed \(row.seed)", "\(progress.steps) of \(progress.totalSteps) steps (\(share) %)"]
        if let recent = progress.recentReturn { parts.append("return \(recent.asReturn)") }
        if let best = progress.bestReturn { parts.append("best \(best.asReturn)") }
        return parts.joined(separator: "  ")
    }

    private static func summary(_ rows: [Row], waiting: Int, done: Int, of total: Int) -> String {
        let speed = rows.reduce(0) { $0 + ($1.progress?.stepsPerSecond ?? 0) }
        var parts = ["all seeds", "\(100 * done / max(total, 1)) %"]
        if speed > 0 {
            parts.append("\(Int(speed)) steps/s")
            parts.append("\((Double(total - done) / speed).asDuration) left")
        }
        if waiting > 0 { parts.append("\(waiting) waiting") }
        return parts.joined(separator: "  ")
    }

    /// The terminal's rows and columns; a small one where it does not tell.
    private static var terminalSize: (rows: Int, columns: Int) {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else {
            return (24, 80)
        }
        return (Int(size.ws_row), Int(size.ws_col))
    }
}
