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

    /// The longest that a pipe hears nothing.
    private static let silence = Duration.seconds(25)
    private let isLive = Terminal.error.isLive
    private var lastShown = ContinuousClock.now
    private var shownLines = 0
    private var speed = RecentSpeed()

    /// Prints a line of a run that stays.
    ///
    /// Where there are live lines its evaluations are left out: those have the returns.
    func print(_ line: String, seed: UInt64) {
        let mark = SeedProgress.evaluationMark
        let isEvaluation = line.hasPrefix(mark)
        if isLive, isEvaluation { return }
        clear()
        printError(String(line.dropFirst(isEvaluation ? mark.count : 0)), "seed \(seed):", .cyan)
        if !isLive { lastShown = .now }
    }

    /// Shows the runs at work and the steps done of all runs together: ten times a second, or in a pipe where all was silent.
    func show(_ rows: [Row], waiting: Int, done: Int, of total: Int) {
        guard ContinuousClock.now - lastShown > (isLive ? .milliseconds(100) : Self.silence) else { return }
        lastShown = .now
        speed.add(done)
        let summary = summary(waiting: waiting, done: done, of: total)
        guard isLive else { return writeError(summary.text(columns: 200) + "\n") }
        let size = Terminal.error.size
        let lines = rows.prefix(max(size.rows - 2, 1)).map(Self.line) + [summary]
        clear()
        writeError(lines.map { $0.text(columns: size.columns) + "\n" }.joined())
        shownLines = lines.count
    }

    /// Clears the live lines, so that something else can be printed.
    func clear() {
        guard shownLines > 0 else { return }
        writeError("\u{1b}[\(shownLines)F\u{1b}[J")
        shownLines = 0
    }

    private static func line(_ row: Row) -> LiveLine {
        let name = "seed \(row.seed)"
        if let progress = row.progress { return LiveLine(progress, name: name) }
        var line = LiveLine()
        line.add("\(name)  begins", 0)
        return line
    }

    private func summary(waiting: Int, done: Int, of total: Int) -> LiveLine {
        let pace = speed.perSecond
        var line = LiveLine()
        line.add("all seeds", 4)
        line.add("\(100 * done / max(total, 1)) %", 5)
        line.add(pace.map(\.asSpeed), 2)
        line.add(pace.flatMap { LiveLine.left(total - done, at: $0) }, 3)
        line.add(waiting > 0 ? "\(waiting) waiting" : nil, 1)
        return line
    }
}
