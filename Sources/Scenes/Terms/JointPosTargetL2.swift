// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// How far joints are from where they should be.
struct JointPosTargetL2: RewardTerm, Quantity {
    static let name = "joint_pos_target_l2"
    static let summary =
        "The sum of squared differences of joints from a position; those of hinges wrapped to ±pi."
    static let unit = "rad² or m²"
    static let synonyms = ["joint_position_squared"]
    static let keys: [Key<Self>] = [
        .joints(\.joints),
        Key("target", \.target, .number(.any), "The position in rad or m."),
        .state(\.end),
    ]

    var joints: [JointReference]?
    var target = 0.0
    var end = StepEnd.after

    func value(_ state: SceneState) -> Double {
        let robot = state.robot(end)
        var sum = 0.0
        for joint in state.joints(joints) {
            let difference = robot.position(of: joint) - target
            let isHinge = state.scene.robot.joints[joint.index].kind == .hinge
            let short = isHinge ? difference.wrappedToHalfTurn : difference
            sum += short * short
        }
        return sum
    }
}
