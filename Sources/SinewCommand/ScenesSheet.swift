// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Tasks

/// A scene as a person reads it: what the policy sees and does, what it is asked for, the robot, the settings; at most 100 columns.
struct SceneSheet {
    private let task: LoadedScene
    private let environment: SimulatedEnvironment
    /// The file's own keys, for what is shown as it is written.
    private let source: Setting
    private var scene: Scene { task.scene }

    /// - Throws: `DescriptionError`, `SimulationError` where the scene cannot be built.
    init(_ task: LoadedScene) throws {
        self.task = task
        environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        source = task.scene.source
    }

    /// All of it.
    var text: String {
        [
            head, RobotTree(scene).text, observation, action, reward, termination, episode, training,
        ].joined(separator: "\n")
    }

    // MARK: Parts

    private var head: String {
        let timing = environment.timing
        let physics = scene.physics
        let steps = timing.substeps == 1 ? "1 physics step" : "\(timing.substeps) physics steps"
        let base =
            switch scene.base {
            case .fixed: "fixed"
            case .planar: "planar (x, z and the turn about y)"
            case .floating: "floating"
            }
        let rates =
            "control every \(Self.short(timing.controlPeriod)) s (\(Self.short(1 / timing.controlPeriod)) Hz): "
            + "\(steps) of \(Self.short(timing.physicsStep)) s"
        var facts = [
            ("scene", scene.file), ("robot", scene.robot.file), ("base", base), ("rates", rates),
            ("gravity", Self.list(physics.gravity.components) + " m/s²"),
        ]
        if let ground = scene.ground {
            let slope = ground.slope == 0 ? "" : ", slope \(Self.short(ground.slope)) rad towards +x"
            facts.append(("ground", "friction \(Self.short(ground.friction))\(slope)"))
        } else {
            facts.append(("ground", "none"))
        }
        for key in ["obstacles", "contacts"] { if let text = given(key) { facts.append((key, text)) } }
        return Self.wrapped("\(scene.name): \(scene.summary)", indent: 2) + Self.pairs(facts)
    }

    private var observation: String {
        let elements = environment.observationSpace.elements
        let rows = elements.enumerated().map { index, element in
            [
                "\(index)", element.name, element.unit, Self.range(element.low, element.high),
                element.frame.map { "\($0)'s axes" } ?? "",
            ]
        }
        let terms = items("observation").map { $0.flowText }
        return "observation: \(elements.count) numbers, in this order\n" + Self.table(rows, right: [0])
            + "  terms\n" + terms.map { Self.wrapped("    \($0)", indent: 6) }.joined()
    }

    private var action: String {
        let rows = zip(environment.actuators, scene.actuators).enumerated().map { index, pair in
            let (actuator, settings) = pair
            let joint = scene.joints[settings.joint]
            var numbers: [String] = []
            if settings.drive.kind == .torque { numbers.append("gear \(Self.short(settings.scale))") }
            if let kp = actuator.kp { numbers.append("kp \(Self.short(kp))") }
            if let kd = actuator.kd { numbers.append("kd \(Self.short(kd))") }
            if let effort = joint.effortLimit {
                numbers.append(
                    "effort ≤ \(Self.short(effort)) \(scene.robot.joints[settings.joint].effortUnit)")
            }
            return [
                "\(index)", actuator.name, actuator.kind.rawValue,
                "\(Self.range(actuator.low, actuator.high)) \(actuator.unit)",
                numbers.joined(separator: ", "),
            ]
        }
        return "action: \(rows.count) number\(rows.count == 1 ? "" : "s") in [-1, 1], and what it commands\n"
            + Self.table(rows, right: [0])
    }

    private var reward: String {
        let lines = zip(scene.reward, items("reward")).map { term, item in
            Self.termLine(
                "\(Self.short(term.weight)) × \(term.name)", arguments(item, without: ["term", "weight"]),
                Self.summary(of: term.name, in: "reward"))
        }
        return "reward: the sum, per control step, of\n" + lines.joined()
    }

    private var termination: String {
        var lines = zip(scene.termination, items("terminate")).map { term, item in
            let bounds = [("below", term.low), ("above", term.high)].filter { $0.1.isFinite }
            return Self.termLine(
                "\(term.name) "
                    + bounds.map { "\($0) \(Self.short($1))" }.joined(separator: " or "),
                arguments(item, without: ["term", "below", "above", "outside"]),
                Self.summary(of: term.name, in: "terminate"))
        }
        if lines.isEmpty { lines = ["  nothing\n"] }
        return "terminated by\n" + lines.joined()
    }

