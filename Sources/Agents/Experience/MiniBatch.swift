// SPDX-License-Identifier: MIT

public import Networks

/// Transitions drawn from a replay buffer, one a row.
public struct MiniBatch: ~Copyable, Sendable {
    /// The observations before the step, (rows, observations).
    public var observations: Matrix
    /// The actions, (rows, actions), each in [-1, 1].
    public var actions: Matrix
    /// The rewards, (rows, 1).
    public var rewards: Matrix
    /// The observations after the step, (rows, observations).
    public var nextObservations: Matrix
    /// 1 where the task ended, so that no value follows; 0 otherwise, also at a time limit; (rows, 1).
    public var terminated: Matrix

    /// Makes room for `rows` transitions.
    public init(rows: Int, observations: Int, actions: Int) {
        self.observations = Matrix(rows: rows, columns: observations)
        self.actions = Matrix(rows: rows, columns: actions)
        rewards = Matrix(rows: rows, columns: 1)
        nextObservations = Matrix(rows: rows, columns: observations)
        terminated = Matrix(rows: rows, columns: 1)
    }

    /// The number of transitions.
    public var rows: Int { rewards.rows }
}
