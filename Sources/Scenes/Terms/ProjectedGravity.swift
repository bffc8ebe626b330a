// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Where down is, as an accelerometer at rest would say.
struct ProjectedGravity: ObservationTerm {
    static let name = "projected_gravity"
    static let summary = "The direction of gravity in the root link's axes; (0, 0, -1) when upright."
    static let needs: [TermNeed] = [.movingBase]

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: Axis.allCases, in: scene, frame: .base).map { element in
            var element = element
            (element.low, element.high) = (-1, 1)
            return element
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let gravity = state.after.projectedGravity(state.scene)
        numbers.append(gravity.x)
        numbers.append(gravity.y)
        numbers.append(gravity.z)
    }
}
