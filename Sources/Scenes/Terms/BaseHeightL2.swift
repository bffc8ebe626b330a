// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How far the base is from a height.
struct BaseHeightL2: RewardTerm, Quantity {
    static let name = "base_height_l2"
    static let summary =
        "The squared difference of the base's height in the world, or over the terrain below it, from one wanted."
    static let unit = "m²"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["base_height"]
    static let keys: [Key<Self>] = [
        Key("target", \.target, .number(.any), "The height in m.", isRequired: true)
    ]

    var target = 0.0

    func value(_ state: SceneState) -> Double {
        let difference = state.overGround(state.after.base.position).z - target
        return difference * difference
    }
}
