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
            head, RobotTree(scene).text, observation, criticObservation, action, reward, termination, episode,
            training,
        ].compactMap { $0 }.joined(separator: "\n")
    }

    // MARK: Parts

    private var head: String {
        let timing = environment.timing
        let physics = scene.physics
        let steps = counted(timing.substeps, "physics step")
        let base =
            switch scene.base {
            case .fixed: "fixed"
            case .planar: "planar (x, z and the turn about y)"
            case .floating: "floating"
            }
        let rates =
            "control every \(timing.controlPeriod.short) s (\((1 / timing.controlPeriod).short) Hz): "
            + "\(steps) of \(timing.physicsStep.short) s"
        var facts = [
            ("scene", scene.file), ("robot", scene.robot.file), ("base", base), ("rates", rates),
            ("gravity", physics.gravity.components.short + " m/s²"),
        ]
        if let ground = scene.ground {
            let slope = ground.slope == 0 ? "" : ", slope \(ground.slope.short) rad towards +x"
            facts.append(("ground", "friction \(ground.friction.short)\(slope)"))
        } else if let terrain = scene.terrain {
            let kinds = terrain.kinds.map(\.shape.rawValue).joined(separator: ", ")
            facts.append(
                (
                    "terrain",
                    "\(kinds); \(terrain.rows) by \(terrain.columns) tiles of \(terrain.size.short) m, friction \(terrain.friction.short)"
                ))
        } else {
            facts.append(("ground", "none"))
        }
        for key in ["obstacles", "objects", "contacts"] {
            if let text = given(key) { facts.append((key, text)) }
        }
        let touching = environment.linksTouchingAtStart.map { "\($0.first) and \($0.second)" }
        if !touching.isEmpty {
            facts.append(("", "links that touch at the start never do: " + touching.joined(separator: ", ")))
        }
        return Layout.wrapped("\(scene.name): \(scene.summary)", indent: 2) + Layout.pairs(facts)
    }

    private var observation: String {
        vector("observation", environment.observationSpace.elements, "in this order")
    }

    /// Nil where there is none.
    private var criticObservation: String? {
        guard !scene.criticObservation.isEmpty else { return nil }
        return vector("critic_observation", environment.criticSpace.elements, "for the critic alone")
    }

    private func vector(_ key: String, _ elements: [Space.Element], _ words: String) -> String {
        let rows = elements.enumerated().map { index, element in
            [
                "\(index)", element.name, element.unit, rangeWords(element.low, element.high),
                element.frame.map { "\($0)'s axes" } ?? "",
            ]
        }
        let terms = items(key).map { $0.flowText }
        return Layout.wrapped("\(key): \(counted(elements.count, "number")), \(words)", indent: 2)
            + Layout.table(rows, right: [0])
            + "  terms\n" + terms.map { Layout.wrapped("    \($0)", indent: 6) }.joined()
    }

    private var action: String {
        let rows =
            zip(environment.actuators, scene.actuators).enumerated().map { index, pair in
                let (actuator, settings) = pair
                let joint = scene.joints[settings.joint]
                var numbers: [String] = []
                if settings.drive.kind == .torque { numbers.append("gear \(settings.scale.short)") }
                if let kp = actuator.kp { numbers.append("kp \(kp.short)") }
                if let kd = actuator.kd { numbers.append("kd \(kd.short)") }
                if let effort = joint.effortLimit {
                    numbers.append(
                        "effort ≤ \(effort.short) \(scene.robot.joints[settings.joint].effortUnit)")
                }
                return [
                    "\(index)", actuator.name, actuator.kind.rawValue,
                    "\(rangeWords(actuator.low, actuator.high)) \(actuator.unit)",
                    numbers.joined(separator: ", "),
                ]
            }
            + environment.actuators.enumerated().dropFirst(scene.actuators.count).map { index, thruster in
                [
                    "\(index)", thruster.name, "thrust",
                    "\(rangeWords(thruster.low, thruster.high)) \(thruster.unit)", "",
                ]
            }
        return Layout.wrapped(
            "action: \(counted(rows.count, "number")) in [-1, 1], and what it commands", indent: 2)
            + Layout.table(rows, right: [0])
    }

    private var reward: String {
        let lines = zip(scene.reward, items("reward")).map { term, item in
            Self.termLine(
                "\(term.weight.short) × \(term.name)", arguments(item, without: ["term", "weight"]),
                Self.summary(of: term.name, in: "reward"))
        }
        return "reward: the sum, per control step, of\n" + lines.joined()
    }

    private var termination: String {
        var lines = zip(scene.termination, items("terminate")).map { term, item in
            let bounds = [("below", term.low), ("above", term.high)].filter { $0.1.isFinite }
            return Self.termLine(
                "\(term.name) "
                    + bounds.map { "\($0) \($1.short)" }.joined(separator: " or "),
                arguments(item, without: ["term", "below", "above", "outside"]),
                Self.summary(of: term.name, in: "terminate"))
        }
        if lines.isEmpty { lines = ["  nothing\n"] }
        return "terminated by\n" + lines.joined()
    }

    private var episode: String {
        let seconds = Double(scene.episodeSteps) * scene.physics.controlPeriod
        var facts = [("truncated", "after \(scene.episodeSteps) steps (\(seconds.short) s)")]
        for (key, absent) in [
            ("start", "the origin, joints at 0"), ("reset", "no noise"), ("target", nil), ("commands", nil),
            ("randomise", "nothing"),
        ] as [(String, String?)] {
            if let text = given(key) ?? absent { facts.append((key, text)) }
        }
        return "episode\n" + Layout.pairs(facts)
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
        return "training\n" + Layout.pairs(facts)
    }

    private static func words(_ evaluation: EvaluationPlan) -> String {
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
        return Layout.wrapped("  \(head)\(given): \(summary)", indent: 6)
    }
}

extension Joint {
    /// The unit of its effort.
    var effortUnit: String { kind == .hinge ? "N m" : "N" }
}
