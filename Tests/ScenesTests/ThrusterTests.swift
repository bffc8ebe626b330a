// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Thrusters: what they push with, and what the contract says of them.
struct ThrusterTests {
    /// A quadruped that hangs on four jets, one at each hip.
    private func scene(
        _ thrusters: String = "{link: trunk, range: [0, 400]}", more: String = "",
        solver: Solver = .articulated
    ) throws -> Scene {
        var scene = try ObjectTests.scene(
            "", observation: "{term: base_velocity}, {term: base_angular_velocity}, {term: last_action}",
            more: "thrusters: [\(thrusters)]\n\(more)", solver: solver)
        scene.ground = nil
        return scene
    }

    @Test(arguments: [Solver.ode, .articulated])
    func `a thruster under the centre lifts by its force, along the link's own axis`(solver: Solver) throws {
        var scene = try scene(solver: solver)
        let mass = scene.robot.totalMass
        // Rolled by a quarter turn it pushes sideways.
        scene.start.base.orientation = Quaternion(angle: .pi / 2, about: Vector3(1, 0, 0))
        scene.start.base.position.z = 5
        let driver = try Driver(scene)
        try driver.reset()
        let force = 200 * (1 + 0.5)
        try driver.step(scene.actuators.map { _ in 0 } + [0.5])
        let momentum = mass * scene.physics.controlPeriod
        let trunk = driver.environment.reading
        // All of the robot's momentum, whatever its links do.
        var sum = Vector3.zero
        for (index, link) in scene.robot.links.enumerated() {
            let arm = trunk.orientation(ofLink: index).rotate(link.properties.centerOfMass)
            sum +=
                link.properties.mass
                * (trunk.linearVelocity(ofLink: index) + trunk.angularVelocity(ofLink: index).cross(arm))
        }
        #expect(abs(sum.y / (-force * scene.physics.controlPeriod) - 1) < 0.02)
        #expect(abs(sum.z / (-9.81 * momentum) - 1) < 0.02)
    }

    @Test func `a moment turns about the axis, against what pushes off the centre`() throws {
        let driver = try Driver(scene("{link: trunk, range: [0, 100], moment: 0.1}"))
        try driver.reset()
        try driver.step(driver.scene.actuators.map { _ in 0 } + [1])
        #expect(driver.observation[5] > 0.01 && abs(driver.observation[3]) < driver.observation[5])
        let other = try Driver(scene("{link: trunk, range: [0, 100], moment: -0.1}"))
        try other.reset()
        try other.step(other.scene.actuators.map { _ in 0 } + [1])
        #expect(abs(other.observation[5] + driver.observation[5]) < 1e-3)
    }

    @Test func `an action spans the range, and nothing pulls`() throws {
        let scene = try scene("{link: trunk, range: [0, 8]}")
        let driver = try Driver(scene)
        let thruster = try #require(driver.environment.actuators.last)
        #expect(thruster.name == "trunk.thrust" && thruster.unit == "N" && thruster.joint == nil)
        #expect(thruster.low == 0 && thruster.high == 8 && thruster.scale == 4 && thruster.offset == 4)
        #expect(driver.environment.actuators.count == scene.actuators.count + 1)
        try driver.reset()
        try driver.step(scene.actuators.map { _ in 0 } + [-1])
        // Free fall: at -1 it does not push.
        #expect(abs(Double(driver.observation[2]) + 9.81 * scene.physics.controlPeriod) < 0.02)
        #expect(driver.observation.last == -1)
    }

    @Test func `latency keeps its force back too, and a state brings it back`() throws {
        let driver = try Driver(scene(more: "randomise: {latency: [4, 4]}"))
        let joints = driver.scene.actuators.map { _ in Float(0) }
        try driver.reset()
        try driver.step(joints + [1])
        // Before the first action comes the middle of the range, 200 N.
        let first = driver.observation[2]
        let state = try driver.environment.saveState()
        try driver.step(joints + [-1])
        let second = driver.observation[2]
        // Then the first action's 400 N.
        let change = 200 * driver.scene.physics.controlPeriod / driver.scene.robot.totalMass
        #expect(abs(Double(second - 2 * first) / change - 1) < 0.1)
        try driver.environment.restoreState(state)
        try driver.step(joints + [-1])
        #expect(driver.observation[2] == second)
    }

    @Test func `what cannot push is said`() throws {
        for (thruster, words) in [
            ("{link: trunk, range: [0, 8], axis: [0, 0, 0]}", "thrusters[0].axis: is no direction"),
            ("{link: trunk, range: [8, 8]}", "every action gives the same force"),
            ("{link: trank, range: [0, 8]}", "the robot has no link 'trank'"),
            ("{link: trunk, range: [0, 8]}, {link: trunk, range: [0, 8]}", "two thrusters push 'trunk'"),
        ] {
            let error = #expect(throws: (any Error).self) { try scene(thruster) }
            #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(words)")
        }
    }
}
