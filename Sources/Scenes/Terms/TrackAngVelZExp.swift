// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// Whether the base turns as it is told, about its own z axis.
struct TrackAngVelZExp: RewardTerm, Quantity {
    static let name = "track_ang_vel_z_exp"
    static let summary = "exp(-e²/std²) of the error e (rad/s) of the base's turning rate."
    static let needs: [TermNeed] = [.floatingBase, .commands]
    static let synonyms = ["tracking_ang_vel"]
    static let keys: [Key<Self>] = [
        .deviation(\.deviation)
    ]

    var deviation = 1.0

    func value(_ state: SceneState) -> Double {
        let error = state.episode.command.z - state.after.inBase(state.after.baseAngularVelocity).z
        return exp(-error * error / (deviation * deviation))
    }
}
