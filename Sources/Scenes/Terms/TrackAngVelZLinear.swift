// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How much of the commanded turning rate the base has, without a plateau that standing still would live on.
struct TrackAngVelZLinear: RewardTerm, Quantity {
    static let name = "track_ang_vel_z_linear"
    static let summary =
        "1 - e/c of the error e of the base's turning rate about its own z axis and the commanded rate c; not below -1."
    static let needs: [TermNeed] = [.movingBase, .commands]
    static let keys: [Key<Self>] = [
        Key("least", \.least, .number(.positive), "The lowest c in rad/s, for commands not to turn.")
    ]

    var least = 0.1

    func value(_ state: SceneState) -> Double {
        let rate = state.after.inBase(state.after.baseAngularVelocity).z
        let command = state.episode.command.z
        return max(-1, 1 - abs(command - rate) / max(abs(command), least))
    }
}
