// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Targets that a link of the robot can be at, with its orientation there.
struct ReachTests {
    private static func scene(_ above: String = ", above: 0.3", base: String = "") throws -> Scene {
        let robot = try NewRobots.arm(joints: 6)
        let text = """
            format: 1
            summary: Reach.
            robot: crane.urdf
            base: fixed
            physics: {time_step: 0.005, substeps: 4, solver: articulated, gravity: [0, 0, 0]}
            actuators:
              - {joints: [j1, j2, j3, j4, j5, j6], kind: position, kp: 50, kd: 5, scale: 1, armature: 0.01}
            episode: {steps: 100}
            start: {joints: {j2: 0.5, j4: 0.4}\(base)}
            target: {reach: {link: part6, range: 0.6\(above)}}
            observation:
              - {term: target_offset, link: part6}
              - {term: target_rotation, link: part6}
            reward:
              - {term: target_distance, link: part6, weight: -1}
              - {term: target_angle, link: part6, weight: -1}
            """
        return try Scene(
            yaml: Array(text.utf8), file: "reach.yaml",
            SceneOptions(catalog: SceneCatalog(folders: []), robot: robot))
    }

    @Test func `a drawn target is where joints near the start bring the link, and not below the bound`()
        throws
    {
        var scene = try Self.scene(base: ", position: [1, 2, 0], rpy: [0, 0, 0.7]")
        scene.termination = []
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 3, .environment))
        var rollOut = RollOut(environment)
        var places: [Vector3] = []
        for _ in 0..<40 {
            try rollOut.reset()
            let start = scene.robot.linkPoses(base: scene.start.base, positions: scene.start.joints)[6]
            let offset = Vector3(
                Double(rollOut.observation[0]), Double(rollOut.observation[1]), Double(rollOut.observation[2])
            )
            let target = start.position - offset
            places.append(target)
            #expect(target.z >= 0.3 - 1e-6)
            // No farther from the first joint than all links in a line.
            #expect((target - scene.start.base.position).length < 0.8)
            let angle = Vector3(
                Double(rollOut.observation[3]), Double(rollOut.observation[4]), Double(rollOut.observation[5])
            ).length
            // Six joints of up to 0.6 rad each.
            #expect(angle > 0 && angle <= .pi + 1e-6)
        }
        #expect(Set(places.map(\.x)).count == 40)
    }

    @Test func `a link at its target has no offset, no rotation and no cost`() throws {
        var scene = try Self.scene("")
        // Drawn at the start itself.
        guard case .reach(var reach) = scene.target else { throw CancellationError() }
        reach.range = 1e-9
        scene.target = .reach(reach)
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        #expect(rollOut.observation.allSatisfy { abs($0) < 1e-6 }, "\(rollOut.observation)")
        let step = try rollOut.step { _, _ in }
        #expect(abs(step.reward) < 1e-4)
    }

    @Test func `the rotation to the target is the turn that is left, in the world's axes`() throws {
        var scene = try Self.scene("")
        guard case .reach(var reach) = scene.target else { throw CancellationError() }
        reach.range = 1e-9
        scene.target = .reach(reach)
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        // The first joint turns all about the world's z: the target is 0.3 rad behind.
        var positions = scene.start.joints
        positions[0] += 0.3
        try environment.world.place(base: nil, positions: positions, velocities: positions.map { _ in 0 })
        _ = try rollOut.step { _, action in action[0] = 0.3 }
        let seen = rollOut.next[3...5].map(Double.init)
        #expect(abs(seen[0]) < 0.01 && abs(seen[1]) < 0.01 && abs(seen[2] + 0.3) < 0.01, "\(seen)")
    }

    @Test func `a saved state keeps how its target is turned`() throws {
        let scene = try Self.scene()
        let one = try SimulatedEnvironment(scene, random: RandomStream(seed: 5, .environment))
        var rollOut = RollOut(one)
        try rollOut.reset()
        let state = try one.saveState()
        _ = try rollOut.step { _, _ in }
        let other = try SimulatedEnvironment(scene, random: RandomStream(seed: 9, .environment))
        try other.restoreState(state)
        var resumed = RollOut(other)
        resumed.resume(rollOut.observation)
        _ = try resumed.step { _, _ in }
        #expect(resumed.next == rollOut.next)
    }

    @Test func `terms of an orientation need a target that has one`() throws {
        let robot = try NewRobots.arm(joints: 6)
        let text = """
            format: 1
            summary: Reach.
            robot: crane.urdf
            base: fixed
            physics: {time_step: 0.005}
            actuators: [{joints: [j1], kind: torque, gear: 1}]
            episode: {steps: 100}
            target: {point: [0, 0, 1]}
            observation: [{term: target_rotation, link: part6}]
            reward: [{term: target_distance, link: part6, weight: -1}]
            """
        let error = #expect(throws: DescriptionError.self) {
            try Scene(
                yaml: Array(text.utf8), file: "reach.yaml",
                SceneOptions(catalog: SceneCatalog(folders: []), robot: robot))
        }
        #expect(error?.description.contains("'target_rotation' needs a target with an orientation") == true)
    }
}
