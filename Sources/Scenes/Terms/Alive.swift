// SPDX-License-Identifier: MIT

internal import Settings

/// With weight -1 it is the -1 of each step but the last (Acrobot).
struct Alive: RewardTerm, Quantity {
    static let name = "alive"
    static let summary = "1 where the step does not terminate the episode, else 0."
    static let synonyms = ["is_alive", "healthy_reward"]

    func value(_ state: SceneState) -> Double { state.isTerminated ? 0 : 1 }
}
