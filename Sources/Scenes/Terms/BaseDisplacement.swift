// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// How far the root link's frame is from where the scene starts it, before noise: what MuJoCo calls the position of a slide joint.
struct BaseDisplacement: ObservationTerm {
    static let name = "base_displacement"
    static let summary = "How far the root link's frame is from `start.position`, along the world's axes."
    static let unit = "m"
    static let needs: [TermNeed] = [.movingBase]
    static let keys: [Key<Self>] = [
        .axes(\.axes)
    ]

    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let (now, start) = (state.after.base.position - state.origin, state.scene.start.base.position)
        for axis in state.axes(axes) { numbers.append(now[axis] - start[axis]) }
    }
}
