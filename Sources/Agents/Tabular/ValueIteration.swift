// SPDX-License-Identifier: MIT

public import Environments

/// Value iteration: the Bellman operator, hard or soft, applied until its fixed point is near.
public struct ValueIteration: Sendable, Equatable {
    /// Q after the last sweep.
    public private(set) var values: ActionTable
    /// The sweeps done.
    public private(set) var sweeps = 0
    /// How far Q can still be from the fixed point: gamma / (1 - gamma) times the last change, infinite before the first sweep
    /// and without discount.
    public private(set) var errorBound = Double.infinity

    private let process: FiniteMDP
    private let temperature: Double

    /// Starts at Q = 0.
    ///
    /// - Parameters:
    ///   - process: what is solved.
    ///   - temperature: alpha of the soft operator; 0 for the hard one.
    public init(_ process: FiniteMDP, temperature: Double = 0) {
        self.process = process
        self.temperature = temperature
        values = ActionTable(for: process)
    }

    /// Applies the operator once, and returns the largest change of a number.
    @discardableResult
    public mutating func sweep() -> Double {
        let next = process.softBackup(values, temperature: temperature)
        let change = next.distance(to: values)
        values = next
        sweeps += 1
        errorBound = process.discount < 1 ? change * process.discount / (1 - process.discount) : .infinity
        return change
    }

    /// The fixed point within `tolerance` in each number: Q* at temperature 0, else the soft Q*.
    ///
    /// Without discount, until a sweep changes no number by more than `tolerance`.
    ///
    /// - Note: It stops after a million sweeps, where rounding would keep a smaller tolerance from ever being met.
    public static func solve(
        _ process: FiniteMDP, temperature: Double = 0, tolerance: Double = 1e-12
    ) -> ActionTable {
        var iteration = ValueIteration(process, temperature: temperature)
        while iteration.sweeps < 1_000_000 {
            let change = iteration.sweep()
            if (process.discount < 1 ? iteration.errorBound : change) <= tolerance { break }
        }
        return iteration.values
    }
}
