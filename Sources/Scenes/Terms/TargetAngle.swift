// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Robots
internal import Settings

/// How far a link is turned from its target after the step.
struct TargetAngle: RewardTerm, TerminationTerm, Quantity {
    static let name = "target_angle"
    static let summary = "The angle by which a link's frame is turned from the target's orientation."
    static let unit = "rad"
    static let needs: [TermNeed] = [.targetOrientation]
    static let synonyms = ["orientation_command_error"]
    static let keys: [Key<Self>] = [
        .link(\.link)
    ]

    var link = LinkFrame.unnamed

    func value(_ state: SceneState) -> Double { state.rotationToTarget(of: link).length }
}

extension SceneState {
    /// The rotation from a link to the target: its axis times its angle (rad), in the world's axes.
    func rotationToTarget(of link: LinkFrame) -> Vector3 {
        let target = episode.targetOrientation ?? .identity
        let turn = target * after.pose(of: link).orientation.inverse
        let (sign, vector) = (turn.w < 0 ? -1.0 : 1, Vector3(turn.x, turn.y, turn.z))
        let sine = vector.length
        guard sine > 1e-12 else { return .zero }
        return (sign * 2 * atan2(sine, abs(turn.w)) / sine) * vector
    }
}
