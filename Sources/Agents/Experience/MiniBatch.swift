// SPDX-License-Identifier: MIT

package import Networks

/// Transitions drawn from a replay buffer, one a row.
package final class MiniBatch {
    /// The observations before the step, (rows, observations).
    package let observations: Matrix
    /// What the critic sees besides, (rows, critic's).
    package let criticObservations: Matrix
    /// The actions, (rows, actions), each in [-1, 1].
    package let actions: Matrix
    /// The rewards, (rows, 1).
    package let rewards: Matrix
    /// The observations after the step, (rows, observations).
    package let nextObservations: Matrix
    /// What the critic sees besides then, (rows, critic's).
    package let nextCriticObservations: Matrix
    /// 1 where the task ended, so that no value follows; 0 otherwise, also at a time limit; (rows, 1).
    package let terminated: Matrix
    /// What the value of the next observation counts: gamma to the power of the rewards that were summed, (rows, 1).
    package let discounts: Matrix
    /// Where each transition stands in the buffer that it was drawn from.
    var indices: [Int]

    /// Makes room for `rows` transitions.
    package init(rows: Int, observations: Int, criticObservations: Int = 0, actions: Int) {
        self.observations = Matrix(rows: rows, columns: observations)
        self.criticObservations = Matrix(rows: rows, columns: criticObservations)
        nextCriticObservations = Matrix(rows: rows, columns: criticObservations)
        self.actions = Matrix(rows: rows, columns: actions)
        rewards = Matrix(rows: rows, columns: 1)
        nextObservations = Matrix(rows: rows, columns: observations)
        terminated = Matrix(rows: rows, columns: 1)
        discounts = Matrix(rows: rows, columns: 1)
        indices = Array(repeating: 0, count: rows)
    }

    /// The number of transitions.
    package var rows: Int { rewards.rows }
}
