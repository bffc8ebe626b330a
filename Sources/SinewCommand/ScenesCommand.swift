// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Descriptions
import Environments
import Foundation
import Simulation

struct ScenesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes", abstract: "List the scenes, show one, or check a file.")

    @Argument(help: "A scene by name or path, to be shown.")
    var scene: String?
    @Option(help: "Report everything that is wrong in this scene (.yaml) or robot (.urdf).")
    var check: String?

    func run() throws {
        if let check {
            do {
                try report(check)
            } catch let error as DescriptionError {
                throw Failure(Failure.code(of: error), "\(error)")
            }
        } else if let scene {
            try show(TaskFile(named: scene))
        } else {
            list()
        }
    }

    private func list() {
        let scenes = Scene.available()
        if scenes.isEmpty {
            printError("no scenes here; run this in a folder with Scenes/, or set SINEW_HOME to one")
        }
        let width = scenes.map(\.name.count).max() ?? 0
        for scene in scenes {
            print(scene.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + scene.summary)
        }
    }

    private func report(_ file: String) throws {
        let notes: [Diagnostic]
        if file.hasSuffix(".urdf") {
            notes = try Robot.load(file: file).notes
        } else {
            let task = try TaskFile(named: file)
            for algorithm in Algorithm.allCases { _ = try task.configuration(for: algorithm) }
            _ = try task.makeEnvironment(RandomStream(seed: 0, .environment))
            notes = task.scene.notes
        }
        for note in notes { print(note) }
        print("\(file): no errors")
    }

    private func show(_ task: TaskFile) throws {
        let scene = task.scene
        let environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        print("\(scene.name): \(scene.summary)")
        print("  \(scene.file), robot \(scene.robot.file)")
        let mass = String(format: "%.3f", scene.robot.totalMass)
        print(
            "  \(scene.robot.links.count) links, \(scene.robot.joints.count) joints, \(mass) kg, \(scene.base.rawValue) base"
        )
        let timing = environment.timing
        print(
            "  control every \(timing.controlPeriod) s, physics every \(timing.physicsStep) s, "
                + "episodes of \(scene.episodeSteps) steps")
        print("observation (\(environment.observationSpace.count))")
        for element in environment.observationSpace.elements {
            print("  \(element.name) [\(element.unit)] \(range(element.low, element.high))")
        }
        print("action (\(environment.actuators.count)), each in [-1, 1]")
        for actuator in environment.actuators {
            print(
                "  \(actuator.name): \(actuator.kind.rawValue) \(range(actuator.low, actuator.high)) \(actuator.unit)"
            )
        }
        print("reward")
        for term in scene.reward { print("  \(term.weight) x \(term.name)") }
        print("ends when")
        for term in scene.termination {
            print("  \(term.name) outside \(range(term.low ?? -.infinity, term.high ?? .infinity))")
        }
        print("  \(scene.episodeSteps) steps are done (truncated)")
    }

    private func range(_ low: Double, _ high: Double) -> String {
        func text(_ value: Double) -> String {
            value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(format: "%g", value)
        }
        return "\(text(low)) to \(text(high))"
    }
}
