// SPDX-License-Identifier: MIT

internal import Settings

/// Keeps a robot that is told to stand from stepping on the spot.
struct StandStill: RewardTerm, Quantity {
    static let name = "stand_still"
    static let summary =
        "The sum of distances of joints from the start's positions while the robot is told to stand, else 0."
    static let unit = "rad or m"
    static let needs: [TermNeed] = [.commands]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double {
        guard state.isToldToStand else { return 0 }
        var sum = 0.0
        for joint in state.joints(joints) {
            sum += abs(state.after.position(of: joint) - state.scene.start.joints[joint.index])
        }
        return sum
    }
}
