// SPDX-License-Identifier: MIT

import Foundation
import Training

/// Shows a run on standard error: a live line on a terminal that has one; elsewhere a plain line per evaluation, and one when nothing
/// was said for half a minute; and lines of progress for the process that watches over it where there is one.
final class TrainingDisplay: TrainingObserver {
    /// The longest that a pipe hears nothing (but while an evaluation goes on).
    private static let silence = Duration.seconds(25)
    private let isWatched: Bool
    private let isLive: Bool
    private var lastShown = ContinuousClock.now
    private var speed = RecentSpeed()
    /// The last speed that was known.
    private var pace: Double?

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
            : writeError(line.text(columns: 200) + "\n")
    }

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        let mean = Terminal.error.styled(evaluation.meanReturn.asReturn, .bold)
        let best = isBest ? ", " + Terminal.error.styled("best so far", .green) : ""
        let pace = pace.map { ", \($0.asSpeed)" } ?? ""
        finishLine()
        let mark = isWatched ? SeedProgress.evaluationMark : ""
        writeError(
            "\(mark)step \(step): mean return \(mean) over \(counted(evaluation.returns.count, "episode"))\(pace)\(best)\n"
        )
        if !isLive, !isWatched { lastShown = .now }
        // Its own time is not the training's.
        speed.restart()
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
