// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// Whether the base moves as it is told: 1 where it does, nearly 0 where it is off by more than `std`.
struct TrackLinVelXYExp: RewardTerm, Quantity {
    static let name = "track_lin_vel_xy_exp"
    static let summary =
        "exp(-e²/std²) of the error e (m/s) of the base's velocity in the plane, in its own frame."
    static let needs: [TermNeed] = [.movingBase, .commands]
    static let synonyms = ["tracking_lin_vel"]
    static let keys: [Key<Self>] = [
        .deviation(\.deviation)
    ]

    var deviation = 1.0

    func value(_ state: SceneState) -> Double {
        let velocity = state.after.inBase(state.after.baseVelocity)
        let (x, y) = (state.episode.command.x - velocity.x, state.episode.command.y - velocity.y)
        return exp(-(x * x + y * y) / (deviation * deviation))
    }
}
