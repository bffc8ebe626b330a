// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Robots
internal import Settings

/// The sines of hinges' positions.
struct JointSines: ObservationTerm {
    static let name = "joint_sines"
    static let summary = "The sines of hinges' positions."
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(of: joints, in: scene, within: 1) { _ in Self.unit }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for joint in state.joints(joints) { numbers.append(sin(state.after.position(of: joint))) }
    }

    func check(_ setting: Setting, _ decoder: Decoder) { decoder.checkHinges(joints, setting) }
}
