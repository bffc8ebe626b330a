// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The velocities of joints.
struct JointVelocities: ObservationTerm {
    static let name = "joint_velocities"
    static let summary = "The velocities of joints."
    static let unit = "rad/s or m/s"
    static let synonyms = ["joint_vel", "joint_vel_rel", "dof_vel"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(of: joints, in: scene) { $0.unit + "/s" }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for joint in state.joints(joints) { numbers.append(state.after.velocity(of: joint)) }
    }
}
