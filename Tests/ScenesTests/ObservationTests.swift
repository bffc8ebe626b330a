// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// What a policy sees of a state that is known: signs, frames and order, by the names of the elements.
struct ObservationTests {
    @Test(arguments: ["hopper", "walker", "cheetah"])
    func `a planar robot that leans forward has a positive pitch`(name: String) throws {
        let driver = try Driver(Self.standstill(name))
        let joints = driver.scene.robot.joints.map(\.name)
        let positions = joints.indices.map { -0.1 - 0.01 * Double($0) }
        let velocities = joints.indices.map { 0.3 + 0.1 * Double($0) }
        try driver.reset()
        // Turned by 0.15 rad about +y: the torso's upper end moves towards +x.
        try driver.environment.place(
            base: BaseState(
                position: Vector3(0.4, 0, 1.4), orientation: .init(w: cos(0.075), x: 0, y: sin(0.075), z: 0),
                linearVelocity: Vector3(0.7, 0, -0.2), angularVelocity: Vector3(0, 0.5, 0)),
            positions: positions, velocities: velocities)
        try driver.step(all: 0)
        var expected = [
            "base_pitch": 0.15, "base_velocity.x": 0.7, "base_velocity.z": -0.2, "base_pitch_rate": 0.5,
        ]
        // The cheetah, which starts 0.7 m high, counts from there.
        if name == "cheetah" {
            expected["base_displacement.z"] = 0.7
        } else {
            expected["base_position.z"] = 1.4
        }
        for (index, joint) in joints.enumerated() {
            expected["joint_positions.\(joint)"] = positions[index]
            expected["joint_velocities.\(joint)"] = velocities[index]
        }
        driver.expect(expected)
    }

    @Test func `the ant sees the world's velocity and its own turning rate`() throws {
        let driver = try Driver(Self.standstill("ant"))
        let joints = driver.scene.robot.joints.map(\.name)
        let positions = driver.scene.start.joints.indices.map {
            driver.scene.start.joints[$0] * 1.2 + 0.01 * Double($0)
        }
        try driver.reset()
        // A quarter turn about z: its own x is the world's y.
        let half = 0.5.squareRoot()
        try driver.environment.place(
            base: BaseState(
                position: Vector3(0, 0, 0.6), orientation: .init(w: half, x: 0, y: 0, z: half),
                linearVelocity: Vector3(0.1, 0.2, 0.3), angularVelocity: Vector3(1, 2, 3)),
            positions: positions, velocities: positions.map { _ in 0.5 })
        try driver.step(all: 0)
        var expected = [
            "base_position.z": 0.6, "base_orientation.w": half, "base_orientation.x": 0,
            "base_orientation.y": 0, "base_orientation.z": half, "base_velocity.x": 0.1,
            "base_velocity.y": 0.2, "base_velocity.z": 0.3, "base_angular_velocity.x": 2,
            "base_angular_velocity.y": -1, "base_angular_velocity.z": 3,
        ]
        for (index, joint) in joints.enumerated() {
            expected["joint_positions.\(joint)"] = positions[index]
            expected["joint_velocities.\(joint)"] = 0.5
        }
        driver.expect(expected)
    }

    @Test func `the quadruped sees everything in its trunk's frame, scaled`() throws {
        let driver = try Driver(Self.standstill("everything"))
        let joints = driver.scene.robot.joints.map(\.name)
        let start = driver.scene.start.joints
        let positions = start.indices.map { start[$0] + 0.01 * Double($0) }
        try driver.reset()
        // Turned a quarter about z, then nose down by 0.3 rad.
        let turn =
            Quaternion(angle: .pi / 2, about: .init(0, 0, 1)) * Quaternion(angle: 0.3, about: .init(0, 1, 0))
        try driver.environment.place(
            base: BaseState(
                position: Vector3(0, 0, 0.6), orientation: .init(w: turn.w, x: turn.x, y: turn.y, z: turn.z),
                linearVelocity: Vector3(0, 0.8, 0), angularVelocity: Vector3(0, 0, 0.4)),
            positions: positions, velocities: positions.map { _ in 0.5 })
        let action = joints.indices.map { Float($0) / 20 - 0.3 }
        try driver.step(action)
        var expected = [
            "base_velocity.x": 2 * 0.8 * cos(0.3), "base_velocity.y": 0,
            "base_velocity.z": 2 * 0.8 * sin(0.3), "base_angular_velocity.x": -0.25 * 0.4 * sin(0.3),
            "base_angular_velocity.y": 0, "base_angular_velocity.z": 0.25 * 0.4 * cos(0.3),
            "projected_gravity.x": sin(0.3), "projected_gravity.y": 0, "projected_gravity.z": -cos(0.3),
        ]
        for (index, joint) in joints.enumerated() {
            expected["joint_positions.\(joint)"] = positions[index] - start[index]
            expected["joint_velocities.\(joint)"] = 0.05 * 0.5
        }
        for (index, actuator) in driver.environment.actuators.enumerated() {
            expected["last_action.\(actuator.name)"] = Double(action[index])
        }
        driver.expect(expected)
    }

    @Test func `joints on carts and arms are seen where they are`() throws {
        let driver = try Driver(Self.standstill("inverted-double-pendulum"))
        try driver.reset()
        try driver.environment.place(positions: [0.2, 0.3, -0.5], velocities: [1, 20, -20])
        try driver.step(all: 0)
        driver.expect([
            "joint_positions.slider": 0.2, "joint_sines.hinge": sin(0.3), "joint_sines.hinge2": sin(-0.5),
            "joint_cosines.hinge": cos(0.3), "joint_cosines.hinge2": cos(-0.5), "joint_velocities.slider": 1,
            "joint_velocities.hinge": 10, "joint_velocities.hinge2": -10,
        ])
        let arm = try Driver(Self.standstill("reacher"))
        try arm.reset()
        try arm.environment.place(positions: [0.4, 0.5], velocities: [0.6, -0.7])
        try arm.step(all: 0)
        let target = (Double(arm.observation[4]), Double(arm.observation[5]))
        arm.expect([
            "joint_cosines.joint0": cos(0.4), "joint_cosines.joint1": cos(0.5),
            "joint_sines.joint0": sin(0.4),
            "joint_sines.joint1": sin(0.5), "joint_velocities.joint0": 0.6, "joint_velocities.joint1": -0.7,
            "target_offset.fingertip.x": 0.1 * cos(0.4) + 0.11 * cos(0.9) - target.0,
            "target_offset.fingertip.y": 0.1 * sin(0.4) + 0.11 * sin(0.9) - target.1,
        ])
    }

    /// The scene with a step so short that nothing changes in it.
    private static func standstill(_ name: String) throws -> Scene {
        var scene = try ShippedScenes.load(name).withoutChance
        scene.physics.timeStep = 1e-6
        scene.physics.substeps = 1
        scene.ground = nil
        return scene
    }
}

extension Driver {
    /// Checks elements of the observation by their names, which must all be there.
    fileprivate func expect(_ expected: [String: Double]) {
        let names = environment.observationSpace.elements.map(\.name)
        for (name, value) in expected {
            guard let index = names.firstIndex(of: name) else {
                Issue.record("no element \(name) among \(names)")
                continue
            }
            #expect(abs(Double(observation[index]) - value) < 2e-3, "\(name)")
        }
    }
}
