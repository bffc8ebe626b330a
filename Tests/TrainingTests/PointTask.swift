// SPDX-License-Identifier: MIT

import Environments

/// What can go wrong in a ``PointTask``, by the number of the step, counted from 1 over the whole run.
struct Faults {
    var diverging: Set<Int> = []
    var rewards: [Int: Double] = [:]
    var observations: [Int: Float] = [:]
}

/// A point on a line that is pushed to and fro by noise: the task is to stay near 0, and ends beyond 1.5.
///
///   action       1   push, 0.2 per unit
///   observation  2   place, and the share of the episode that is left; a critic may see the push that noise gave, too
///   reward           minus the place's square: of its two terms one is always ``bonus``
final class PointTask: Environment {
    let observationSpace = Space([
        .init(name: "place", unit: "m"), .init(name: "left", low: 0, high: 1),
    ])
    let criticSpace: Space
    let actuators = [Actuator(name: "push", scale: 0.2)]
    let timing = Timing(physicsStep: 0.1)
    var random: RandomStream
    private let limit: Int
    private let faults: Faults
    private var place = 0.0
    private var length = 0
    private var total = 0
    private var gust = 0.0
    private var isShownToCritic = false
    static let terms = ["bonus", "far_away"]
    static let bonus = 0.25
    let rewardTermNames = PointTask.terms
    private(set) var rewardTerms = [0.0, 0]

    /// Called at the beginning of each episode.
    var onReset: () -> Void = {}

    init(_ random: RandomStream, limit: Int = 15, faults: Faults = Faults(), hasGust: Bool = false) {
        criticSpace = Space(hasGust ? [.init(name: "gust", unit: "m")] : [])
        self.random = random
        self.limit = limit
        self.faults = faults
    }

    func showCritic() { isShownToCritic = true }

    func reset(into observation: inout MutableSpan<Float>) {
        onReset()
        place = random.uniform(-1, 1)
        (length, gust) = (0, 0)
        observe(into: &observation)
    }

    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) -> Step {
        total += 1
        rewardTerms = [0, 0]
        if faults.diverging.contains(total) { return Step(reward: .nan, isDiverged: true) }
        gust = 0.05 * random.normal()
        place += 0.2 * Double(min(max(action[0], -1), 1)) + gust
        length += 1
        observe(into: &observation)
        rewardTerms = [Self.bonus, -place * place - Self.bonus]
        let isTerminated = abs(place) > 1.5
        return Step(
            reward: faults.rewards[total] ?? -place * place, isTerminated: isTerminated,
            isTruncated: !isTerminated && length == limit)
    }

    private func observe(into observation: inout MutableSpan<Float>) {
        observation[0] = faults.observations[total] ?? Float(place)
        observation[1] = 1 - Float(length) / Float(limit)
        if isShownToCritic, criticSpace.count > 0 { observation[2] = Float(gust) }
    }

    func saveState() -> [UInt8] {
        let words = [place.bitPattern, UInt64(length), UInt64(total)] + random.stateWords
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    struct BadState: Error {}

    func restoreState(_ state: [UInt8]) throws {
        guard state.count == 9 * 8 else { throw BadState() }
        let words = (0..<9).map { word in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(state[word * 8 + $1]) << ($1 * 8) }
        }
        guard let random = RandomStream(stateWords: Array(words[3...])) else { throw BadState() }
        place = Double(bitPattern: words[0])
        (length, total) = (Int(words[1]), Int(words[2]))
        self.random = random
    }
}
