// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// What an accelerometer on a link tells: at rest what holds it against gravity, in free fall nothing.
struct IMULinAcc: ObservationTerm {
    static let name = "imu_lin_acc"
    static let summary =
        "What an accelerometer at a link's frame measures, in its own axes: the change of its velocity over the step less gravity, so that it shows 9.81 upwards at rest and 0 in free fall. At the start it counts as at rest. Its `bias` and `noise` are those of the list."
    static let unit = "m/s²"
    static let synonyms = ["accelerometer"]
    static let keys: [Key<Self>] = [
        .link(\.link)
    ]

    var link = LinkFrame.unnamed

    func elements(in scene: Scene) -> [ObservationElement] {
        // Of another link than the root its own axes, which have no name.
        elements(
            along: Axis.allCases, in: scene, frame: link.name == scene.robot.root.name ? .base : nil, of: link
        )
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let change = state.after.velocity(of: link) - state.before.velocity(of: link)
        let acceleration = (state.episode.step == 0 ? 0 : 1 / state.period) * change
        let felt = state.after.pose(of: link).orientation.inverse.rotate(
            acceleration - state.scene.physics.gravity)
        numbers.append(felt.x)
        numbers.append(felt.y)
        numbers.append(felt.z)
    }
}
