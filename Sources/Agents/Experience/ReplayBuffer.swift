// SPDX-License-Identifier: MIT

package import Environments
internal import Networks

/// The store of transitions that off-policy agents learn from: a ring that forgets the oldest, one for each environment, so that the
/// transitions of an episode stand one after another.
///
/// A transition is one row of floats: observation, next observation, action, reward, ending; an observation is what the policy sees, then
/// what the critic sees besides, which a batch has apart. One million transitions of 11
/// observations and 3 actions take 108 MB; memory is taken only as the buffer fills.
package final class ReplayBuffer {
    /// The most transitions that it holds: whole rings.
    package var capacity: Int { totals.count * length }
    /// The transitions that it holds now.
    package var count: Int { totals.reduce(0) { $0 + min($1, length) } }
    /// The most transitions of one environment.
    private let length: Int
    /// The transitions that were ever added of each environment; its next one goes to row `total % length` of its ring.
    private var totals: [Int]
    private let observations: Int
    private let actions: Int
    private let width: Int
    private let rows: Parameters

    /// Makes an empty buffer for vectors of the given lengths, what the critic sees counted in, which holds `capacity` transitions and as few more as make the rings of all
    /// environments equally long.
    package init(capacity: Int, observations: Int, actions: Int, environments: Int = 1) {
        length = (capacity + environments - 1) / environments
        totals = Array(repeating: 0, count: environments)
        self.observations = observations
        self.actions = actions
        width = 2 * observations + actions + 2
        rows = Parameters(count: environments * length * width)
    }

    /// The bytes that a full buffer takes.
    package static func byteCount(capacity: Int, observations: Int, actions: Int) -> Int {
        let bytes = capacity.multipliedReportingOverflow(by: 4 * (2 * observations + actions + 2))
        return bytes.overflow ? .max : bytes.partialValue
    }

    /// Whether all numbers of the stored actions lie in `range`.
    package func hasActions(in range: ClosedRange<Float>) -> Bool {
        rows.withSpan { rows in
            (0..<count).allSatisfy { number in
                let row = row(number)
                return (0..<actions).allSatisfy { range.contains(rows[row * width + 2 * observations + $0]) }
            }
        }
    }

    /// The row of a transition by its number among all that are held.
    private func row(_ number: Int) -> Int {
        guard totals.count > 1 else { return number }
        var rest = number
        for (environment, total) in totals.enumerated() {
            let held = min(total, length)
            if rest < held { return environment * length + rest }
            rest -= held
        }
        preconditionFailure("transition \(number) of \(count)")
    }

    /// Adds a transition of an environment, over its oldest one where its ring is full.
    ///
    /// `next` is the true observation after the step, also where the episode ended; `isTerminated` says that the task
    /// ended there, `isTruncated` that a time limit cut it. A transition that does not begin where the last one led to cuts that
    /// one's episode too.
    package func append(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool,
        isTruncated: Bool = false, environment: Int = 0
    ) {
        precondition(
            observation.count == observations && next.count == observations && action.count == actions,
            "a transition of another shape")
        let (total, first) = (totals[environment], environment * length)
        let start = (first + total % length) * width
        let last = total > 0 ? (first + (total - 1) % length) * width : nil
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
        totals[environment] += 1
    }

    /// How a row's episode goes on after it, as its last number says.
    private static let (goesOn, terminated, cut): (Float, Float, Float) = (0, 1, 2)

    /// Fills `batch` with transitions drawn uniformly, with replacement; its discounts stay as they are.
    ///
    /// - Precondition: the buffer is not empty.
    package func sample(into batch: MiniBatch, using random: inout RandomStream) {
        precondition(count > 0, "a sample of an empty replay buffer")
        let count = count
        for row in batch.indices.indices { batch.indices[row] = self.row(random.index(below: count)) }
        func take(_ matrix: Matrix, _ column: Int) {
            matrix.gather(batch.indices, from: rows, width: width, column: column)
        }
        let seen = batch.observations.columns
        take(batch.observations, 0)
        take(batch.nextObservations, observations)
        if seen < observations {
            take(batch.criticObservations, seen)
            take(batch.nextCriticObservations, observations + seen)
        }
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
        let count = count
        let seen = batch.observations.columns
        for row in 0..<batch.rows {
            var index = self.row(random.index(below: count))
            let ring = index / length
            let newest = ring * length + (totals[ring] - 1) % length
            rows.withSpan { rows in
                let first = rows.extracting(index * width..<(index + 1) * width)
                batch.observations.setRow(row, to: first.extracting(0..<seen))
                batch.criticObservations.setRow(row, to: first.extracting(seen..<observations))
                batch.actions.setRow(
                    row, to: first.extracting(2 * observations..<2 * observations + actions))
                var (reward, weight) = (Double(first[width - 2]), discount)
                for _ in 1..<max(1, steps) {
                    guard index != newest, rows[index * width + width - 1] == Self.goesOn else { break }
                    index = ring * length + (index + 1) % length
                    reward += weight * Double(rows[index * width + width - 2])
                    weight *= discount
                }
                let last = rows.extracting(index * width..<(index + 1) * width)
                let next = last.extracting(observations..<2 * observations)
                batch.nextObservations.setRow(row, to: next.extracting(0..<seen))
                batch.nextCriticObservations.setRow(row, to: next.extracting(seen..<observations))
                batch.rewards[row, 0] = Float(reward)
                batch.discounts[row, 0] = Float(weight)
                batch.terminated[row, 0] = last[width - 1] == Self.terminated ? 1 : 0
            }
        }
    }
}

extension ReplayBuffer: Checkpointed {
    /// Of each ring where the next row goes, and the rows that are filled; the first one's have no number.
    ///
    /// A buffer that has not wrapped can be restored into a larger one: a run that is resumed with more steps.
    package var entries: [CheckpointEntry<ReplayBuffer>] {
        totals.indices.flatMap { entries(ofRing: $0) }
    }

    private func entries(ofRing ring: Int) -> [CheckpointEntry<ReplayBuffer>] {
        let end = ring == 0 ? "" : ".\(ring)"
        let total = CheckpointEntry<ReplayBuffer>("total\(end)", \.totals[ring])
        let filled = CheckpointEntry<ReplayBuffer>("rows\(end)", rows, from: ring * length * width) {
            buffer in [min(buffer.totals[ring], buffer.length), buffer.width]
        }
        return [total, filled]
    }
}
