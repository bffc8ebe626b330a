// SPDX-License-Identifier: MIT

internal import Settings

/// What failing costs.
struct IsTerminated: RewardTerm, Quantity {
    static let name = "is_terminated"
    static let summary = "1 where the step terminates the episode, else 0."
    static let synonyms = ["termination", "terminated"]

    func value(_ state: SceneState) -> Double { state.isTerminated ? 1 : 0 }
}
