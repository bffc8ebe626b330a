// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How much the base bounces.
struct LinVelZL2: RewardTerm, Quantity {
    static let name = "lin_vel_z_l2"
    static let summary = "The squared velocity of the base along its own z axis."
    static let unit = "(m/s)²"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["lin_vel_z"]

    func value(_ state: SceneState) -> Double {
        let speed = state.after.inBase(state.after.baseVelocity).z
        return speed * speed
    }
}
