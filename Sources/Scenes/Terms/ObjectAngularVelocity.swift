// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How an object turns.
struct ObjectAngularVelocity: ObservationTerm {
    static let name = "object_angular_velocity"
    static let summary = "The angular velocity of an object against the world, along the axes of `frame`."
    static let unit = "rad/s"
    static let keys: [Key<Self>] = [
        .object(\.object),
        .axes(\.axes),
        .frame(\.frame),
    ]

    var object = LinkFrame.unnamed
    var axes: [Axis]?
    var frame = VectorFrame.world

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: axes ?? Axis.allCases, in: scene, frame: frame, of: object)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.vector(state.after.angularVelocity(of: object), in: frame)
        for axis in axes ?? Axis.allCases { numbers.append(vector[axis]) }
    }
}
