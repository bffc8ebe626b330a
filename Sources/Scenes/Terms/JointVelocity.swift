// SPDX-License-Identifier: MIT

internal import Settings

/// How fast a joint moves.
struct JointVelocity: TerminationTerm, Quantity {
    static let name = "joint_velocity"
    static let summary = "The velocity of a joint."
    static let unit = "rad/s or m/s"
    static let synonyms = ["joint_vel_out_of_manual_limit"]
    static let keys: [Key<Self>] = [
        .joint(\.joint)
    ]

    var joint = JointReference.unnamed

    func value(_ state: SceneState) -> Double { state.after.velocity(of: joint) }
}
