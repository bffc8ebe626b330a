// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// Joints without both limits count 0.
struct JointPosLimits: RewardTerm, Quantity {
    static let name = "joint_pos_limits"
    static let summary = "The sum of what joints are beyond a share of their range about its middle."
    static let unit = "rad or m"
    static let synonyms = ["dof_pos_limits"]
    static let keys: [Key<Self>] = [
        .joints(\.joints),
        Key("factor", \.factor, .number(.positive(upTo: 1)), "The share of the range that is free."),
    ]

    var joints: [JointReference]?
    var factor = 0.9

    func value(_ state: SceneState) -> Double {
        state.joints(joints).reduce(0) { $0 + excess(of: $1, state) }
    }

    private func excess(of joint: JointReference, _ state: SceneState) -> Double {
        let limits = state.scene.robot.joints[joint.index]
        guard let lower = limits.lower, let upper = limits.upper else { return 0 }
        let distance = abs(state.after.position(of: joint) - (lower + upper) / 2)
        return max(0, distance - factor * (upper - lower) / 2)
    }
}
