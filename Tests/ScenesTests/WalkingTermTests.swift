// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// The terms of walking by closed forms, where the robot is put into a state that is known.
struct WalkingTermTests {
    /// What a forward speed earns on the ramp: half at rest, all from the commanded speed to twice it, nothing at the same speed back.
    @Test(arguments: [
        (0.5, 0.0, 0.5), (0.5, 0.25, 0.75), (0.5, 0.5, 1), (0.5, 0.8, 1), (0.5, 1, 1), (0.5, 1.5, 0.5),
        (0.5, 2.5, 0), (0.5, -0.25, 0.25), (0.5, -0.5, 0), (0.5, -2, 0), (-0.4, 0, 0.5), (-0.4, -0.4, 1),
        (-0.4, 0.2, 0.25), (-0.4, -1.2, 0.5), (0, 0, 1), (0, 0.1, 0.5), (0, -0.1, 0.5), (0.05, 0.05, 1),
        (0.05, 0, 0.75),
    ])
    func `the ramp of the forward speed`(command: Double, speed: Double, reward: Double) throws {
        let (driver, term) = try Self.driver("{term: track_lin_vel_x_ramp, weight: 1}") { scene in
            scene.commands?.linearVelocityX = command...command
            scene.commands?.standingFraction = 0
        }
        for pitch in [0, 0.6] {
            // Along its own axis it is faster, where the axis points down.
            try driver.place(yaw: 0.7, pitch: pitch, forward: speed / cos(pitch))
            let value = try driver.value(of: term)
            #expect(abs(value - reward) < 1e-9, "pitch \(pitch)")
        }
    }

    @Test func `a pose costs by the joints' distances from the start`() throws {
        let texts = [
            "{term: pose, std: 0.3, weight: 1}",
            "{term: pose, joints: [FL_calf, RR_hip], std: 0.3, weight: 1}",
            "{term: joint_deviation_l2, weight: 1}",
            "{term: joint_deviation_l2, joints: [RR_hip], weight: 1}",
        ]
        let robot = try ShippedScenes.load("everything").robot
        let (calf, hip) = (
            try #require(robot.joint(named: "FL_calf")), try #require(robot.joint(named: "RR_hip"))
        )
        let expected = [
            exp(-(0.2 * 0.2 + 0.1 * 0.1) / 12 / 0.09), exp(-(0.2 * 0.2 + 0.1 * 0.1) / 2 / 0.09),
            0.2 * 0.2 + 0.1 * 0.1, 0.1 * 0.1,
        ]
        for (text, value) in zip(texts, expected) {
            let (driver, term) = try Self.driver(text)
            try driver.place(joints: [:])
            #expect(abs(try driver.value(of: term) - (text.contains("pose") ? 1 : 0)) < 1e-12, "\(text)")
            try driver.place(joints: [calf: -0.2, hip: 0.1])
            #expect(abs(try driver.value(of: term) - value) < 1e-12, "\(text)")
        }
    }

    @Test(arguments: [
        (0.0, 0.0, true), (0.0, 0.05, true), (0.08, 0.0, true), (0.0, 0.5, false), (0.3, 0.0, false),
    ])
    func `who is told to stand is to stand still`(speed: Double, turn: Double, isStanding: Bool) throws {
        let (driver, term) = try Self.driver("{term: stand_still, weight: 1}") { scene in
            scene.commands?.linearVelocityX = speed...speed
            scene.commands?.linearVelocityY = 0...0
            scene.commands?.angularVelocityZ = turn...turn
        }
        try driver.place(joints: [0: 0.2, 4: -0.1])
        #expect(abs(try driver.value(of: term) - (isStanding ? 0.3 : 0)) < 1e-12)
    }

    @Test func `feet have a height to swing at, the more the faster they are`() throws {
        let feet = "links: [FL_foot, FR_foot, RL_foot, RR_foot]"
        let (driver, term) = try Self.driver("{term: foot_clearance, \(feet), height: 0.31, weight: 1}")
        // Thigh and calf are 0.2 m long each and turn about y.
        let start = driver.scene.start.joints
        let height = { (leg: Int) in
            0.6 - 0.2 * cos(start[3 * leg + 1]) - 0.2 * cos(start[3 * leg + 1] + start[3 * leg + 2])
        }
        try driver.place(velocity: Vector3(0.3, -0.4, 0.7))
        let expected = (0..<4).reduce(0.0) { $0 + 0.5 * abs(height($1) - 0.31) }
        #expect(expected > 0.02)
        #expect(abs(try driver.value(of: term) - expected) < 1e-9)
        try driver.place(velocity: Vector3(0, 0, 2))
        #expect(abs(try driver.value(of: term)) < 1e-9)
    }

    @Test func `joints mirror others, turned the same way or opposed`() throws {
        let pairs = "joints: [FL_hip, FL_calf], mirrored: [RR_hip, RR_calf]"
        for (opposed, squares) in [(false, [0.3 * 0.3, 0.1 * 0.1]), (true, [0.1 * 0.1, 0.5 * 0.5])] {
            let (driver, term) = try Self.driver(
                "{term: joint_mirror, \(pairs), opposed: \(opposed), weight: 1}")
            let robot = driver.scene.robot
            let joints = try ["FL_hip", "RR_hip", "FL_calf", "RR_calf"].map {
                try #require(robot.joint(named: $0))
            }
            try driver.place(joints: [joints[0]: 0.1, joints[1]: -0.2, joints[2]: -0.2, joints[3]: -0.3])
            #expect(abs(try driver.value(of: term) - (squares[0] + squares[1]) / 2) < 1e-12, "\(opposed)")
        }
    }

