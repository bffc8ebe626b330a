// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// How far the base has tipped over, within 0 to pi.
struct BadOrientation: TerminationTerm, Quantity {
    static let name = "bad_orientation"
    static let summary = "The angle between the root link's z axis and the world's."
    static let unit = "rad"
    static let needs: [TermNeed] = [.movingBase]

    func value(_ state: SceneState) -> Double {
        let up = state.after.base.orientation.rotate(.init(0, 0, 1)).z
        return acos(max(-1, min(1, up)))
    }
}
