// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Where a link is: too low, or high enough.
struct LinkCoordinate: TerminationTerm, Quantity {
    static let name = "link_position"
    static let summary =
        "A coordinate of a link's frame in the world; on a terrain x and y count from the tile of the start, z from the ground below."
    static let unit = "m"
    static let keys: [Key<Self>] = [
        .link(\.link),
        .axis(\.axis),
    ]

    var link = LinkFrame.unnamed
    var axis = Axis.z

    var askedAxes: [Axis] { [axis] }

    func value(_ state: SceneState) -> Double {
        state.overGround(state.after.pose(of: link).position)[axis]
    }

    func valueAtStart(of scene: Scene) -> Double? {
        scene.poseAtStart(of: link).position[axis]
    }
}
