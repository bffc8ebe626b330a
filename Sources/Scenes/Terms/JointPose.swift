// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Settings

/// Whether joints are where they started, with a tolerance: 1 where all are, nearly 0 where they are off by more than `std`.
struct JointPose: RewardTerm, Quantity {
    static let name = "pose"
    static let summary =
        "exp(-e²/std²) of the root mean square e (rad or m) of joints' distances from the start's positions."
    static let synonyms = ["posture"]
    static let keys: [Key<Self>] = [
        .joints(\.joints),
        .deviation(\.deviation),
    ]

    var joints: [JointReference]?
    var deviation = 1.0

    func value(_ state: SceneState) -> Double {
        let joints = state.joints(joints)
        return exp(-state.squaredDeviation(of: joints) / (Double(joints.count) * deviation * deviation))
    }
}

extension SceneState {
    /// The sum of squared distances of joints from the start's positions.
    func squaredDeviation(of joints: [JointReference]) -> Double {
        var sum = 0.0
        for joint in joints {
            let difference = after.position(of: joint) - scene.start.joints[joint.index]
            sum += difference * difference
        }
        return sum
    }
}
