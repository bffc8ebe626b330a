// SPDX-License-Identifier: MIT

public import Environments
internal import Networks
public import Safetensors

/// The store of transitions that off-policy agents learn from: a ring that forgets the oldest.
///
/// A transition is one row of floats: observation, next observation, action, reward, terminated. One million transitions of 11
/// observations and 3 actions take 108 MB; memory is taken only as the buffer fills.
public final class ReplayBuffer {
    /// The most transitions that it holds.
    public let capacity: Int
    /// The transitions that it holds now.
    public private(set) var count = 0
    /// The row that the next transition goes to.
    public private(set) var cursor = 0
    private let observations: Int
    private let actions: Int
    private let width: Int
    private let rows: Parameters

    /// Makes an empty buffer for vectors of the given lengths.
    public init(capacity: Int, observations: Int, actions: Int) {
        self.capacity = capacity
        self.observations = observations
        self.actions = actions
        width = 2 * observations + actions + 2
        rows = Parameters(count: capacity * width)
    }

    /// Adds a transition, over the oldest one where the buffer is full.
    ///
    /// `next` is the true observation after the step, also where the episode ended; `isTerminated` says that the task
    /// ended there, not that a time limit cut it.
    public func append(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>, isTerminated: Bool
    ) {
        precondition(
            observation.count == observations && next.count == observations && action.count == actions,
            "a transition of another shape")
        let start = cursor * width
        rows.withMutableSpan { rows in
            for i in 0..<observations {
                rows[start + i] = observation[i]
                rows[start + observations + i] = next[i]
            }
            for i in 0..<actions { rows[start + 2 * observations + i] = action[i] }
            rows[start + width - 2] = reward
            rows[start + width - 1] = isTerminated ? 1 : 0
        }
        cursor = (cursor + 1) % capacity
        count = min(count + 1, capacity)
    }

    /// Fills `batch` with transitions drawn uniformly, with replacement.
    ///
    /// - Precondition: the buffer is not empty.
    public func sample(into batch: MiniBatch, using random: inout RandomStream) {
        precondition(count > 0, "a sample of an empty replay buffer")
        for row in 0..<batch.rows {
            let start = random.index(below: count) * width
            rows.withSpan { rows in
                let transition = rows.extracting(start..<start + width)
                let action = 2 * observations
                batch.observations.setRow(row, to: transition.extracting(0..<observations))
                batch.nextObservations.setRow(row, to: transition.extracting(observations..<action))
                batch.actions.setRow(row, to: transition.extracting(action..<action + actions))
                batch.rewards[row, 0] = transition[width - 2]
                batch.terminated[row, 0] = transition[width - 1]
            }
        }
    }

    /// What a checkpoint needs: the rows that are filled, and where the next one goes.
    public func state(_ name: String) -> [TensorSource] {
        [
            TensorSource("\(name).cursor", [UInt64(cursor)]),
            TensorSource(TensorDescription("\(name).rows", .f32, shape: [count, width])) { [self] writer in
                try rows.withSpan { try writer.append($0.extracting(0..<count * width), to: "\(name).rows") }
            },
        ]
    }

    /// Takes the state of a checkpoint.
    ///
    /// - Throws: where it is missing, or of another shape or capacity.
    public func restore(_ archive: TensorArchive, _ name: String) throws {
        let cursor: UInt64 = try archive.value("\(name).cursor")
        guard let shape = archive.description(of: "\(name).rows")?.shape, shape.count == 2, shape[1] == width,
            shape[0] <= capacity, cursor < UInt64(capacity), shape[0] == capacity || Int(cursor) == shape[0]
        else {
            throw AgentsError.badState("the replay buffer has another shape")
        }
        try rows.withMutableSpan { rows in
            var filled = rows._mutatingExtracting(0..<shape[0] * width)
            try archive.copy("\(name).rows", into: &filled)
        }
        count = shape[0]
        self.cursor = Int(cursor)
    }
}
