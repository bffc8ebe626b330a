// SPDX-License-Identifier: MIT

internal import Physics
internal import Settings

/// What moving costs: the power of the actuators, braking as dear as driving.
struct Energy: RewardTerm, Quantity {
    static let name = "energy"
    static let summary =
        "The sum, over joints, of the size of the actuator's effort times the joint's speed, at the end of the step."
    static let unit = "W"
    static let synonyms = ["power", "joint_power"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double {
        var sum = 0.0
        for joint in state.joints(joints) {
            sum += abs(state.effort(ofJoint: joint.index) * state.after.velocity(of: joint))
        }
        return sum
    }
}
