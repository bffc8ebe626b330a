// SPDX-License-Identifier: MIT

import Foundation
import Training

/// Shows a run on standard error: a live line on a terminal that has one; elsewhere a plain line per evaluation, and one when nothing
/// was said for half a minute; and lines of progress for the process that watches over it where there is one.
final class TrainingDisplay: TrainingObserver {
    /// The longest that a pipe hears nothing (but while an evaluation goes on).
    private static let silence = Duration.seconds(25)
    /// The columns of a line in a pipe.
    private static let widest = 160
    private let isWatched: Bool
    private let isLive: Bool
    private var lastShown = ContinuousClock.now
    private var speed = RecentSpeed()
    /// The last speed that was known.
    private var pace: Double?

    /// What the terms of the reward gave in the last evaluation.
    private var termReturns: [(name: String, value: Double)] = []

    /// What is to be said of the run before its first evaluation; nil once it is said.
    private var opening: String?

    /// Makes a display.
    init(opening: String, isWatched: Bool = false) {
        self.opening = opening
        self.isWatched = isWatched
        isLive = !isWatched && Terminal.error.isLive
    }

    // What begins is said with its first steps: a run that is refused begins nothing.
    func progressed(_ progress: TrainingProgress) {
        if let opening, !isWatched { printError(opening) }
        opening = nil
        let now = ContinuousClock.now
        speed.add(progress.steps, at: now)
        pace = speed.perSecond ?? pace
        guard now - lastShown > (isLive || isWatched ? .milliseconds(100) : Self.silence) else { return }
        lastShown = now
        var progress = SeedProgress(progress)
        progress.stepsPerSecond = pace ?? progress.stepsPerSecond
        if isWatched { return writeError(progress.line + "\n") }
        let line = LiveLine(progress, speed: progress.stepsPerSecond)
        isLive
            ? writeError("\r\u{1b}[K" + line.text(columns: Terminal.error.size.columns))
            : writeError(line.text(columns: Self.widest) + "\n")
    }

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        let terms = evaluation.meanTermReturns
        let line = Self.line(
            evaluation, step, isBest, pace, RewardChange.all(from: termReturns, to: terms))
        termReturns = terms
        finishLine()
        let mark = isWatched ? SeedProgress.evaluationMark : ""
        let columns = Terminal.error.isTerminal ? Terminal.error.size.columns : Self.widest
        writeError("\(mark)\(line.text(columns: columns))\n")
        if !isLive, !isWatched { lastShown = .now }
        // Its own time is not the training's.
        speed.restart()
    }

    /// Where it is narrow, the colour of the first words tells the best.
    private static func line(
        _ evaluation: Evaluation, _ step: Int, _ isBest: Bool, _ pace: Double?, _ changes: [RewardChange]
    ) -> LiveLine {
        var line = LiveLine()
        line.add("step \(step): mean return \(evaluation.meanReturn.asReturn)", 1000, isBest ? .green : nil)
        line.add("over \(counted(evaluation.returns.count, "episode"))", 998, after: " ")
        line.add(pace?.asSpeed, 997, after: ", ")
        line.add(isBest ? "best so far" : nil, 999, .green, after: ", ")
        for (rank, change) in changes.enumerated() {
            line.add(change.text, -rank, after: rank == 0 ? "; " : ", ")
        }
        return line
    }

    func warned(_ text: String) {
        finishLine()
        printError(text, "warning:", .yellow)
    }

    /// Clears the live line, so that something else can be printed.
    func finishLine() {
        if isLive { writeError("\r\u{1b}[K") }
    }
}
