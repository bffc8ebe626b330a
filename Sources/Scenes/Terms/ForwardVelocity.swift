// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How far the root link came in the step, by its seconds.
struct ForwardVelocity: RewardTerm, Quantity {
    static let name = "forward_velocity"
    static let summary =
        "The mean velocity of the root link's frame during the step, along an axis of the world."
    static let unit = "m/s"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["lin_vel_x", "forward_reward"]
    static let keys: [Key<Self>] = [
        Key("axis", \.axis, .choice, "The axis.")
    ]

    var axis = Axis.x

    var askedAxes: [Axis] { [axis] }

    func value(_ state: SceneState) -> Double {
        (state.after.base.position[axis] - state.before.base.position[axis]) / state.period
    }
}
