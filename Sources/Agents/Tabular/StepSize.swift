// SPDX-License-Identifier: MIT

internal import CLibrary

/// How far an estimate moves to its target at the n-th visit of its state and action: first / n^power.
///
/// Q-learning converges where the sum of the step sizes diverges and the sum of their squares does not: powers in (1/2, 1] (Watkins &
/// Dayan 1992; the article's 1.5). A constant never settles, and follows a target that moves.
public struct StepSize: Sendable, Equatable {
    /// The step size at the first visit, in (0, 1].
    public var first: Double
    /// How fast it falls; 0 for a constant.
    public var power: Double

    /// Makes a schedule.
    public init(first: Double, power: Double) {
        self.first = first
        self.power = power
    }

    /// Always `value`.
    public static func constant(_ value: Double) -> StepSize { StepSize(first: value, power: 0) }
    /// 1/n: the estimate is the mean of its targets.
    public static let harmonic = StepSize(first: 1, power: 1)
    /// 1/n^power: at a power below 1 early targets are forgotten faster (Even-Dar & Mansour 2003).
    public static func polynomial(_ power: Double) -> StepSize { StepSize(first: 1, power: power) }

    /// The step size of the n-th visit, counted from 1.
    public func value(atVisit n: Int) -> Double {
        switch power {
        case 0: first
        case 1: first / Double(n)
        default: first / pow(Double(n), power)
        }
    }
}
