// SPDX-License-Identifier: MIT

internal import Physics
internal import Settings

/// What the actuators do: for torques the commanded effort within its limit, constant through the step; for servos the effort in the
/// step's last physics step.
struct JointTorquesL2: RewardTerm, Quantity {
    static let name = "joint_torques_l2"
    static let summary = "The sum of squared efforts of the joints' actuators."
    static let unit = "(N m)² or N²"
    static let synonyms = ["torques", "dof_torques_l2", "effort_squared"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double {
        state.joints(joints).lazy.map { effort(ofJoint: $0.index, state) }.sumOfSquares
    }

    private func effort(ofJoint joint: Int, _ state: SceneState) -> Double {
        for index in state.scene.actuators.indices where state.scene.actuators[index].joint == joint {
            guard state.scene.actuators[index].drive.kind == .torque else { break }
            let limit = state.scene.joints[joint].effortLimit ?? .infinity
            return max(-limit, min(limit, state.scene.actuators[index].scale * state.episode.action[index]))
        }
        return state.after.reading.effort(ofJoint: joint)
    }
}
