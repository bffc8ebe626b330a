// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// What is seen of an episode is what happens in it, and looking changes nothing.
struct FilmTests {
    @Test(arguments: ShippedScenes.names)
    func `looking at an episode changes no bit of it`(name: String) throws {
        let (alone, seen) = (try Driver(name), try Driver(name))
        var random = RandomStream(seed: 3, .exploration)
        for _ in 0..<2 {
            try alone.reset()
            try seen.reset()
            _ = seen.environment.frame(reward: 0)
            for _ in 0..<60 where !alone.last.isLast {
                let action = alone.environment.actuators.map { _ in Float(random.uniform(-1, 1)) }
                try alone.step(action)
                try seen.step(action)
                _ = seen.environment.frame(reward: seen.last.reward)
                #expect(seen.last == alone.last)
                #expect(seen.observation == alone.observation)
            }
            #expect(try seen.environment.saveState() == alone.environment.saveState())
        }
    }

    @Test(arguments: [Solver.ode, .articulated])
    func `the contacts of a link add up to the force on it`(solver: Solver) throws {
        var scene = try ShippedScenes.load("quadruped").withoutChance
        scene.physics.solver = solver
        let driver = try Driver(scene)
        try driver.reset()
        #expect(driver.environment.frame(reward: 0).contacts.isEmpty)
        var touched = 0
        for _ in 0..<40 {
            try driver.step(all: 0)
            let frame = driver.environment.frame(reward: driver.last.reward)
            touched = max(touched, frame.contacts.count)
            for link in scene.robot.links.indices {
                let force = try driver.environment.world.contactForce(onLink: link, inLastSubstep: true)
                let sum = frame.contacts.reduce(Vector3.zero) { sum, contact in
                    if contact.link == link { return sum + contact.force }
                    return contact.other == link ? sum - contact.force : sum
                }
                #expect(
                    (sum - force).length <= 1e-9 * max(1, force.length), "\(scene.robot.links[link].name)")
            }
            // The robot stands on the ground.
            #expect(frame.contacts.allSatisfy { abs($0.point.z) < 0.02 && $0.force.z >= -1e-9 })
        }
        #expect(touched >= 4)
    }

    @Test func `a frame has links, joints, target and reward where the scene has them`() throws {
        let driver = try Driver("reacher")
        let scene = EpisodeScene(driver.scene)
        #expect(scene.hasTarget && !scene.hasCommand)
        #expect(scene.links.map(\.parent) == [nil] + driver.scene.robot.joints.map(\.parent))
        // Links without shapes are rods to what hangs on them.
        for (index, link) in driver.scene.robot.links.enumerated() where !link.shapes.isEmpty {
            #expect(scene.parts.count { $0.link == index } == link.shapes.count)
        }
        let rod = try #require(EpisodeScene(try ShippedScenes.load("pendulum")).parts.first)
        #expect(rod.form == .solid(.capsule(radius: 0.02, length: 1)))
        #expect((rod.pose.position - Vector3(0, 0, 0.5)).length < 1e-12)
        try driver.reset()
        let first = driver.environment.frame(reward: 0)
        #expect(first.rewardTerms == scene.rewardTerms.map { _ in 0 })
        try driver.step(all: 0.5)
        let frame = driver.environment.frame(reward: driver.last.reward)
        #expect(frame.target == first.target && frame.target != nil && frame.command == nil)
        #expect(abs(frame.rewardTerms.reduce(0, +) - driver.last.reward) < 1e-12)
        #expect(frame.action == scene.actions.map { _ in 0.5 })
        let poses = driver.scene.robot.linkPoses(
            base: driver.scene.start.base, positions: frame.jointPositions)
        for (seen, expected) in zip(frame.links, poses) {
            // ODE holds joints together up to some micrometres.
            #expect((seen.position - expected.position).length < 1e-4)
        }
    }
}
