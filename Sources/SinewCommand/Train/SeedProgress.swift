// SPDX-License-Identifier: MIT

import Foundation
import Training

/// Where the run of one seed is, as its process tells the one that watches over all of them: a line on standard error.
struct SeedProgress: Equatable {
    var steps: Int
    var totalSteps: Int
    var recentReturn: Double?
    var bestReturn: Double?
    var stepsPerSecond: Double
    var seconds: Double

    private static let mark = "@progress"
    /// What such a process begins the line of an evaluation with.
    static let evaluationMark = "@evaluation "

    init(_ progress: TrainingProgress) {
        steps = progress.steps
        totalSteps = progress.totalSteps
        recentReturn = progress.recentReturn
        bestReturn = progress.bestReturn
        stepsPerSecond = progress.stepsPerSecond
        seconds = progress.seconds
    }

    /// Reads a line; nil where it is not one of these.
    init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 7, words[0] == Self.mark, let steps = Int(words[1]), let total = Int(words[2]),
            let speed = Double(words[5]), let seconds = Double(words[6]),
            // What a person could have put into a file that a child quotes is no progress.
            0...1_000_000_000_000 ~= steps, 0...1_000_000_000_000 ~= total, 0...1e12 ~= speed,
            0...1e12 ~= seconds
        else { return nil }
        (self.steps, totalSteps) = (steps, total)
        (recentReturn, bestReturn) = (Double(words[3]), Double(words[4]))
        (stepsPerSecond, self.seconds) = (speed, seconds)
    }

    /// The line.
    var line: String {
        let returns = [recentReturn, bestReturn].map { value in value.map { "\($0)" } ?? "-" }
        return "\(Self.mark) \(steps) \(totalSteps) \(returns[0]) \(returns[1]) \(stepsPerSecond) \(seconds)"
    }
}
