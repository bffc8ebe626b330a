// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The orientation of the root link: w is not below 0 at reset, and the numbers are continuous after.
struct BaseOrientation: ObservationTerm {
    static let name = "base_orientation"
    static let summary = "The unit quaternion w, x, y, z of the root link in the world."
    static let needs: [TermNeed] = [.floatingBase]
    static let synonyms = ["root_quat_w", "base_quat"]

    func elements(in scene: Scene) -> [ObservationElement] {
        ["w", "x", "y", "z"].map {
            ObservationElement(
                name: "\(Self.name).\($0)", unit: Self.unit, frame: .world, link: scene.robot.root.name,
                low: -1,
                high: 1)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let turn = state.after.base.orientation
        numbers.append(turn.w)
        numbers.append(turn.x)
        numbers.append(turn.y)
        numbers.append(turn.z)
    }
}
