// SPDX-License-Identifier: MIT

internal import Settings

/// The action before the first is 0.
struct ActionRateL2: RewardTerm, Quantity {
    static let name = "action_rate_l2"
    static let summary = "The sum of squares of the change of the action's elements since the last step."
    static let synonyms = ["action_rate"]

    func value(_ state: SceneState) -> Double {
        zip(state.episode.action, state.episode.lastAction).lazy.map { $0 - $1 }.sumOfSquares
    }
}