    @Test(arguments: [
        ("{term: joint_mirror, joints: [FL_hip, FR_hip], mirrored: [RL_hip], weight: 1}", "mirrored"),
        ("{term: feet_gait, links: [FL_foot, FR_foot], period: 1, offsets: [0], weight: 1}", "offsets"),
    ])
    func `lists that belong together are as long as each other`(text: String, key: String) throws {
        let robot = try ShippedScenes.load("everything").robot
        let findings = Findings(file: "s.yaml")
        let setting = try Setting(yaml: Array(text.utf8), file: "s.yaml")
        _ = RewardEntry.format.decode(setting, Decoder(findings: findings, context: robot))
        let errors = findings.diagnostics.filter { $0.severity == .error }
        #expect(
            errors.count == 1 && errors[0].path.hasSuffix(key) && errors[0].message.contains("there are 1"))
    }

    @Test func `power counts whether it drives or brakes`() throws {
        let (driver, term) = try Self.driver("{term: energy, weight: 1}", of: "pendulum")
        for (velocity, action) in [(3.0, Float(1)), (-3, 1), (-3, -0.5), (0, 0.25)] {
            try driver.reset()
            try driver.environment.place(positions: [0.3], velocities: [velocity])
            try driver.step([action])
            let speed = driver.environment.reading.jointVelocities[0]
            #expect(abs(try driver.value(of: term) - abs(2 * Double(action) * speed)) < 1e-12)
        }
        // Servos: what their drives gave.
        let (servos, power) = try Self.driver("{term: energy, joints: [FL_calf, RR_hip], weight: 1}")
        try servos.reset()
        for _ in 0..<5 { try servos.step(all: 0.6) }
        let reading = servos.environment.reading
        let joints = try ["FL_calf", "RR_hip"].map { try #require(servos.scene.robot.joint(named: $0)) }
        let expected = joints.reduce(0.0) { $0 + abs(reading.jointEfforts[$1] * reading.jointVelocities[$1]) }
        #expect(expected > 0.01)
        #expect(abs(try servos.value(of: power) - expected) < 1e-9)
    }

    @Test func `the clock starts with the episode and turns once in its period`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        let text = "{term: gait_phase, period: 0.5}"
        scene.observation = [try Self.read(ObservationEntry.format, text, scene)]
        let driver = try Driver(scene)
        for _ in 0..<2 {
            try driver.reset()
            for step in 0...60 {
                let angle = 2 * Double.pi * 0.02 * Double(step) / 0.5
                #expect(abs(Double(driver.observation[0]) - sin(angle)) < 1e-6, "step \(step)")
                #expect(abs(Double(driver.observation[1]) - cos(angle)) < 1e-6, "step \(step)")
                try driver.step(all: 0)
            }
        }
    }

    // MARK: A robot in a known state

    /// An environment of a scene without chance and pushes, and a reward term that is asked by hand.
    static func driver(
        _ text: String, of name: String = "everything", _ change: (inout Scene) -> Void = { _ in }
    ) throws -> (Driver, RewardEntry) {
        var scene = try ShippedScenes.load(name).withoutChance
        change(&scene)
        let driver = try Driver(scene)
        try driver.reset()
        return (driver, try read(RewardEntry.format, text, scene))
    }

    static func read<Entry>(_ format: Format<Entry>, _ text: String, _ scene: Scene) throws -> Entry {
        let findings = Findings(file: "term.yaml")
        let setting = try Setting(yaml: Array(text.utf8), file: "term.yaml")
        let entry = format.decode(setting, Decoder(findings: findings, context: scene.robot))
        try findings.throwErrors()
        return try #require(entry)
    }
}

extension Driver {
    /// What a term that remembers nothing says of the present state.
    func value(of entry: RewardEntry) throws -> Double {
        var memory = Array(repeating: 0.0, count: entry.term.memorySize(in: scene))
        return try entry.term.value(environment.state, memory: &memory)
    }

    /// Puts the robot into the air, its joints at the start but for what is added to some of them.
    func place(
        yaw: Double = 0, pitch: Double = 0, forward: Double = 0, velocity: Vector3 = .zero,
        joints: [Int: Double] = [:]
    ) throws {
        let turn =
            Quaternion(angle: yaw, about: .init(0, 0, 1)) * Quaternion(angle: pitch, about: .init(0, 1, 0))
        let positions = scene.start.joints.enumerated().map { $1 + (joints[$0] ?? 0) }
        try environment.place(
            base: BaseState(
                position: Vector3(0, 0, 0.6), orientation: turn,
                linearVelocity: velocity + turn.rotate(Vector3(forward, 0, 0)), angularVelocity: .zero),
            positions: positions, velocities: positions.map { _ in 0 })
    }
}
