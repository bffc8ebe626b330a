// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// What a gyroscope on a link tells.
struct IMUAngVel: ObservationTerm {
    static let name = "imu_ang_vel"
    static let summary =
        "What a gyroscope at a link's frame measures: its angular velocity in its own axes. Its `bias` and `noise` are those of the list."
    static let unit = "rad/s"
    static let synonyms = ["imu", "gyroscope", "gyro"]
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
        let turn = state.after.pose(of: link).orientation.inverse
        let rate = turn.rotate(state.after.angularVelocity(of: link))
        numbers.append(rate.x)
        numbers.append(rate.y)
        numbers.append(rate.z)
    }
}
