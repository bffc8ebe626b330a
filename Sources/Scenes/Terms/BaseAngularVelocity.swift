// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The angular velocity of the root link.
struct BaseAngularVelocity: ObservationTerm {
    static let name = "base_angular_velocity"
    static let summary = "The angular velocity of the root link."
    static let unit = "rad/s"
    static let needs: [TermNeed] = [.floatingBase]
    static let synonyms = ["base_ang_vel", "root_ang_vel_w"]
    static let keys: [Key<Self>] = [
        .axes(\.axes),
        .frame(\.frame),
    ]

    var axes: [Axis]?
    var frame = VectorFrame.base

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene, frame: frame)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.vector(state.after.baseAngularVelocity, in: frame)
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