    private var episode: String {
        let seconds = Double(scene.episodeSteps) * scene.physics.controlPeriod
        var facts = [("truncated", "after \(scene.episodeSteps) steps (\(Self.short(seconds)) s)")]
        for (key, absent) in [
            ("start", "the origin, joints at 0"), ("reset", "no noise"), ("target", nil), ("commands", nil),
            ("randomise", "nothing"),
        ] as [(String, String?)] {
            if let text = given(key) ?? absent { facts.append((key, text)) }
        }
        return "episode\n" + Self.pairs(facts)
    }

    private var training: String {
        var facts: [(String, String)] = []
        // Those that the scene sets; the others have their defaults.
        for algorithm in Algorithm.all
        where algorithm == .sac || scene.training.contains(where: { $0.algorithm == algorithm.name }) {
            // Settings that are refused are for --check.
            guard let configuration = try? task.configuration(for: algorithm) else { continue }
            let settings = (configuration.encoded.entries ?? []).map { "\($0.key) \($0.value.flowText)" }
                .joined(separator: ", ")
            let own = task.evaluation(for: algorithm)
            let evaluation = own == scene.evaluation ? "" : ", evaluate \(Self.words(own))"
            facts.append((algorithm.name, settings + evaluation))
        }
        facts.append(("evaluate", Self.words(scene.evaluation)))
        return "training\n" + Self.pairs(facts)
    }

    private static func words(_ evaluation: EvaluationSettings) -> String {
        "every \(evaluation.every) steps over \(evaluation.episodes) episodes"
    }

    // MARK: From the file

    private func given(_ key: String) -> String? {
        guard let setting = source[key] else { return nil }
        guard case .mapping(let entries) = setting.value else { return setting.flowText }
        return entries.map { "\($0.key) \($0.value.flowText)" }.joined(separator: ", ")
    }

    private func items(_ key: String) -> [Setting] {
        if case .list(let items)? = source[key]?.value { items } else { [] }
    }

    private func arguments(_ item: Setting, without keys: [String]) -> String {
        guard case .mapping(let entries) = item.value else { return "" }
        return entries.filter { !keys.contains($0.key) }.map { "\($0.key) \($0.value.flowText)" }
            .joined(separator: ", ")
    }

    private static func summary(of term: String, in list: String) -> String {
        let key = SceneReference.shape(algorithms: []).keys?.first { $0.name == list }
        return key?.shape.variants?.variants.first { $0.name == term }?.summary ?? ""
    }

    private static func termLine(_ head: String, _ arguments: String, _ summary: String) -> String {
        let given = arguments.isEmpty ? "" : " (\(arguments))"
        return wrapped("  \(head)\(given): \(summary)", indent: 6)
    }
}

// MARK: Layout

extension SceneSheet {
    /// The columns of a terminal that everything fits in.
    static let columns = 100

    /// A number with at most six significant digits.
    static func short(_ value: Double) -> String { String(format: "%.6g", value) }

    static func list(_ values: [Double]) -> String {
        "[" + values.map(short).joined(separator: ", ") + "]"
    }

    static func range(_ low: Double, _ high: Double) -> String {
        func text(_ value: Double) -> String {
            value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(format: "%.4g", value)
        }
        return low == -.infinity && high == .infinity ? "any" : "\(text(low)) to \(text(high))"
    }

    /// A line, broken between words where it is too long; what follows is indented.
    static func wrapped(_ text: String, indent: Int) -> String {
        var lines: [String] = []
        var line = text.prefix { $0 == " " }.description
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }

    /// Names and values in two columns.
    static func pairs(_ facts: [(String, String)]) -> String {
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { name, value in
            wrapped(
                "  \(name)\(String(repeating: "\u{A0}", count: width - name.count)) \(value)",
                indent: width + 4
            )
            .replacingOccurrences(of: "\u{A0}", with: " ")
        }.joined()
    }

    /// Rows in columns as wide as their widest cell; the last column is broken where a row is too long.
    static func table(_ rows: [[String]], right: Set<Int> = []) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return right.contains(column) ? gap + cell : cell + gap
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

extension Joint {
    /// The unit of its effort.
    var effortUnit: String { kind == .hinge ? "N m" : "N" }
}
