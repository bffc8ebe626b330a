// SPDX-License-Identifier: MIT

internal import Settings

/// How suddenly joints move, by their velocities at both ends of the step.
struct JointAccL2: RewardTerm, Quantity {
    static let name = "joint_acc_l2"
    static let summary = "The sum of squared mean accelerations of joints during the step."
    static let unit = "(rad/s²)² or (m/s²)²"
    static let synonyms = ["dof_acc", "dof_acc_l2"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double {
        let period = state.period
        var sum = 0.0
        for joint in state.joints(joints) {
            let acceleration = (state.after.velocity(of: joint) - state.before.velocity(of: joint)) / period
            sum += acceleration * acceleration
        }
        return sum
    }
}
