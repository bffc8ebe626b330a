// SPDX-License-Identifier: MIT

package import Networks

/// Consecutive steps of several environments: what an on-policy agent learns from, once.
///
/// Row t · environments + e holds step t of environment e; the environments take turns, so rows are filled one after another.
package final class Rollout {
    /// The environments.
    package let environments: Int
    /// The steps of each environment.
    package let length: Int
    /// The observations before the steps, raw, (rows, observations).
    package let observations: Matrix
    /// The true observations after the steps, raw, (rows, observations).
    package let nextObservations: Matrix
    /// What was drawn: the numbers before squashing, or the choice; (rows, draws).
    package let draws: Matrix
    /// The rewards, (rows, 1).
    package let rewards: Matrix
    /// 1 where the task ended, so that no value follows; (rows, 1).
    package let terminated: Matrix
    /// 1 where the next row of the environment belongs to another episode, for whatever reason; (rows, 1).
    package let last: Matrix
    /// 1 where there is something to learn, 0 where the simulation diverged; (rows, 1).
    package let weights: Matrix
    /// The rows that are complete.
    package private(set) var count = 0

    package init(environments: Int, length: Int, observations: Int, draws: Int) {
        self.environments = environments
        self.length = length
        let rows = environments * length
        self.observations = Matrix(rows: rows, columns: observations)
        nextObservations = Matrix(rows: rows, columns: observations)
        self.draws = Matrix(rows: rows, columns: draws)
        rewards = Matrix(rows: rows, columns: 1)
        terminated = Matrix(rows: rows, columns: 1)
        last = Matrix(rows: rows, columns: 1)
        weights = Matrix(rows: rows, columns: 1)
    }

    /// The steps of all environments.
    package var rows: Int { rewards.rows }
    /// Whether there is enough to learn from.
    package var isFull: Bool { count == rows }
    /// The environment whose step comes next.
    package var environment: Int { count % environments }

    /// Completes the next row, whose draw is there already.
    package func append(
        observation: Span<Float>, reward: Float, next: Span<Float>, isTerminated: Bool, isLast: Bool
    ) {
        observations.setRow(count, to: observation)
        nextObservations.setRow(count, to: next)
        rewards[count, 0] = reward
        terminated[count, 0] = isTerminated ? 1 : 0
        last[count, 0] = isLast ? 1 : 0
        weights[count, 0] = 1
        count += 1
    }

    /// Completes the next row as one that led nowhere: it is not learned from, and no return crosses it.
    package func appendNothing() {
        // Zeros stand for the observations: finite numbers that have no weight.
        for column in 0..<observations.columns {
            observations[count, column] = 0
            nextObservations[count, column] = 0
        }
        rewards[count, 0] = 0
        terminated[count, 0] = 0
        last[count, 0] = 1
        weights[count, 0] = 0
        count += 1
    }

    /// Forgets all rows.
    package func removeAll() {
        count = 0
    }
}

extension Rollout: Checkpointed {
    package var entries: [CheckpointEntry<Rollout>] {
        [
            .init("count", \.count),
            .init("observations", observations),
            .init("next_observations", nextObservations),
            .init("draws", draws),
            .init("rewards", rewards),
            .init("terminated", terminated),
            .init("last", last),
            .init("weights", weights),
        ]
    }

    package func restored() throws {
        guard count < rows else { throw AgentsError.badState("the rollout has \(rows) rows, not \(count)") }
    }
}
