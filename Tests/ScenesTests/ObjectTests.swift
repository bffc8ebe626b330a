// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Objects: what terms tell of them, how they start, and that they are part of the state.
struct ObjectTests {
    /// A robot on legs with objects beside it.
    static func scene(
        _ objects: String, observation: String = "{term: base_velocity}",
        reward: String = "{term: alive, weight: 1}",
        more: String = "", solver: Solver = .articulated
    ) throws -> Scene {
        let yaml = """
            format: 1
            summary: Test.
            robot: quadruped.urdf
            base: floating
            physics: {time_step: 0.005, substeps: 4, solver: \(solver.rawValue)}
            ground: {friction: 1}
            objects: [\(objects)]
            actuators:
              - {joints: [FL_hip, FR_hip, RL_hip, RR_hip], kind: position, kp: 40, kd: 1, offset: 0, scale: 0.25, armature: 0.01}
              - {joints: [FL_thigh, FR_thigh, RL_thigh, RR_thigh], kind: position, kp: 40, kd: 1, offset: 0.8, scale: 0.25, armature: 0.01}
              - {joints: [FL_calf, FR_calf, RL_calf, RR_calf], kind: position, kp: 40, kd: 1, offset: -1.6, scale: 0.25, armature: 0.01}
            start: {position: [0, 0, 0.29], joints: {FL_thigh: 0.75, FR_thigh: 0.75, RL_thigh: 0.78, RR_thigh: 0.78, FL_calf: -1.7, FR_calf: -1.7, RL_calf: -1.75, RR_calf: -1.75}}
            episode: {steps: 1000}
            target: {point: [2, 0, 0]}
            observation: [\(observation)]
            reward: [\(reward)]
            \(more)
            """
        return try Scene(yaml: yaml, file: "s.yaml", catalog: ShippedScenes.catalog)
    }

    private let ball = "{name: ball, sphere: 0.1, mass: 0.4, position: [1, 0.5, 0.6]}"

    @Test(arguments: [Solver.ode, .articulated])
    func `a ball falls, is touched by the ground and lies there`(solver: Solver) throws {
        let scene = try Self.scene(
            ball,
            observation:
                "{term: object_position, object: ball}, {term: object_velocity, object: ball}, {term: contact, links: [ball]}",
            solver: solver)
        let driver = try Driver(scene)
        try driver.reset()
        #expect(driver.observation == [1, 0.5, 0.6, 0, 0, 0, 0])
        for _ in 0..<10 { try driver.step(all: 0) }
        // 0.2 s of free fall, by either rule of integration.
        #expect(abs(driver.observation[2] - (0.6 - 0.5 * 9.81 * 0.04)) < 0.006)
        #expect(abs(driver.observation[5] + 9.81 * 0.2) < 1e-4 && driver.observation[6] == 0)
        for _ in 0..<100 { try driver.step(all: 0) }
        #expect(abs(driver.observation[2] - 0.1) < 1e-3 && abs(driver.observation[5]) < 1e-3)
        #expect(driver.observation[6] == 1)
        #expect(abs(driver.observation[0] - 1) < 1e-4 && abs(driver.observation[1] - 0.5) < 1e-4)
    }

