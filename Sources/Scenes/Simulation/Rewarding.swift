// SPDX-License-Identifier: MIT

internal import Physics

extension SimulatedEnvironment {
    /// The reward of the step that was done last: the sum of weight times quantity, cut off at 0 where the scene asks for that.
    func reward() throws(PhysicsError) -> Double {
        // Moved out temporarily: terms read the episode that holds it.
        var memory: [[Double]] = []
        swap(&memory, &state.episode.memory)
        defer { swap(&memory, &state.episode.memory) }
        var sum = 0.0
        // By index: taking an entry out of the array would retain all that it holds.
        for index in scene.reward.indices {
            let value = try scene.reward[index].term.value(state, memory: &memory[index])
            let weighted = scene.reward[index].weight * value
            rewardTerms[index] = weighted
            sum += weighted
        }
        // Not by `max`, which makes a number of what is none.
        return scene.onlyPositiveRewards && sum < 0 ? 0 : sum
    }
}
