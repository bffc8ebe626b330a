// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Where an object is: in the world, from the base, or from a link, such as a hand.
struct ObjectPosition: ObservationTerm {
    static let name = "object_position"
    static let summary =
        "The position of an object's centre, from the origin of `frame`, or of a link's frame, along the axes of `frame`; in the world of a terrain from the middle of the tile of the start."
    static let unit = "m"
    static let synonyms = ["object_position_in_robot_root_frame", "object_pos"]
    static let keys: [Key<Self>] = [
        .object(\.object),
        .axes(\.axes),
        .frame(\.frame),
        Key("from", \.from, .link, "The link whose frame it counts from.", absent: "none"),
    ]

    var object = LinkFrame.unnamed
    var axes: [Axis]?
    var frame = VectorFrame.world
    var from: LinkFrame?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        let origin = from.map { ".from.\($0.name)" } ?? ""
        return scene.axes(axes).map {
            ObservationElement(
                name: "\(Self.name).\(object.name)\(origin).\($0.rawValue)", unit: Self.unit, frame: frame,
                link: object.name)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let origin =
            if let from {
                state.after.pose(of: from).position
            } else if frame == .base {
                state.after.base.position
            } else {
                state.origin
            }
        let vector = state.after.vector(state.after.pose(of: object).position - origin, in: frame)
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
