// SPDX-License-Identifier: MIT

import Environments
import Export
import Policies
import Robots
import Scenes
import Testing

/// What a policy's numbers command: in training, and by what leaves for the robot.
struct CommandTests {
    /// An environment of a hopper's foot with this actuator, which sees its own effort.
    static func foot(_ actuator: String) throws -> Driver {
        let text = SceneMeaningTests.scene([
            "actuators": "[{joints: [foot], \(actuator)}]",
            "observation": "[{term: joint_efforts, joints: [foot]}]",
        ])
        return try Driver(Scene(yaml: text, file: "s.yaml", catalog: ShippedScenes.catalog))
    }

    /// An actuator with the ends of what it commands.
    static let efforts: [(String, Double, Double)] = [
        ("kind: torque, gear: 150", -150, 150),
        ("kind: torque, gear: -400", -200, 200),
        ("kind: torque, gear: 40, effort_limit: 10", -10, 10),
        ("kind: torque, gear: 4, offset: 4", 0, 8),
        ("kind: torque, gear: 40, offset: 5, effort_limit: 10", -10, 10),
        ("kind: torque, gear: 8, range: [0, 7.5]", 0, 7.5),
        ("kind: torque, gear: 20, offset: 3, range: [-1, 90], effort_limit: 10", -1, 10),
    ]

    @Test(arguments: efforts)
    func `the joint gets the command that the contract's numbers give`(
        actuator: String, low: Double, high: Double
    ) throws {
        let driver = try Self.foot(actuator)
        let described = driver.environment.actuators[0]
        #expect((described.low, described.high) == (low, high))
        for action in [-1, -0.7, -0.2, 0, 0.1, 0.35, 1] as [Float] {
            try driver.reset()
            try driver.step([action])
            let wished = described.offset + described.scale * Double(action)
            #expect(driver.observation[0] == Float(min(max(wished, low), high)), "\(action)")
        }
    }

    @Test func `a servo's target is cut off to its range, and its joint's limits are told`() throws {
        let servo = "kind: position, kp: 20, kd: 1, scale: 3, effort_limit: 9, velocity_limit: 7"
        let actuator = try Self.foot("\(servo), range: [-0.1, 0.4]").environment.actuators[0]
        #expect(
            (actuator.low, actuator.high, actuator.effortLimit, actuator.velocityLimit) == (-0.1, 0.4, 9, 7))
        let joint = try #require(try ShippedScenes.load("hopper").robot.joints.first { $0.name == "foot" })
        #expect(actuator.lower == joint.lower && actuator.upper == joint.upper && actuator.upper != nil)
        // Beyond the range every action is the same.
        let (wide, cut) = (try Self.foot(servo), try Self.foot("\(servo), range: [-0.1, 0.4]"))
        for driver in [wide, cut] { try driver.reset() }
        try wide.step([0.4 / 3])
        try cut.step([1])
        #expect(abs(wide.observation[0] - cut.observation[0]) < 1e-5)
    }

    /// A policy of random weights for a scene.
    static func policy(_ scene: Scene, gain: Double) throws -> PolicyFile {
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 0, .environment))
        var random = RandomStream(seed: 5, name: scene.name)
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.uniform(-gain, gain)) } }
        let (inputs, outputs) = (environment.observationSpace.count, environment.actuators.count)
        let layers = [
            DenseLayer(weight: numbers(16 * inputs), bias: numbers(16)),
            DenseLayer(weight: numbers(16 * outputs), bias: numbers(outputs)),
        ]
        let contract = Contract(
            scene: scene.name, robot: scene.robot.name, versions: [:],
            training: .init(algorithm: "sac", seed: 0, steps: 0), timing: environment.timing,
            observations: environment.observationSpace, actuators: environment.actuators)
        return try PolicyFile(
            network: PolicyNetwork(layers: layers, actionCount: outputs), contract: contract)
    }

    @Test(arguments: ShippedScenes.names)
    func `no observation brings a policy of a shipped scene outside of its contract`(name: String) throws {
        let scene = try ShippedScenes.load(name)
        for gain in [0.3, 30] {
            let file = try Self.policy(scene, gain: gain)
            let read = try ONNXModel(bytes: ONNXModel(file, ONNXOptions()).bytes, file: "model").policy
            #expect(read.bytes == file.bytes)
            let player = try NetworkPolicy(file)
            var command = [Float](repeating: 0, count: player.actionCount)
            var outside = 0
            for observation in TestObservations(file.network, count: 10_000).rows {
                var span = command.mutableSpan
                try player.command(for: observation.span, into: &span)
                for (number, action) in zip(command, file.contract.actions)
                where number < Float(action.low) || number > Float(action.high) {
                    outside += 1
                }
            }
            #expect(outside == 0)
        }
    }
}
