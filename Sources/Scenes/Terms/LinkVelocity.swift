// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The velocity of the origin of a link's frame in the world.
struct LinkVelocity: ObservationTerm {
    static let name = "link_velocity"
    static let summary = "The velocity of a link's frame in the world."
    static let unit = "m/s"
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
        let vector = state.after.velocity(of: link)
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
