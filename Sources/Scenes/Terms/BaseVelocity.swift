// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The linear velocity of the root link's frame.
struct BaseVelocity: ObservationTerm {
    static let name = "base_velocity"
    static let summary = "The linear velocity of the root link's frame."
    static let unit = "m/s"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["base_lin_vel", "root_lin_vel_w"]
    static let keys: [Key<Self>] = [
        .axes(\.axes),
        .frame(\.frame),
    ]

    var axes: [Axis]?
    var frame = VectorFrame.world

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene, frame: frame)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.vector(state.after.baseVelocity, in: frame)
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
