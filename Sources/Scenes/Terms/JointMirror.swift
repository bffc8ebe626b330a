// SPDX-License-Identifier: MIT

internal import Settings

/// Joints that should move as others do: of a trotting robot the legs across, of a jumping one those of the other side.
struct JointMirror: RewardTerm, Quantity {
    static let name = "joint_mirror"
    static let summary =
        "The mean, over pairs of joints, of the squared difference of their distances from the start's positions."
    static let unit = "rad² or m²"
    static let synonyms = ["symmetry"]
    static let keys: [Key<Self>] = [
        Key("joints", \.joints, .set(of: .joint), "One joint of each pair.", isRequired: true),
        Key(
            "mirrored", \.mirrored, .set(of: .joint), "The other of each, in the same order.",
            isRequired: true),
        Key(
            "opposed", \.isOpposed, .flag,
            "Whether the two turn in opposite senses, as hips about the axis ahead do."),
    ]

    var joints: [JointReference] = []
    var mirrored: [JointReference] = []
    var isOpposed = false

    func check(_ setting: Setting, _ decoder: Decoder) {
        guard joints.count != mirrored.count, setting["joints"] != nil, setting["mirrored"] != nil else {
            return
        }
        decoder.report(
            setting.place(of: "mirrored"), "there are \(mirrored.count) of them, and \(joints.count) joints",
            "name one for each")
    }

    func value(_ state: SceneState) -> Double {
        var sum = 0.0
        for index in joints.indices {
            let other = deviation(of: mirrored[index], state)
            let difference = deviation(of: joints[index], state) - (isOpposed ? -other : other)
            sum += difference * difference
        }
        return sum / Double(joints.count)
    }

    private func deviation(of joint: JointReference, _ state: SceneState) -> Double {
        state.after.position(of: joint) - state.scene.start.joints[joint.index]
    }
}
