// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots

/// How fast a robot on wheels drives and turns.
struct WheelSpeeds {
    /// The direction that it drives in.
    let forward: Axis
    /// The greatest radius of its wheels, m.
    let radius: Double
    /// m/s, below what its motors allow.
    let speed: Double
    /// rad/s; 0 where the wheels are in one plane and cannot turn it.
    let turning: Double
    /// The wheels' own speed for both at once, rad/s.
    let wheelSpeed: Double

    init(_ robot: Robot, _ anatomy: RobotAnatomy, _ positions: [Double]) {
        let poses = robot.linkPoses(positions: positions)
        let wheels = anatomy.wheels.map { robot.joints[$0] }
        let axes = wheels.map { poses[$0.child].orientation.rotate($0.axis) }
        let lateral: Axis = axes.reduce(0) { $0 + abs($1.x) } > axes.reduce(0) { $0 + abs($1.y) } ? .x : .y
        forward = lateral == .x ? .y : .x
        let finder = WheelFinder(robot, poses)
        let floor = zip(robot.links, poses).compactMap { robot.lowest(of: $0, at: $1) }.min() ?? 0
        radius = max(
            1e-3,
            anatomy.wheels.map {
                finder.wheelRadius($0) ?? (poses[robot.joints[$0].child].position.z - floor)
            }.max() ?? 0)
        let allowed = wheels.compactMap(\.velocity).min() ?? .infinity
        let places = wheels.map { poses[$0.child].position[lateral] }
        let width = (places.max() ?? 0) - (places.min() ?? 0)
        // Both wheels' shares of driving and turning are within what motors give.
        speed = max(0.02, (100 * min(0.6, 0.6 * allowed * radius)).rounded() / 100)
        turning = width > 0.5 * radius ? min(1.5, (10 * speed / width).rounded() / 10) : 0
        wheelSpeed = min(allowed, (speed + turning * width / 2) / radius).twoDigits
    }
}
