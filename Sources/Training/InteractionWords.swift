// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments

// A step as one rank tells it to the others: how it ended, the reward and its terms, the figures of the curriculum, and the
// observation after it.
extension Interaction {
    /// A step that another rank could not do; that rank says why.
    struct FailedElsewhere: Error {}

    private static let (terminated, truncated, diverged, failed): (UInt32, UInt32, UInt32, UInt32) = (
        1, 2, 4, 8
    )

    /// The words of a step.
    var wordCount: Int { 3 + 2 * (rewardTerms.count + curriculum.count) + rollOut.next.count }

    /// Writes what came of the last action.
    func tell(in words: inout [UInt32], from place: Int) {
        var flags = Self.failed
        var reward = 0.0
        if case .success(let step) = outcome {
            flags =
                (step.isTerminated ? Self.terminated : 0) | (step.isTruncated ? Self.truncated : 0)
                | (step.isDiverged ? Self.diverged : 0)
            reward = step.reward
        }
        words[place] = flags
        var place = place + 1
        for number in [reward] + rewardTerms + curriculum.map(\.value) {
            words[place] = UInt32(truncatingIfNeeded: number.bitPattern)
            words[place + 1] = UInt32(truncatingIfNeeded: number.bitPattern >> 32)
            place += 2
        }
        for number in rollOut.next {
            words[place] = number.bitPattern
            place += 1
        }
    }

    /// Takes what another rank wrote of `action`.
    func hear(_ words: [UInt32], from place: Int, action: [Float]) {
        let flags = words[place]
        var place = place + 1
        func number() -> Double {
            defer { place += 2 }
            return Double(bitPattern: UInt64(words[place]) | UInt64(words[place + 1]) << 32)
        }
        let reward = number()
        let terms = rewardTerms.map { _ in number() }
        told = (curriculum.map { CurriculumFigure(name: $0.name, value: number()) }, terms)
        rollOut.take(action, next: words[place..<place + rollOut.next.count].map(Float.init(bitPattern:)))
        outcome = Result {
            // What is wrong with an action all ranks see, as a process alone does.
            try Self.check(action.span)
            guard flags & Self.failed == 0 else { throw FailedElsewhere() }
            return Step(
                reward: reward, isTerminated: flags & Self.terminated != 0,
                isTruncated: flags & Self.truncated != 0, isDiverged: flags & Self.diverged != 0)
        }
    }

    /// Begins an episode with what another rank saw first.
    func begin(with observation: [Float]) { rollOut.resume(observation) }
}
