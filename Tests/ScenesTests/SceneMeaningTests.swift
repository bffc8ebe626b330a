// SPDX-License-Identifier: MIT

import Environments
import Scenes
import Settings
import Testing

/// A scene's keys that are allowed one by one and cannot mean what they say, and actuators beyond what their joints can.
struct SceneMeaningTests {
    /// A hopper that follows commands to a target: the lines that the tests change, by their keys.
    static func scene(_ changes: [String: String]) -> String {
        let lines = [
            "robot: hopper.urdf", "base: planar", "physics: {time_step: 0.002, substeps: 4}",
            "ground: {friction: 1.0}", "actuators: [{joints: [thigh, leg, foot], kind: torque, gear: 200}]",
            "start: {position: [0, 0, 1.25]}", "episode: {steps: 1000}",
            "observation: [{term: joint_positions}]", "reward: [{term: alive, weight: 1}]",
            "terminate: [{term: base_position, axis: z, below: 0.7}]", "train: {sac: {steps: 10}}",
        ]
        let kept = lines.filter { line in !changes.keys.contains { line.hasPrefix("\($0):") } }
        let changed = changes.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
        return (["format: 1", "summary: Test."] + kept + changed).joined(separator: "\n") + "\n"
    }

    /// What is said of it: errors, or else warnings; a path and a message each.
    static func said(_ changes: [String: String]) -> [String] {
        do {
            let scene = try Scene(yaml: scene(changes), file: "s.yaml", catalog: ShippedScenes.catalog)
            return scene.notes.filter { $0.severity == .warning }.map { "warned: \($0.path): \($0.message)" }
        } catch {
            return error.errors.map { "refused: \($0.path): \($0.message)" }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var key: String
        var value: String
        var words: String
        /// What it becomes, or nothing, after which nothing is said.
        var mended: String?

        init(_ key: String, _ value: String, _ words: String, mended: String? = nil) {
            (self.key, self.value, self.words, self.mended) = (key, value, words, mended)
        }

        var testDescription: String { "\(key): \(value)" }
    }

    static let cases: [Case] = [
        Case(
            "physics", "{time_step: 0.002, gravity: [0, 0, 9.81]}",
            "warned: physics.gravity: gravity points up",
            mended: "{time_step: 0.002}"),
        Case(
            "contact", "{law: convex}", "refused: contact.law: ODE has no convex law of contacts",
            mended: "{law: exact}"),
        Case(
            "stops", "{law: convex}", "refused: stops.law: ODE has no convex law of stops",
            mended: "{law: exact}"),
        Case(
            "contacts", "{friction: {foot: 0.5}}",
            "warned: contacts.friction: link 'foot' has a friction of 0.5",
            mended: "{friction: {foot: 2}}"),
        Case(
            "contacts", "{ignore: [[torso, foot]]}", "warned: contacts.ignore: pairs",
            mended: "{self_collision: true, ignore: [[torso, foot]]}"),
        Case(
            "joints", "[{joints: [foot], rest: 0.1}]", "warned: joints: joint 'foot' has a rest",
            mended: "[{joints: [foot], rest: 0.1, stiffness: 1}]"),
        Case(
            "actuators", "[{joints: [foot], kind: torque, gear: 250}]",
            "warned: actuators: gear 250.0 of joint 'foot' exceeds its effort limit 200.0",
            mended: "[{joints: [foot], kind: torque, gear: 250, range: [-200, 10]}]"),
        Case(
            "actuators", "[{joints: [foot], kind: torque, gear: 50, offset: 160}]",
            "warned: actuators: gear 50.0 with offset 160.0 of joint 'foot' exceeds its effort limit 200.0",
            mended: "[{joints: [foot], kind: torque, gear: 50, offset: 150}]"),
        Case(
            "actuators", "[{joints: [foot], kind: torque, gear: 50, offset: 250}]",
            "refused: actuators: every action commands joint 'foot' the same: 200 to 300 is wished, and the effort limit is 200"
        ),
        Case(
            "actuators", "[{joints: [foot], kind: torque, gear: 50, range: [60, 70]}]",
            "refused: actuators: every action commands joint 'foot' the same: -50 to 50 is wished, and range is 60 to 70",
            mended: "[{joints: [foot], kind: torque, gear: 50, range: [40, 70]}]"),
        Case(
            "actuators", "[{joints: [foot], kind: position, kp: 20, kd: 1, scale: 3}]",
            "warned: actuators: the servo of joint 'foot' reaches past its stops: it commands -3 to 3 rad",
            mended: "[{joints: [foot], kind: position, kp: 20, kd: 1, scale: 3, range: [-0.7, 0.7]}]"),
        Case(
            "actuators", "[{joints: [foot], kind: position, kp: 20, kd: 1, scale: 0.1, offset: 4}]",
            "refused: actuators: the servo of joint 'foot' commands 3.9 to 4.1 rad, all of it beyond the stops"
        ),
        Case(
            "actuators", "[{joints: [foot], kind: velocity, kd: 1, scale: 9, velocity_limit: 8}]",
            "warned: actuators: scale 9.0 of joint 'foot' exceeds its velocity limit 8.0",
            mended: "[{joints: [foot], kind: velocity, kd: 1, scale: 8, velocity_limit: 8}]"),
        Case(
            "reset", "{positions: {scale: [0.5, 1.5]}}", "warned: reset.positions: a factor changes nothing",
            mended: "{positions: {uniform: 0.1}}"),
        Case("target", "{point: [1, 0, 1]}", "warned: target: no term observes or rewards it"),
        Case("commands", "{lin_vel_x: [0, 1]}", "warned: commands: no term observes or rewards them"),
        Case(
            "randomise", "{motor_strength: [0, 0]}", "refused: randomise.motor_strength: no actuator",
            mended: "{motor_strength: [0, 1]}"),
        Case(
            "randomise", "{push: {every: 8, speed: 1}}", "warned: randomise.push.every: an episode of 8 s",
            mended: "{push: {every: 7.9, speed: 1}}"),
        Case(
            "observation", "[{term: joint_positions, scale: 0}]",
            "refused: observation: 'joint_positions' has a scale of 0",
            mended: "[{term: joint_positions, scale: 1}]"),
        Case(
            "reward", "[{term: alive, weight: 0}]", "refused: reward: every weight is 0",
            mended: "[{term: alive, weight: 1}]"),
        Case("terminate", "[]", "warned: reward: 'alive' is the same in every step"),
    ]

    @Test func `a scene that means what it says has no warnings`() {
        #expect(Self.said([:]) == [])
    }

    @Test(arguments: cases)
    func `what a key cannot mean is said, and nothing is once it is mended`(_ item: Case) {
        let found = Self.said([item.key: item.value])
        #expect(found.count == 1 && found[0].hasPrefix(item.words), "\(found)")
        if let mended = item.mended { #expect(Self.said([item.key: mended]) == []) }
    }

    @Test func `contacts by the convex law do not bounce`() {
        let articulated = ["physics": "{time_step: 0.002, solver: articulated}"]
        #expect(Self.said(articulated.merging(["contact": "{law: convex}"]) { $1 }) == [])
        let found = Self.said(articulated.merging(["contact": "{law: convex, restitution: 0.1}"]) { $1 })
        #expect(found == ["refused: contact.restitution: the convex law of contacts has no restitution"])
    }

    @Test func `the limit of a motor that is not there is said`() {
        let one = ["actuators": "[{joints: [foot], kind: torque, gear: 9}]"]
        let found = Self.said(one.merging(["joints": "[{joints: [foot, leg], effort_limit: 99}]"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("warned: joints: joint 'leg' has an effort_limit"))
        #expect(Self.said(one.merging(["joints": "[{joints: [foot], effort_limit: 99}]"]) { $1 }) == [])
    }

    @Test func `a target that is always the same need not be seen`() {
        let seen = ["observation": "[{term: target_position}]"]
        let found = Self.said(seen.merging(["target": "{point: [1, 0, 1]}"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("warned: observation: 'target_position' is the same"))
        let drawn = "{disc: {center: [1, 0, 1], radius: 1}}"
        #expect(Self.said(seen.merging(["target": drawn]) { $1 }) == [])
    }

    @Test func `actions that come after the episode are refused`() {
        let short = ["episode": "{steps: 200}"]
        #expect(Self.said(short.merging(["randomise": "{latency: [0, 800]}"]) { $1 }) == [])
        let found = Self.said(short.merging(["randomise": "{latency: [800, 900]}"]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("refused: randomise.latency: no action arrives"))
    }

    /// A floating robot that is told velocities.
    @Test(arguments: [
        ("{lin_vel_x: [0, 0]}", "warned: commands: every command is to stand still"),
        ("{lin_vel_x: [0, 1], standing: 1}", "warned: commands: every command is to stand still"),
        (
            "{lin_vel_x: [0, 1], resample_time: 20}",
            "warned: commands.resample_time: an episode of 20 s is over before 20 s"
        ),
        ("{lin_vel_x: [0, 1], resample_time: 19}", ""),
    ])
    func `commands that never are given are said`(_ commands: String, _ words: String) throws {
        let shipped = try ShippedScenes.load("everything")
        let set = try Override(parsing: "commands=\(commands)")
        let steps = try Override(parsing: "episode.steps=\(Int(20 / shipped.physics.controlPeriod))")
        let scene = try Scene.load(
            named: ShippedScenes.everything,
            SceneOptions(catalog: ShippedScenes.catalog, overrides: [set, steps]))
        let found = scene.notes.filter { $0.severity == .warning }.map { "warned: \($0.path): \($0.message)" }
        #expect(words.isEmpty ? found == [] : found.count == 1 && found[0].hasPrefix(words), "\(found)")
    }

    @Test(arguments: ShippedScenes.names)
    func `the shipped scenes mean what they say`(name: String) throws {
        // A robot's file that others wrote may say what is not read.
        let scene = try ShippedScenes.load(name)
        #expect(scene.notes.filter { $0.severity == .warning && $0.file == scene.file } == [])
    }
}
