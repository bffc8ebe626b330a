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
        // A loop: a closure that captures takes memory in every step.
        var sum = 0.0
        for joint in state.joints(joints) {
            let effort = state.effort(ofJoint: joint.index)
            sum += effort * effort
        }
        return sum
    }
}

extension SceneState {
    /// The effort of a joint's actuator, N m or N.
    func effort(ofJoint joint: Int) -> Double {
        for index in scene.actuators.indices where scene.actuators[index].joint == joint {
            guard scene.actuators[index].drive.kind == .torque else { break }
            let limit = scene.joints[joint].effortLimit ?? .infinity
            return max(-limit, min(limit, scene.actuators[index].command(episode.action[index])))
        }
        return after.reading.effort(ofJoint: joint)
    }
}
