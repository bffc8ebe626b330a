// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// How fast the base goes the way it is told, along x: half at rest, all at the commanded speed, so that every centimetre a second pays.
///
/// After "A Walk in the Park" (arXiv:2208.07860), which gives it the weight 10 and takes off the turning rate.
struct TrackLinVelXRamp: RewardTerm, Quantity {
    static let name = "track_lin_vel_x_ramp"
    static let summary =
        "1 where the base's level forward speed is between the commanded speed c and 2c; beside that 1 - e/2c of the error e; not below 0."
    static let needs: [TermNeed] = [.movingBase, .commands]
    static let keys: [Key<Self>] = [
        Key("least", \.least, .number(.positive), "The lowest c in m/s that errors are measured by.")
    ]

    var least = 0.1

    func value(_ state: SceneState) -> Double {
        let command = state.episode.command.x
        let forward = state.after.inBase(state.after.baseVelocity).x * cos(state.after.pitch)
        let (speed, wished) = (command < 0 ? -forward : forward, abs(command))
        let error = max(wished - speed, speed - 2 * wished, 0)
        return max(0, 1 - error / (2 * max(wished, least)))
    }
}
