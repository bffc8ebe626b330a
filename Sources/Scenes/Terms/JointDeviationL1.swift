// SPDX-License-Identifier: MIT

internal import Settings

/// How far joints are from where they started.
struct JointDeviationL1: RewardTerm, Quantity {
    static let name = "joint_deviation_l1"
    static let summary = "The sum of distances of joints from the start's positions."
    static let unit = "rad or m"
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double {
        state.joints(joints).reduce(0) {
            $0 + abs(state.after.position(of: $1) - state.scene.start.joints[$1.index])
        }
    }
}
