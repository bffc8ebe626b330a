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

    @Test func `what stands still is where the scene has it`() throws {
        let obstacles = "obstacles: [{size: [0.2, 0.4, 0.6], position: [1, 2, 3], rpy: [0, 0, 0.5]}]"
        let flat = EpisodeScene(
            try MuJoCoFileTests.scene(
                MuJoCoFileTests.odd, actuators: "[{kind: model}]", more: "ground: {slope: 0.1}\n" + obstacles)
        )
        #expect(flat.groundSlope == 0.1 && flat.terrain == nil)
        let box = try #require(flat.obstacles.first)
        #expect(flat.obstacles.count == 1 && box.form == .solid(.box(size: Vector3(0.2, 0.4, 0.6))))
        #expect(box.link == nil && (box.pose.position - Vector3(1, 2, 3)).length < 1e-12)
        #expect(
            (box.pose.orientation.rotate(Vector3(1, 0, 0)) - Vector3(0.8775825618903728, 0.479425538604203, 0))
                .length < 1e-12)
        let scene = try ShippedScenes.load("hopper")
        #expect(EpisodeScene(scene).period == scene.physics.controlPeriod)
        for (seen, joint) in zip(EpisodeScene(scene).joints, scene.robot.joints) {
            #expect(seen.axis == joint.axis && seen.lower == joint.lower && seen.upper == joint.upper)
            #expect(seen.child == joint.child && seen.name == joint.name)
        }
        let hilly = try MuJoCoFileTests.scene(
            MuJoCoFileTests.odd, actuators: "[{kind: model}]",
            more: "terrain: {kinds: [{kind: slope, height: 1}], size: 4, cell: 0.25}")
        let (grid, seen) = (try #require(hilly.terrainGrid), try #require(EpisodeScene(hilly).terrain))
        for (index, height) in seen.heights.enumerated() {
            let (x, y) = (
                seen.origin.x + seen.cell.x * Double(index % seen.columns),
                seen.origin.y + seen.cell.y * Double(index / seen.columns)
            )
            #expect(abs(seen.origin.z + Double(height) - grid.height(x: x, y: y)) < 1e-6)
        }
    }

    @Test func `a frame says how fast the robot is, what it is told, and what drives it`() throws {
        for name in ["everything", "hopper"] {
            let driver = try Driver(name)
            try driver.reset()
            for _ in 0..<10 { try driver.step(all: 0.5) }
            let frame = driver.environment.frame(reward: driver.last.reward)
            let reading = driver.environment.reading
            #expect(frame.jointVelocities == reading.jointVelocities)
            #expect(frame.jointEfforts == reading.jointEfforts && frame.jointEfforts.contains { $0 != 0 })
            let command = frame.command.map { ($0 - driver.command).length < 1e-6 }
            #expect(command == (name == "hopper" ? nil : true))
            let root = frame.links[0]
            let velocity = root.orientation.inverse.rotate(reading.linearVelocity(ofLink: 0))
            let turning = root.orientation.inverse.rotate(reading.angularVelocity(ofLink: 0))
            let expected = Vector3(velocity.x, velocity.y, name == "hopper" ? turning.y : turning.z)
            #expect((frame.velocity - expected).length < 1e-9, "\(frame.velocity), \(expected)")
        }
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
