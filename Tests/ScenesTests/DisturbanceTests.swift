// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// What happens to the quadruped in mid-episode, seen where nothing else moves it: in the air, without gravity.
struct DisturbanceTests {
    @Test func `pushes come at their times and change the speed of all within their bound`() throws {
        var scene = try Self.weightless()
        scene.randomisation.push = try ShippedScenes.load("everything").randomisation.push
        scene.randomisation.push?.every = 0.5
        let bound = try #require(scene.randomisation.push?.speed)
        let driver = try Driver(scene)
        try driver.reset()
        var velocity = Vector3.zero
        var largest = 0.0
        for step in 1...800 {
            try driver.step(all: 0)
            let now = driver.environment.momentum().linear / scene.robot.totalMass
            let change = now - velocity
            velocity = now
            // After 25, 50, ... steps of 0.02 s, at the beginning of the next one.
            if step > 1, step % 25 == 1 {
                #expect(change.length > 1e-6, "step \(step)")
                #expect(abs(change.x) <= bound && abs(change.y) <= bound && abs(change.z) < 1e-9)
                largest = max(largest, abs(change.x), abs(change.y))
            } else {
                #expect(change.length < 1e-9, "step \(step)")
            }
        }
        #expect(largest > 0.9 * bound)
    }

    /// Physics steps of latency, and physics steps per control step with it and without it.
    @Test(arguments: [(0, 4, 4), (1, 1, 1), (5, 1, 1), (4, 4, 4), (8, 4, 4), (6, 4, 2), (3, 4, 1), (7, 4, 1)])
    func `an action comes late by the latency exactly`(latency: Int, substeps: Int, fine: Int) throws {
        var scene = try Self.weightless()
        var prompt = scene
        scene.physics.substeps = substeps
        scene.randomisation.latency = latency...latency
        prompt.physics.substeps = fine
        let (late, early) = (try Driver(scene), try Driver(prompt))
        try late.reset()
        try early.reset()
        var trace = [late.environment.reading.jointPositions]
        for _ in 0..<60 {
            try early.step(all: 0.7)
            trace.append(early.environment.reading.jointPositions)
        }
        // Until the action comes, the servos hold the start, in which nothing moves.
        for step in 1...12 {
            try late.step(all: 0.7)
            let elapsed = max(0, step * substeps - latency)
            let positions = late.environment.reading.jointPositions
            for (position, expected) in zip(positions, trace[elapsed / fine]) {
                #expect(abs(position - expected) < 1e-9, "step \(step)")
            }
        }
    }

    private static func weightless() throws -> Scene {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.ground = nil
        scene.physics.gravity = .zero
        // Without weight to hold, the servos stand where an action of zero tells them to.
        for actuator in scene.actuators {
            guard actuator.drive.kind == .position else { continue }
            scene.start.joints[actuator.joint] = actuator.offset
        }
        return scene
    }
}
