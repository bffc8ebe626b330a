// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The position of the root link's frame in the world.
struct BasePosition: ObservationTerm {
    static let name = "base_position"
    static let summary =
        "The position of the root link's frame in the world; on a terrain from the middle of the tile of the start."
    static let unit = "m"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["base_pos_z", "root_pos_w"]
    static let keys: [Key<Self>] = [
        .axes(\.axes)
    ]

    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.base.position - state.origin
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
