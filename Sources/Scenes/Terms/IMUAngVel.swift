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
        let isRoot = link.name == scene.robot.root.name
        return elements(along: Axis.allCases, in: scene, of: link).map { element in
            var element = element
            // Of another link its own axes, which have no name.
            element.frame = isRoot ? .base : nil
            return element
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let turn = state.after.pose(of: link).orientation.inverse
        let rate = turn.rotate(state.after.angularVelocity(of: link))
        numbers.append(rate.x)
        numbers.append(rate.y)
        numbers.append(rate.z)
    }
}
