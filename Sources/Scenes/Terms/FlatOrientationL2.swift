// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How far the base is from level.
struct FlatOrientationL2: RewardTerm, Quantity {
    static let name = "flat_orientation_l2"
    static let summary = "The squared x and y of the direction of gravity in the base's axes; 0 when upright."
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["orientation"]

    func value(_ state: SceneState) -> Double {
        let gravity = state.after.projectedGravity(state.scene)
        return gravity.x * gravity.x + gravity.y * gravity.y
    }
}
