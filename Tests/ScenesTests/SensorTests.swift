// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// Sensors, by closed forms: what they see is known from where the robot was put.
struct SensorTests {
    func scene(_ observation: String, surroundings: String = "ground: {friction: 1}") throws -> Scene {
        let yaml = """
            format: 1
            summary: Test.
            robot: quadruped.urdf
            base: floating
            physics: {time_step: 0.005, substeps: 4, solver: articulated}
            \(surroundings)
            actuators:
              - {joints: [FL_hip, FR_hip, RL_hip, RR_hip], kind: position, kp: 40, kd: 1, offset: 0, scale: 0.25, armature: 0.01}
              - {joints: [FL_thigh, FR_thigh, RL_thigh, RR_thigh], kind: position, kp: 40, kd: 1, offset: 0.8, scale: 0.25, armature: 0.01}
              - {joints: [FL_calf, FR_calf, RL_calf, RR_calf], kind: position, kp: 40, kd: 1, offset: -1.6, scale: 0.25, armature: 0.01}
            start: {position: [0, 0, 0.29], joints: {FL_thigh: 0.75, FR_thigh: 0.75, RL_thigh: 0.78, RR_thigh: 0.78, FL_calf: -1.7, FR_calf: -1.7, RL_calf: -1.75, RR_calf: -1.75}}
            episode: {steps: 1000}
            observation: [\(observation)]
            reward: [{term: alive, weight: 1}]
            """
        return try Scene(yaml: yaml, file: "s.yaml", catalog: ShippedScenes.catalog)
    }

    /// The robot somewhere, at rest, seen again by a restored state: nothing has moved.
    func look(_ driver: Driver, _ position: Vector3, _ turn: Quaternion = .identity) throws
        -> [Double]
    {
        var scene = driver.scene
        scene.start.base = Pose(position: position, orientation: turn)
        let there = try Driver(scene)
        try there.reset()
        return there.observation.map(Double.init)
    }

    private let tilted =
        Quaternion(angle: 0.7, about: .init(0, 0, 1)) * Quaternion(angle: 0.3, about: .init(1, 0, 0))

    // ---- Inertial sensors

