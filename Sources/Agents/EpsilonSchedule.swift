// SPDX-License-Identifier: MIT

/// How often an epsilon-greedy agent acts at random: epsilon falls in a straight line from its start to its end, and stays there.
public struct EpsilonSchedule: Sendable, Equatable {
    /// epsilon at the first step, in [0, 1].
    public var start: Double
    /// epsilon from step `steps` on, in [0, 1].
    public var end: Double
    /// The control steps that it takes to fall.
    public var steps: Int

    /// Makes a schedule.
    public init(start: Double = 1, end: Double, steps: Int) {
        self.start = start
        self.end = end
        self.steps = steps
    }

    /// epsilon when `step` steps are done.
    public func value(at step: Int) -> Double {
        step >= steps ? end : start + (end - start) * Double(step) / Double(steps)
    }
}
