// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Robots
import Scenes
import Settings
import Testing

/// Claims that every term keeps, also one that is added: on the quadruped with a target and a box, which has everything that a term can need.
struct TermTests {
    static let observations = allTerms.compactMap { $0 as? any ObservationTerm.Type }.map { $0.name }.sorted()
    static let rewards = allTerms.compactMap { $0 as? any RewardTerm.Type }.map { $0.name }.sorted()
    static let terminations = allTerms.compactMap { $0 as? any TerminationTerm.Type }.map { $0.name }.sorted()

    @Test func `every file of the folder is in the list`() throws {
        let folder = URL(fileURLWithPath: ShippedScenes.folder + "/Sources/Scenes/Terms")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
        #expect(Set(files) == Set(allTerms.map { "\($0)" }))
        #expect(files.count == allTerms.count)
    }

    @Test func `names are unique among the terms of a list, and nobody's synonym is a name`() {
        for names in [Self.observations, Self.rewards, Self.terminations] {
            #expect(Set(names).count == names.count)
            #expect(names.count >= 9)
        }
        for type in allTerms {
            #expect(!type.synonyms.contains(type.name), "\(type.name)")
            #expect(type.summary.hasSuffix(".") && type.summary.count > 20, "\(type.name)")
            #expect(!type.unit.isEmpty)
            #expect(type.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(type.name)")
        }
    }

    @Test(arguments: observations)
    func `an observation term gives as many numbers as elements, finite and within their ranges`(
        name: String
    ) throws {
        let entry = try Self.read(ObservationEntry.format, name, "")
        let elements = entry.elements(in: Self.scene)
        #expect(!elements.isEmpty && Set(elements.map(\.name)).count == elements.count)
        for element in elements {
            #expect(element.name == name || element.name.hasPrefix(name + "."))
            #expect(!element.unit.isEmpty && element.low <= element.high)
        }
        let state = try Self.state()
        var numbers: [Double] = []
        try entry.term.measure(state, into: &numbers)
        #expect(numbers.count == elements.count)
        for (number, element) in zip(numbers, elements) {
            #expect(number.isFinite)
            #expect((element.low - 1e-9...element.high + 1e-9).contains(number), "\(element.name): \(number)")
        }
        #expect(try Self.again(ObservationEntry.format, entry) == entry)
    }

    @Test(arguments: rewards)
    func `a reward term gives a finite number and remembers what it says`(name: String) throws {
        let entry = try Self.read(RewardEntry.format, name, ", weight: 2")
        let state = try Self.state()
        var memory = Array(repeating: 0.0, count: entry.term.memorySize(in: Self.scene))
        let value = try entry.term.value(state, memory: &memory)
        #expect(value.isFinite)
        #expect(memory.count == entry.term.memorySize(in: Self.scene) && memory.allSatisfy(\.isFinite))
        #expect(entry.weight == 2)
        #expect(try Self.again(RewardEntry.format, entry) == entry)
    }

    @Test(arguments: terminations)
    func `a termination term gives finite numbers, at the start what it says of the start`(
        name: String
    ) throws {
        let entry = try Self.read(TerminationEntry.format, name, ", above: 1e6")
        var numbers: [Double] = []
        try entry.term.measure(Self.state(steps: 0), into: &numbers)
        #expect(!numbers.isEmpty && numbers.allSatisfy { $0.isFinite && !entry.isOutside($0) })
        if let value = entry.term.valueAtStart(of: Self.scene) {
            #expect(numbers.count == 1 && abs(numbers[0] - value) < 1e-9)
        }
        #expect(entry.isOutside(.nan) && entry.isOutside(2e6) && !entry.isOutside(1e6))
        #expect(try Self.again(TerminationEntry.format, entry) == entry)
    }

    @Test(arguments: ["joint_sines", "joint_cosines"])
    func `angles of sliders are refused, named or not`(name: String) throws {
        let cart = try ShippedScenes.load("inverted-pendulum").robot
        for (keys, isRight) in [("", false), (", joints: [slider]", false), (", joints: [hinge]", true)] {
            let findings = Findings(file: "s.yaml")
            let setting = try Setting(yaml: Array("{term: \(name)\(keys)}".utf8), file: "s.yaml")
            _ = ObservationEntry.format.decode(setting, Decoder(findings: findings, context: cart))
            #expect(findings.hasErrors != isRight, "\(keys)")
            #expect(
                isRight || findings.diagnostics[0].message == "joint 'slider' slides; it has no angle")
        }
    }

    // MARK: A scene with everything

    private static let scene: Scene = {
        guard var scene = try? ShippedScenes.load("everything").withoutChance else {
            fatalError("no quadruped")
        }
        scene.target = .point(Vector3(1, 2, 0.5))
        var box = MovableObject()
        box.name = "box"
        box.placement.position = Vector3(1, 0, 0.05)
        scene.objects = [box]
        return scene
    }()

    private static let names = SceneNames(robot: scene.robot, objects: scene.objects.map(\.name))

    /// What the terms see of the quadruped after some steps.
    private static func state(steps: Int = 3) throws -> SceneState {
        let driver = try Driver(scene)
        try driver.reset()
        for _ in 0..<steps { try driver.step(all: 0.3) }
        return driver.environment.state
    }

    /// A term with nothing but the keys that it must have.
    private static func read<Entry>(
        _ format: Format<Entry>, _ name: String, _ others: String
    ) throws -> Entry {
        let variants = try #require(format.shape.variants)
        let variant = try #require(variants.variants.first { $0.name == name })
        let needed = variant.keys.filter(\.isRequired).map { ", \($0.name): \(value(of: $0.shape))" }
        let text = "{term: \(name)\(needed.joined())\(others)}"
        return try decode(format, Setting(yaml: Array(text.utf8), file: "term.yaml"))
    }

    /// The entry, written and read again.
    private static func again<Entry>(_ format: Format<Entry>, _ entry: Entry) throws -> Entry {
        try decode(format, Setting(try #require(format.encode(entry))))
    }

    private static func decode<Entry>(_ format: Format<Entry>, _ setting: Setting) throws -> Entry {
        let findings = Findings(file: "term.yaml")
        let entry = format.decode(setting, Decoder(findings: findings, context: names))
        try findings.throwErrors()
        return try #require(entry)
    }

    /// A value of a shape, as a file has it.
    private static func value(of shape: SettingShape) -> String {
        switch shape {
        case .number: "0.5"
        case .choice(let words): words[0]
        case .name(of: "joint"): "FL_calf"
        case .name(of: "object"): "box"
        case .name: "trunk"
        case .list(let items, _, _): "[\(value(of: items))]"
        default: "no test value for \(shape.words)"
        }
    }
}
