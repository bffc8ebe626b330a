// SPDX-License-Identifier: MIT

internal import Settings

/// How far joints are from where they started; small distances hardly count.
struct JointDeviationL2: RewardTerm, Quantity {
    static let name = "joint_deviation_l2"
    static let summary = "The sum of squared distances of joints from the start's positions."
    static let unit = "rad² or m²"
    static let synonyms = ["similar_to_default"]
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func value(_ state: SceneState) -> Double { state.squaredDeviation(of: state.joints(joints)) }
}
