// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How much the base rolls and pitches.
struct AngVelXYL2: RewardTerm, Quantity {
    static let name = "ang_vel_xy_l2"
    static let summary = "The squared angular velocity of the base about its own x and y axes."
    static let unit = "(rad/s)²"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["ang_vel_xy"]

    func value(_ state: SceneState) -> Double {
        let rate = state.after.inBase(state.after.baseAngularVelocity)
        return rate.x * rate.x + rate.y * rate.y
    }
}
