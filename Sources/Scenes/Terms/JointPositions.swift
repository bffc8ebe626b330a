// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The positions of joints; hinges count turns.
struct JointPositions: ObservationTerm {
    static let name = "joint_positions"
    static let summary = "The positions of joints; hinges count turns."
    static let unit = "rad or m"
    static let synonyms = ["joint_pos", "joint_pos_rel", "dof_pos"]
    static let keys: [Key<Self>] = [
        .joints(\.joints),
        Key("relative", \.isRelative, .flag, "Whether the start's positions are subtracted."),
    ]

    var joints: [JointReference]?
    var isRelative = false

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(of: joints, in: scene) { $0.unit }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for joint in state.joints(joints) {
            numbers.append(
                state.after.position(of: joint) - (isRelative ? state.scene.start.joints[joint.index] : 0))
        }
    }
}