    @Test func `an accelerometer shows gravity at rest, and nothing in free fall`() throws {
        let driver = try Driver(scene("{term: imu_lin_acc, link: trunk}, {term: imu_ang_vel, link: trunk}"))
        // At the start it counts as at rest, in its own axes.
        let felt = try look(driver, Vector3(0, 0, 3), tilted)
        let up = tilted.inverse.rotate(Vector3(0, 0, 9.81))
        for (value, expected) in zip(felt, [up.x, up.y, up.z, 0, 0, 0]) {
            #expect(abs(value - expected) < 1e-5)
        }
        // Standing.
        try driver.reset()
        for _ in 0..<200 { try driver.step(all: 0) }
        let gravity = driver.environment.linkPoses[0].orientation.inverse.rotate(Vector3(0, 0, 9.81))
        for (value, expected) in zip(driver.observation, gravity.components) {
            #expect(abs(Double(value) - expected) < 0.02)
        }
        // Falling, its legs held by their servos: the trunk moves against their centre by little.
        try driver.environment.place(
            base: BaseState(
                position: Vector3(0, 0, 50), orientation: tilted, linearVelocity: Vector3(1, 2, 3),
                angularVelocity: .zero),
            positions: driver.environment.reading.jointPositions,
            velocities: driver.scene.robot.joints.map { _ in 0 })
        for _ in 0..<40 { try driver.step(all: 0) }
        for value in driver.observation.prefix(3) { #expect(abs(value) < 0.05) }
    }

    @Test func `a gyroscope turns with its link`() throws {
        let driver = try Driver(scene("{term: imu_ang_vel, link: trunk}"))
        var still = driver.scene
        still.physics.gravity = .zero
        let free = try Driver(still)
        try free.reset()
        // About its own x axis, whatever way it points.
        try free.environment.place(
            base: BaseState(
                position: Vector3(0, 0, 5), orientation: tilted, linearVelocity: .zero,
                angularVelocity: tilted.rotate(Vector3(1e-3, 2e-3, -3e-3))),
            positions: still.start.joints, velocities: still.start.joints.map { _ in 0 })
        try free.step(all: 0)
        let now = free.environment.linkPoses[0].orientation.inverse
        let rate = now.rotate(free.environment.reading.angularVelocity(ofLink: 0))
        for (value, expected) in zip(free.observation, rate.components) {
            #expect(abs(Double(value) - expected) < 1e-7)
        }
        #expect(rate.length > 1e-3)
    }

    // ---- What sees the ground

    @Test func `a height scan over a slope turns with the yaw alone`() throws {
        let driver = try Driver(
            scene(
                "{term: height_scan, size: [1, 0.6], resolution: 0.2, offset: 0.1}",
                surroundings: "ground: {friction: 1, slope: 0.2}"))
        let turn =
            Quaternion(angle: 0.7, about: .init(0, 0, 1)) * Quaternion(angle: 0.2, about: .init(0, 1, 0))
        let seen = try look(driver, Vector3(0.4, -0.3, 1), turn)
        #expect(seen.count == 24)
        for row in 0..<6 {
            for column in 0..<4 {
                let (x, y) = (0.2 * (Double(row) - 2.5), 0.2 * (Double(column) - 1.5))
                let east = 0.4 + 0.7648421872844885 * x - 0.644217687237691 * y  // cos and sin of 0.7
                let expected = 1 - 0.2027100355086725 * east - 0.1  // tan of 0.2
                #expect(abs(seen[4 * row + column] - expected) < 1e-5)
            }
        }
    }

    @Test func `a height scan sees terrain and obstacles, and 100 m of nothing`() throws {
        let driver = try Driver(
            scene(
                "{term: height_scan, size: [0, 2], resolution: 1}",
                surroundings: """
                    terrain: {kinds: [{kind: slope, height: 0.6}], size: 4, cell: 0.05, flat: 0.5}
                    obstacles: [{size: [0.2, 0.2, 0.2], position: [0, 1, 1]}]
                    """))
        // Over the middle, 0.6 m high; to the right 1 m from it, to the left the box's top at 1.1 m.
        let seen = try look(driver, Vector3(0, 0, 2))
        for (value, expected) in zip(seen, [2 + 0.6 - 0.4, 2.0, 2 + 0.6 - 1.1]) {
            #expect(abs(value - expected) < 1e-5, "\(seen)")
        }
        let empty = try Driver(scene("{term: height_scan, size: [0, 0]}", surroundings: ""))
        #expect(try look(empty, Vector3(0, 0, 2)) == [100])
    }

    @Test func `rays meet walls and ground at their distance, up to their range`() throws {
        let walls =
            "obstacles: [{size: [0.2, 20, 20], position: [3.1, 0, 0]}, {size: [20, 0.2, 20], position: [0, 4.1, 0]}]"
        let around = try Driver(
            scene("{term: ray_distances, link: trunk, rays: 4, range: 10}", surroundings: walls))
        // All around, from behind: -x, -y, +x, +y.
        for (value, expected) in zip(try look(around, Vector3(0, 0, 2)), [10, 10, 3, 4.0]) {
            #expect(abs(value - expected) < 1e-5)
        }
        // Turned a quarter, its x axis is the world's y.
        let quarter = Quaternion(angle: .pi / 2, about: .init(0, 0, 1))
        for (value, expected) in zip(try look(around, Vector3(0, 0, 2), quarter), [10, 3, 4, 10.0]) {
            #expect(abs(value - expected) < 1e-5)
        }
        let down = try Driver(
            scene("{term: ray_distances, link: trunk, rays: 3, fov: 1, elevation: -0.5235987755982988}"))
        for value in try look(down, Vector3(0, 0, 2)) { #expect(abs(value - 4) < 1e-5) }
    }

    // ---- Histories, delays, biases

    @Test func `a history gives the steps before, the newest first, and at first the start's`() throws {
        let plain = try Driver(scene("{term: joint_positions}"))
        let driver = try Driver(
            scene("{term: joint_positions, history: 3}, {term: base_position, axes: [z]}"))
        let names = driver.environment.observationSpace.elements.map(\.name)
        #expect(names.count == 37)
        #expect(names[0] == "joint_positions.FL_hip" && names[12] == "joint_positions.FL_hip.t-1")
        #expect(names[24] == "joint_positions.FL_hip.t-2" && names[36] == "base_position.z")
        var random = RandomStream(seed: 3, name: "actions")
        var again = random
        try plain.reset()
        try driver.reset()
        var seen = Array(repeating: plain.observation, count: 3)
        for _ in 0..<20 {
            #expect(Array(driver.observation.prefix(36)) == seen[0] + seen[1] + seen[2])
            try plain.step(using: &random)
            try driver.step(using: &again)
            seen = [plain.observation, seen[0], seen[1]]
        }
    }

    @Test func `a delay is of as many steps, drawn for each episode`() throws {
        let plain = try Driver(scene("{term: joint_positions}"))
        let driver = try Driver(scene("{term: joint_positions, delay: [0, 3], history: 2}"))
        var random = RandomStream(seed: 3, name: "actions")
        var delays: Set<Int> = []
        for episode in 0..<20 {
            var again = random
            try plain.reset()
            try driver.reset()
            var seen = Array(repeating: plain.observation, count: 6)
            for _ in 0..<8 {
                try plain.step(using: &random)
                try driver.step(using: &again)
                seen = [plain.observation] + seen.dropLast()
            }
            let delay = (0...3).first { Array(driver.observation) == seen[$0] + seen[$0 + 1] }
            delays.insert(try #require(delay, "episode \(episode)"))
        }
        #expect(delays == [0, 1, 2, 3])
    }

    @Test func `a bias stays for an episode, under the scale`() throws {
        let driver = try Driver(
            scene("{term: imu_lin_acc, link: trunk, bias: {uniform: 0.5}, scale: 2}"))
        let plain = try Driver(scene("{term: imu_lin_acc, link: trunk}"))
        var first: [Float] = []
        for episode in 0..<5 {
            try driver.reset()
            try plain.reset()
            let bias = zip(driver.observation, plain.observation).map { $0 / 2 - $1 }
            #expect(bias.allSatisfy { abs($0) <= 0.5 && $0 != 0 })
            #expect(episode == 0 || bias != first)
            first = bias
            for _ in 0..<5 {
                try driver.step(all: 0.1)
                try plain.step(all: 0.1)
                for (index, value) in bias.enumerated() {
                    #expect(abs(driver.observation[index] / 2 - plain.observation[index] - value) < 1e-4)
                }
            }
        }
    }

    @Test func `histories, delays and biases go on from a restored state, bit for bit`() throws {
        let scene = try scene(
            "{term: joint_positions, history: 4, delay: [0, 2], noise: {normal: 0.1}}, {term: imu_ang_vel, link: trunk, bias: {normal: 0.1}}, {term: imu_lin_acc, link: trunk, history: 2}"
        )
        let (one, other) = (try Driver(scene, seed: 5), try Driver(scene, seed: 6))
        var random = RandomStream(seed: 7, name: "actions")
        try one.reset()
        try other.reset()
        for _ in 0..<9 { try one.step(using: &random) }
        let state = try one.environment.saveState()
        try other.environment.restoreState(state)
        #expect(try other.environment.saveState() == state)
        var again = random
        for _ in 0..<30 {
            try one.step(using: &random)
            try other.step(using: &again)
            #expect(one.observation == other.observation)
        }
        try one.reset()
        try other.reset()
        #expect(one.observation == other.observation)
    }
}
