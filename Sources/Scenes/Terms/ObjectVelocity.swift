// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How an object moves.
struct ObjectVelocity: ObservationTerm {
    static let name = "object_velocity"
    static let summary = "The velocity of an object's centre over the ground, along the axes of `frame`."
    static let unit = "m/s"
    static let keys: [Key<Self>] = [
        .object(\.object),
        .axes(\.axes),
        .frame(\.frame),
    ]

    var object = LinkFrame.unnamed
    var axes: [Axis]?
    var frame = VectorFrame.world

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene, frame: frame, of: object)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.vector(state.after.velocity(of: object), in: frame)
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
