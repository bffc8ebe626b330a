// SPDX-License-Identifier: MIT

package import Environments
internal import Networks

/// The store of transitions that off-policy agents learn from: a ring that forgets the oldest.
///
/// A transition is one row of floats: observation, next observation, action, reward, ending. One million transitions of 11
/// observations and 3 actions take 108 MB; memory is taken only as the buffer fills.
package final class ReplayBuffer {
    /// The most transitions that it holds.
    package let capacity: Int
    /// The transitions that it holds now.
    package var count: Int { min(total, capacity) }
    /// The transitions that were ever added; the next one goes to row `total % capacity`.
    private var total = 0
    private let observations: Int
    private let actions: Int
    private let width: Int
    private let rows: Parameters

    /// Makes an empty buffer for vectors of the given lengths.
    package init(capacity: Int, observations: Int, actions: Int) {
        self.capacity = capacity
        self.observations = observations
        self.actions = actions
        width = 2 * observations + actions + 2
        rows = Parameters(count: capacity * width)
    }

    /// The bytes that a full buffer takes.
    package static func byteCount(capacity: Int, observations: Int, actions: Int) -> Int {
        let bytes = capacity.multipliedReportingOverflow(by: 4 * (2 * observations + actions + 2))
        return bytes.overflow ? .max : bytes.partialValue
    }

    /// Whether all numbers of the stored actions lie in `range`.
    package func hasActions(in range: ClosedRange<Float>) -> Bool {
        rows.withSpan { rows in
            (0..<count).allSatisfy { row in
                (0..<actions).allSatisfy { range.contains(rows[row * width + 2 * observations + $0]) }
            }
        }
    }

    /// Adds a transition, over the oldest one where the buffer is full.
    ///
    /// `next` is the true observation after the step, also where the episode ended; `isTerminated` says that the task
    /// ended there, `isTruncated` that a time limit cut it. A transition that does not begin where the last one led to cuts that
    /// one's episode too.
    package func append(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool,
        isTruncated: Bool = false
    ) {
        precondition(
            observation.count == observations && next.count == observations && action.count == actions,
            "a transition of another shape")
        let start = total % capacity * width
        let last = total > 0 ? (total - 1) % capacity * width : nil
        rows.withMutableSpan { rows in
            if let last, rows[last + width - 1] == Self.goesOn,
                (0..<observations).contains(where: { rows[last + observations + $0] != observation[$0] })
            {
                rows[last + width - 1] = Self.cut
            }
            for i in 0..<observations {
                rows[start + i] = observation[i]
                rows[start + observations + i] = next[i]
            }
            for i in 0..<actions { rows[start + 2 * observations + i] = action[i] }
            rows[start + width - 2] = reward
            rows[start + width - 1] =
                isTerminated ? Self.terminated : isTruncated ? Self.cut : Self.goesOn
        }
        total += 1
    }

    /// How a row's episode goes on after it, as its last number says.
    private static let (goesOn, terminated, cut): (Float, Float, Float) = (0, 1, 2)

    /// Fills `batch` with transitions drawn uniformly, with replacement; its discounts stay as they are.
    ///
    /// - Precondition: the buffer is not empty.
    package func sample(into batch: MiniBatch, using random: inout RandomStream) {
        precondition(count > 0, "a sample of an empty replay buffer")
        let count = count
        for row in batch.indices.indices { batch.indices[row] = random.index(below: count) }
        func take(_ matrix: Matrix, _ column: Int) {
            matrix.gather(batch.indices, from: rows, width: width, column: column)
        }
        take(batch.observations, 0)
        take(batch.nextObservations, observations)
        take(batch.actions, 2 * observations)
        take(batch.rewards, width - 2)
        take(batch.terminated, width - 1)
        for row in batch.indices.indices {
            batch.terminated[row, 0] = batch.terminated[row, 0] == Self.terminated ? 1 : 0
        }
    }

    /// Fills `batch` with transitions of up to `steps` steps: the reward is that of all steps, discounted, the next observation the
    /// last step's, and the discount what its value counts, gamma to the power of the steps.
    ///
    /// A transition ends early where its episode was terminated or cut, and at the newest step; the draws are those of one step.
    ///
    /// - Precondition: the buffer is not empty.
    package func sample(
        into batch: MiniBatch, steps: Int, discount: Double, using random: inout RandomStream
    ) {
        precondition(count > 0, "a sample of an empty replay buffer")
        let newest = (total - 1) % capacity
        for row in 0..<batch.rows {
            var index = random.index(below: count)
            rows.withSpan { rows in
                let first = rows.extracting(index * width..<(index + 1) * width)
                batch.observations.setRow(row, to: first.extracting(0..<observations))
                batch.actions.setRow(
                    row, to: first.extracting(2 * observations..<2 * observations + actions))
                var (reward, weight) = (Double(first[width - 2]), discount)
                for _ in 1..<max(1, steps) {
                    guard index != newest, rows[index * width + width - 1] == Self.goesOn else { break }
                    index = (index + 1) % capacity
                    reward += weight * Double(rows[index * width + width - 2])
                    weight *= discount
                }
                let last = rows.extracting(index * width..<(index + 1) * width)
                batch.nextObservations.setRow(row, to: last.extracting(observations..<2 * observations))
                batch.rewards[row, 0] = Float(reward)
                batch.discounts[row, 0] = Float(weight)
                batch.terminated[row, 0] = last[width - 1] == Self.terminated ? 1 : 0
            }
        }
    }
}

extension ReplayBuffer: Checkpointed {
    /// Where the next row goes, and the rows that are filled.
    ///
    /// A buffer that has not wrapped can be restored into a larger one: a run that is resumed with more steps.
    package var entries: [CheckpointEntry<ReplayBuffer>] {
        [.init("total", \.total), .init("rows", rows) { [$0.count, $0.width] }]
    }
}
