// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The position of a link's frame in the world.
struct LinkPosition: ObservationTerm {
    static let name = "link_position"
    static let summary =
        "The position of a link's frame in the world; on a terrain from the middle of the tile of the start."
    static let unit = "m"
    static let synonyms = ["body_position", "body_pos_w"]
    static let keys: [Key<Self>] = [
        .link(\.link),
        .axes(\.axes),
    ]

    var link = LinkFrame.unnamed
    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene, of: link)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.pose(of: link).position - state.origin
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
