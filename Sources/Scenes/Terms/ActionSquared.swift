// SPDX-License-Identifier: MIT

internal import Settings

/// The action is as the policy gave it, clipped to [-1, 1].
struct ActionSquared: RewardTerm, Quantity {
    static let name = "action_squared"
    static let summary = "The sum of squares of the action's elements, each in [-1, 1]."
    static let synonyms = ["action_l2", "ctrl_cost", "control_cost"]

    func value(_ state: SceneState) -> Double { state.episode.action.sumOfSquares }
}
