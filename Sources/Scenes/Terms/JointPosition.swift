// SPDX-License-Identifier: MIT

internal import Settings

/// Where a joint is.
struct JointPosition: TerminationTerm, Quantity {
    static let name = "joint_position"
    static let summary = "The position of a joint; hinges count turns."
    static let unit = "rad or m"
    static let synonyms = ["joint_pos_out_of_manual_limit"]
    static let keys: [Key<Self>] = [
        .joint(\.joint)
    ]

    var joint = JointReference.unnamed

    func value(_ state: SceneState) -> Double { state.after.position(of: joint) }

    func valueAtStart(of scene: Scene) -> Double? { scene.start.joints[joint.index] }
}
