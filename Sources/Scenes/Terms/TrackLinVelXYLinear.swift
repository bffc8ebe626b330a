// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How much of the commanded velocity the base has, without a plateau that standing still would live on.
///
/// After "A Walk in the Park" (arXiv:2208.07860), whose ramp rises up to the commanded speed.
struct TrackLinVelXYLinear: RewardTerm, Quantity {
    static let name = "track_lin_vel_xy_linear"
    static let summary =
        "1 - e/c of the error e of the base's velocity in the plane, in its own frame, and the commanded speed c; not below -1."
    static let needs: [TermNeed] = [.movingBase, .commands]
    static let keys: [Key<Self>] = [
        Key("least", \.least, .number(.positive), "The lowest c in m/s, for commands to stand.")
    ]

    var least = 0.1

    func value(_ state: SceneState) -> Double {
        let velocity = state.after.inBase(state.after.baseVelocity)
        let (x, y) = (state.episode.command.x, state.episode.command.y)
        let error = Vector3(x - velocity.x, y - velocity.y, 0).length
        return max(-1, 1 - error / max(Vector3(x, y, 0).length, least))
    }
}
