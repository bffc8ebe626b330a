// SPDX-License-Identifier: MIT

internal import Settings

/// How fast joints move.
struct JointVelL2: RewardTerm, Quantity {
    static let name = "joint_vel_l2"
    static let summary = "The sum of squared velocities of joints."
    static let unit = "(rad/s)² or (m/s)²"
    static let synonyms = ["dof_vel", "dof_vel_l2"]
    static let keys: [Key<Self>] = [
        .joints(\.joints),
        .state(\.end),
    ]

    var joints: [JointReference]?
    var end = StepEnd.after

    func value(_ state: SceneState) -> Double {
        let robot = state.robot(end)
        var sum = 0.0
        for joint in state.joints(joints) {
            let velocity = robot.velocity(of: joint)
            sum += velocity * velocity
        }
        return sum
    }
}
