// SPDX-License-Identifier: MIT

internal import Networks
internal import Ranks

/// What the ranks of a run tell each other of its environments: each rank steps its share of them, and all ranks learn from all steps.
///
/// With the steps goes what all must agree on: whether a signal came to any rank, and whether rank 0 finds it time for a checkpoint.
final class WorldExchange {
    let transport: any Transport
    /// The environments that this rank steps.
    let own: Range<Int>
    private let shares: [Range<Int>]
    private var words: [UInt32] = []
    private var counts: [Int] = []
    /// The signal that came to a rank, as all know it.
    private(set) var signal: Int32?
    /// Whether all write a checkpoint after this round.
    private(set) var isCheckpointDue = false
    /// The updates of this step of which it was asked whether to give up.
    private var asked = 0

    /// Shares `count` environments.
    init(_ transport: any Transport, count: Int) {
        self.transport = transport
        shares = (0..<transport.count).map { transport.share(of: count, rank: $0) }
        own = shares[transport.rank]
    }

    /// Whether this rank writes the run's folder.
    var writes: Bool { transport.rank == 0 }

    /// Tells the others what came of the steps of this rank's environments, and takes theirs into the others' interactions.
    func share(_ interactions: [Interaction], _ actions: Matrix, signal: Int32?, isCheckpointDue: Bool) {
        let size = interactions[0].wordCount
        let head = 2
        counts = shares.map { head + $0.count * size }
        words = Array(repeating: 0, count: counts.reduce(0, +))
        var place = counts.prefix(transport.rank).reduce(0, +)
        words[place] = UInt32(bitPattern: signal ?? 0)
        words[place + 1] = isCheckpointDue ? 1 : 0
        place += head
        for number in own {
            interactions[number].tell(in: &words, from: place)
            place += size
        }
        transport.gather(&words, counts: counts)
        place = 0
        for (rank, share) in shares.enumerated() {
            take(signal: Int32(bitPattern: words[place]))
            if rank == 0 { self.isCheckpointDue = words[1] != 0 }
            place += head
            for number in share {
                if rank != transport.rank {
                    let action = (0..<actions.columns).map { actions[number, $0] }
                    interactions[number].hear(words, from: place, action: action)
                }
                place += size
            }
        }
        asked = 0
    }

    /// Tells the others the first observations of the episodes that this rank's environments have begun; `begun` names those of all, in
    /// their order.
    func shareStarts(_ interactions: [Interaction], _ begun: [Int]) {
        guard !begun.isEmpty else { return }
        let size = interactions[0].observation.count
        // Of those that others begin, this is no more than room.
        var numbers = begun.flatMap { interactions[$0].observation }
        transport.gather(&numbers, counts: shares.map { share in size * begun.count { share.contains($0) } })
        for (index, number) in begun.enumerated() where !own.contains(number) {
            interactions[number].begin(with: Array(numbers[index * size..<(index + 1) * size]))
        }
    }

    /// The states of all environments with what is seen in them, in their order, as a checkpoint holds them.
    func states(_ interactions: [Interaction]) throws -> [Interaction.State] {
        let own = try own.map { try interactions[$0].state }
        var lengths = interactions.map { _ in 0 }
        for (number, state) in zip(self.own, own) { lengths[number] = state.bytes.count }
        transport.gather(&lengths, counts: shares.map(\.count))
        let all = transport.gathered(own.flatMap(\.bytes)).flatMap { $0 }
        var start = 0
        let size = interactions[0].observation.count
        var observations = own.flatMap(\.observation)
        observations.insert(contentsOf: Array(repeating: 0, count: size * self.own.lowerBound), at: 0)
        observations += Array(repeating: 0, count: size * interactions.count - observations.count)
        transport.gather(&observations, counts: shares.map { size * $0.count })
        return interactions.indices.map { number in
            defer { start += lengths[number] }
            return Interaction.State(
                bytes: Array(all[start..<start + lengths[number]]),
                observation: Array(observations[number * size..<(number + 1) * size]))
        }
    }

    /// What rank 0 found of an evaluation that it did while the others waited: whether it is done, and its mean return.
    func shareEvaluation(isDone: Bool, mean: Double?, signal: Int32?) -> (isDone: Bool, mean: Double?) {
        let all = transport.gathered(SIMD2((mean ?? .nan).bitPattern, isDone ? 1 : 0))
        for signal in transport.gathered(signal ?? 0) { take(signal: signal) }
        let mean = Double(bitPattern: all[0].x)
        return (all[0].y != 0, mean.isNaN ? nil : mean)
    }

    /// Whether a signal came to any rank while a step's updates go on; all ask together, at every sixteenth update.
    func isGivenUp(_ signal: () -> Int32?) -> Bool {
        asked += 1
        guard asked.isMultiple(of: 16) else { return false }
        for signal in transport.gathered(signal() ?? 0) { take(signal: signal) }
        return self.signal != nil
    }

    private func take(signal: Int32) {
        if self.signal == nil, signal != 0 { self.signal = signal }
    }
}
