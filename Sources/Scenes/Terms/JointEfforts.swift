// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// The efforts of the joints' actuators in the last physics step.
struct JointEfforts: ObservationTerm {
    static let name = "joint_efforts"
    static let summary = "The efforts of the joints' actuators in the last physics step."
    static let unit = "N m or N"
    static let synonyms = ["joint_effort", "torques"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(of: joints, in: scene) { $0.kind == .hinge ? "N m" : "N" }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for joint in state.joints(joints) { numbers.append(state.after.reading.effort(ofJoint: joint.index)) }
    }
}
