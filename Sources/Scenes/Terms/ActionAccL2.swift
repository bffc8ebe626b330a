// SPDX-License-Identifier: MIT

internal import Settings

/// How suddenly the action changes its course; the actions before the first are 0.
///
/// It remembers the action before the last one.
struct ActionAccL2: RewardTerm {
    static let name = "action_acc_l2"
    static let summary =
        "The sum of squares of a - 2b + c of the action's elements, b and c those of the last step and of the one before."
    static let synonyms = ["action_smoothness", "smoothness"]

    func memorySize(in scene: Scene) -> Int { scene.actionCount }

    func value(_ state: SceneState, memory: inout [Double]) -> Double {
        var sum = 0.0
        for index in memory.indices {
            let (now, last) = (state.episode.action[index], state.episode.lastAction[index])
            let change = now - 2 * last + memory[index]
            sum += change * change
            memory[index] = last
        }
        return sum
    }
}