    @Test func `terms tell of an object in the world, from the base and from a link`() throws {
        var scene = try Self.scene(
            "{name: box, box: [0.1, 0.2, 0.3], position: [1, 0.5, 0.15], rpy: [0, 0, 0.4]}",
            observation:
                "{term: object_position, object: box, frame: base}, {term: object_position, object: box, from: FL_foot}, {term: object_orientation, object: box, frame: base, axes: [x, z]}, {term: object_orientation, object: box, axes: [y], along: [x]}, {term: target_offset, link: box}, {term: object_velocity, object: box, frame: base}, {term: object_angular_velocity, object: box, frame: base, axes: [z]}",
            reward: "{term: object_distance, object: box, link: FL_foot, weight: 1}")
        let turn = Quaternion(angle: 0.9, about: Vector3(0, 0, 1))
        scene.start.base = Pose(position: Vector3(0.2, -0.1, 0.29), orientation: turn)
        scene.objects[0].reset.linearVelocity = .uniform(low: 0.5, high: 0.5)
        scene.objects[0].reset.angularVelocity = .uniform(low: 2, high: 2)
        let driver = try Driver(scene)
        try driver.reset()
        let foot = try #require(scene.robot.frame(named: "FL_foot"))
        let footPlace = (driver.environment.linkPoses[foot.link] * foot.pose).position
        let box = Vector3(1, 0.5, 0.15)
        let fromBase = turn.inverse.rotate(box - scene.start.base.position)
        let boxTurn = Quaternion(angle: 0.4, about: Vector3(0, 0, 1))
        let own = turn.inverse.rotate(boxTurn.rotate(Vector3(1, 0, 0)))
        let velocity = turn.inverse.rotate(Vector3(0.5, 0.5, 0.5))
        let expected: [Double] =
            fromBase.components + (box - footPlace).components + own.components + [0, 0, 1]
            + [boxTurn.rotate(Vector3(0, 1, 0)).x] + (box - Vector3(2, 0, 0)).components + velocity.components
            + [2]
        #expect(driver.observation.count == expected.count)
        for (seen, expected) in zip(driver.observation, expected) {
            #expect(abs(Double(seen) - expected) < 1e-6)
        }
        try driver.step(all: 0)
        let poses = driver.environment.linkPoses
        let distance = ((poses[foot.link] * foot.pose).position - poses[scene.robot.links.count].position)
            .length
        #expect(abs(driver.last.reward - distance) < 1e-12)
        let names = scene.observationElements.map(\.name)
        #expect(
            names.contains("object_position.box.from.FL_foot.z")
                && names.contains("object_orientation.box.z.y"))
    }

    @Test(arguments: [Solver.ode, .articulated])
    func `a restored state goes on to the same bits`(solver: Solver) throws {
        let scene = try Self.scene(
            ball + ", {name: box, box: [0.1, 0.2, 0.3], position: [1.08, 0.5, 0.15]}",
            observation: "{term: object_position, object: ball}, {term: object_position, object: box}",
            solver: solver)
        let (driver, other) = (try Driver(scene), try Driver(scene, seed: 9))
        try driver.reset()
        for _ in 0..<15 { try driver.step(all: 0.2) }
        let state = try driver.environment.saveState()
        var first: [[Float]] = []
        for _ in 0..<30 {
            try driver.step(all: -0.1)
            first.append(driver.observation)
        }
        // The ball has hit the box's edge.
        #expect(abs(first[29][0] - 1) > 1e-3)
        try other.reset()
        for driver in [driver, other] {
            try driver.environment.restoreState(state)
            for seen in first {
                try driver.step(all: -0.1)
                #expect(driver.observation == seen)
            }
        }
    }

    @Test func `starts are drawn within their noise, the same for the same seed`() throws {
        let scene = try Self.scene(
            "{name: box, box: [0.1, 0.2, 0.3], position: [1, 0.5, 0.2], reset: {position: {uniform: 0.3}, height: {uniform: [0, 0.1]}, yaw: {uniform: 3}}}",
            observation: "{term: object_position, object: box}, {term: object_orientation, object: box}")
        let (driver, twin) = (try Driver(scene, seed: 4), try Driver(scene, seed: 4))
        var (low, high) = (driver.observation, driver.observation)
        for episode in 0..<50 {
            try driver.reset()
            try twin.reset()
            #expect(driver.observation == twin.observation)
            if episode == 0 { (low, high) = (driver.observation, driver.observation) }
            low = zip(low, driver.observation).map(min)
            high = zip(high, driver.observation).map(max)
        }
        for (index, range) in [(0.7, 1.3), (0.2, 0.8), (0.2, 0.3)].enumerated() {
            #expect(Double(low[index]) >= range.0 - 1e-6 && Double(high[index]) <= range.1 + 1e-6)
            #expect(Double(high[index] - low[index]) > 0.7 * (range.1 - range.0))
        }
        #expect(low[3] < -0.9 && high[3] > 0.9)
    }

    @Test func `a push changes the base's velocity and leaves objects alone`() throws {
        let scene = try Self.scene(
            ball, observation: "{term: object_position, object: ball}, {term: base_velocity}",
            more: "randomise: {push: {every: 0.06, speed: 2}}")
        let calm = try Self.scene(
            ball, observation: "{term: object_position, object: ball}, {term: base_velocity}")
        let (driver, still) = (try Driver(scene), try Driver(calm))
        try driver.reset()
        try still.reset()
        for _ in 0..<60 {
            try driver.step(all: 0)
            try still.step(all: 0)
            for index in 0..<3 { #expect(abs(driver.observation[index] - still.observation[index]) < 1e-5) }
        }
        #expect(abs(driver.observation[3] - still.observation[3]) > 0.01)
    }

    @Test func `a laser sees an object, and it wears its colour in a film`() throws {
        let scene = try Self.scene(
            "{name: box, box: [0.2, 0.2, 1], position: [1.1, 0, 0.5], colour: [0.1, 0.2, 0.3]}",
            observation: "{term: ray_distances, link: trunk, rays: 1, range: 5}")
        let driver = try Driver(scene)
        try driver.reset()
        #expect(abs(driver.observation[0] - 1) < 1e-5)
        let film = EpisodeScene(scene)
        let part = try #require(film.parts.last)
        let link = try #require(film.links.last)
        #expect(link.name == "box" && link.parent == nil)
        #expect(part.link == film.links.count - 1 && part.colour == SIMD4(0.1, 0.2, 0.3, 1))
        let frame = driver.environment.frame(reward: 0)
        #expect(frame.links.count == film.links.count)
        #expect(frame.links.last?.position == Vector3(1.1, 0, 0.5))
        for _ in 0..<5 { try driver.step(all: 0) }
        let contacts = driver.environment.frame(reward: 0).contacts
        #expect(contacts.contains { $0.link == film.links.count - 1 && $0.other == nil })
    }

    @Test func `a task about an object knows how far it is from its targets`() throws {
        let scene = try Scene.load(named: "push-box", in: ShippedScenes.catalog)
        let trial = try #require(TargetTrial(of: scene))
        #expect(trial.link == "box" && trial.outOfReach == 0 && !trial.isPoint)
        #expect(trial.farthest > 0.2 && trial.farthest <= 0.25 + 1e-9)
    }
}
