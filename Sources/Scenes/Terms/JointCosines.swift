// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Robots
internal import Settings

/// The cosines of hinges' positions.
struct JointCosines: ObservationTerm {
    static let name = "joint_cosines"
    static let summary = "The cosines of hinges' positions."
    static let keys: [Key<Self>] = [
        .joints(\.joints)
    ]

    var joints: [JointReference]?

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(of: joints, in: scene, within: 1) { _ in Self.unit }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for joint in state.joints(joints) { numbers.append(cos(state.after.position(of: joint))) }
    }

    func check(_ setting: Setting, _ decoder: Decoder) { decoder.checkHinges(joints, setting) }
}
