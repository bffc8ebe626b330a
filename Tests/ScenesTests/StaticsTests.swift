// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

struct StaticsTests {
    // Of a hundred such drops each 99 lie still after 5 s, the last after 6.7 s: docs/decisions/0010 has the figures, and those of standing starts.
    @Test(arguments: ["hopper", "walker"])
    func `a robot dropped without torque falls and lies still`(name: String) throws {
        var random = RandomStream(seed: 0, name: "drops")
        for seed: UInt64 in 0..<20 {
            var scene = try ShippedScenes.load(name).withExactLaws
            scene.termination = []
            scene.episodeSteps = 1000
            scene.start.base.position.z += 0.25
            scene.start.base.orientation = Quaternion(
                angle: random.uniform(-1.5, 1.5), about: .init(0, 1, 0))
            let driver = try Driver(scene, seed: seed)
            try driver.reset()
            while !driver.last.isLast {
                try driver.step(all: 0)
                guard driver.environment.time > 5 else { continue }
                #expect(
                    driver.environment.reading.fastest < 1e-3, "\(driver.environment.time) s, seed \(seed)")
            }
            #expect(driver.environment.reading.position(ofLink: 0).z < 1)
        }
    }

    // Upright on its feet the walker is balanced, and what tips it over is the noise of the start alone.
    @Test func `most walkers that topple from their feet lie still as early`() throws {
        var still = 0
        for seed: UInt64 in 0..<20 {
            var scene = try ShippedScenes.load("walker").withExactLaws
            scene.termination = []
            let driver = try Driver(scene, seed: seed)
            try driver.reset()
            var last = 0.0
            while !driver.last.isLast {
                try driver.step(all: 0)
                if driver.environment.reading.fastest >= 1e-3 { last = driver.environment.time }
            }
            if last <= 5 { still += 1 }
        }
        #expect(still >= 17, "\(still) of 20")
    }

    @Test func `the standing quadruped holds its weight and does not creep`() throws {
        let driver = try Driver(ShippedScenes.load("quadruped").withoutChance)
        try driver.reset()
        let environment = driver.environment
        let links = driver.scene.robot.links.indices
        let weight = driver.scene.robot.totalMass * 9.81
        let start = links.map { environment.reading.position(ofLink: $0) }
        while environment.time < 10 {
            try driver.step(all: 0)
            let reading = environment.reading
            let force = links.reduce(Vector3.zero) { $0 + reading.contactForce(onLink: $1) }
            // At first the servos give way to the load.
            if environment.time > 0.1 {
                #expect((force - Vector3(0, 0, weight)).length < 0.01 * weight, "\(environment.time) s")
            }
            for link in links {
                let creep = reading.position(ofLink: link) - start[link]
                #expect(
                    creep.length < 1e-3, "\(driver.scene.robot.links[link].name), \(environment.time) s")
            }
        }
    }

    // The share is the slope's angle over the friction angle, the heading is the direction of its fall against the box's axes.
    @Test(arguments: [0.9, 0.98, 1.02, 1.2], [0, 0.4, Double.pi / 4, 2])
    func `a box sticks below its friction angle and slides above it`(share: Double, heading: Double) throws {
        let friction = 0.5
        let angle = share * atan(friction)
        var scene = try Self.boxScene(friction: friction)
        // The slope is gravity that leans: so it falls in any heading.
        scene.physics.gravity = .init(
            9.81 * sin(angle) * cos(heading), 9.81 * sin(angle) * sin(heading), -9.81 * cos(angle))
        let driver = try Driver(scene)
        try driver.reset()
        for _ in 0..<100 { try driver.step([0]) }
        let start = driver.environment.reading
        for _ in 0..<100 { try driver.step([0]) }
        let end = driver.environment.reading
        let velocity = end.linearVelocity(ofLink: 0)
        let moved = end.position(ofLink: 0) - start.position(ofLink: 0)
        if share < 1 {
            #expect(moved.length < 1e-6)
        } else {
            let speed = hypot(velocity.x, velocity.y)
            let acceleration = 9.81 * (sin(angle) - friction * cos(angle))
            let time = driver.environment.time
            #expect(abs(speed / (time * acceleration) - 1) < 1e-3)
            #expect(abs(atan2(velocity.y, velocity.x) - heading) < 1e-3)
        }
    }

    @Test(arguments: [0.95, 1.05])
    func `a slope of the scene is as steep as it says`(share: Double) throws {
        let friction = 0.5
        let slope = share * atan(friction)
        var scene = try Self.boxScene(friction: friction)
        scene.ground?.slope = slope
        scene.start.base.orientation = Quaternion(angle: -slope, about: .init(0, 1, 0))
        scene.start.base.position = .init(-0.1 * sin(slope), 0, 0.1 * cos(slope))
        let driver = try Driver(scene)
        try driver.reset()
        for _ in 0..<200 { try driver.step([0]) }
        let velocity = driver.environment.reading.linearVelocity(ofLink: 0)
        let expected = share < 1 ? 0 : -2 * 9.81 * (sin(slope) - friction * cos(slope))
        #expect(abs(velocity.x - expected * cos(slope)) < 5e-3)
        #expect(abs(velocity.z - expected * sin(slope)) < 5e-3)
    }

    @Test(arguments: [0.6, 1.5])
    func `a friction drawn for the episode scales that of the scene once`(factor: Double) throws {
        let (friction, slope) = (0.5, atan(0.5))
        var scene = try Self.boxScene(friction: friction)
        scene.randomisation.friction = factor...factor
        scene.physics.gravity = .init(9.81 * sin(slope), 0, -9.81 * cos(slope))
        let driver = try Driver(scene)
        try driver.reset()
        for _ in 0..<100 { try driver.step([0]) }
        let speed = driver.environment.reading.linearVelocity(ofLink: 0).x
        let expected = max(0, 9.81 * (sin(slope) - factor * friction * cos(slope)))
        #expect(abs(speed - expected) < 2e-3, "\(speed) m/s after a second, \(expected) expected")
    }

    /// A box of 0.4 x 0.3 x 0.2 m and 3 kg that lies on the ground; a scene needs a motor, so there is a wheel in it.
    private static func boxScene(friction: Double) throws -> Scene {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("box-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let robot = """
            <robot name="box">
              <link name="box">
                <inertial><mass value="2"/><inertia ixx="0.0217" iyy="0.0333" izz="0.0417" ixy="0" ixz="0" iyz="0"/></inertial>
                <collision><geometry><box size="0.4 0.3 0.2"/></geometry></collision>
              </link>
              <link name="wheel">
                <inertial><mass value="1"/><inertia ixx="0.003" iyy="0.003" izz="0.005" ixy="0" ixz="0" iyz="0"/></inertial>
              </link>
              <joint name="wheel" type="continuous">
                <parent link="box"/><child link="wheel"/><axis xyz="0 0 1"/><dynamics damping="0.1"/>
              </joint>
            </robot>
            """
        try Data(robot.utf8).write(to: folder.appendingPathComponent("box.urdf"))
        let scene = """
            format: 1
            summary: A box on a slope.
            robot: box.urdf
            base: floating
            physics: {time_step: 0.002, substeps: 5}
            ground: {friction: \(friction)}
            contacts: {friction: {box: \(friction)}}
            actuators: [{joints: [wheel], kind: torque, gear: 1}]
            start: {position: [0, 0, 0.1]}
            episode: {steps: 1000}
            observation: [{term: base_position}]
            reward: [{term: alive, weight: 1}]
            """
        return try Scene(yaml: scene, file: folder.appendingPathComponent("box.yaml").path)
    }
}

extension SimulatedEnvironment {
    /// Seconds of the episode that runs.
    var time: Double { Double(episodeStep) * timing.controlPeriod }
}

extension WorldReading {
    /// The largest speed of anything: links in m/s and rad/s, joints in rad/s or m/s.
    var fastest: Double {
        (linkLinearVelocities + linkAngularVelocities + jointVelocities).map(abs).max() ?? 0
    }
}
