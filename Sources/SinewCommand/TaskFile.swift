// SPDX-License-Identifier: MIT

import Agents
import Environments
import Files
import Foundation
import Policies
import Robots
import Scenes
import Settings
import Training

/// A scene as the commands use it: loaded, with its checksum and its training settings.
struct TaskFile {
    let scene: Scene

    /// Finds and reads the scene of this name or path.
    init(named name: String) throws {
        scene = try Scene.load(named: name)
    }

    /// Prints what was ignored or assumed in the scene's files; of many warnings only how many there are.
    func printNotes() {
        let warnings = scene.notes.filter { $0.severity == .warning }
        guard warnings.count > 3 else {
            for warning in warnings { printError(warning.description) }
            return
        }
        printError(
            "\(scene.file): \(warnings.count) warnings about the scene and its robot; "
                + "see them all with `sinew scenes --check \(scene.file)`")
    }

    /// The checksum of the scene's and the robot's files, in that order.
    var checksum: String {
        let bytes = [scene.file, scene.robot.file].map {
            [UInt8]((try? Data(contentsOf: URL(fileURLWithPath: $0))) ?? Data())
        }
        return String(CRC32.checksum(of: bytes[0] + bytes[1]), radix: 16)
    }

    /// An environment of the scene.
    func makeEnvironment(_ random: RandomStream) throws -> SimulatedEnvironment {
        try SimulatedEnvironment(scene, random: random)
    }

    /// An environment of the scene in which each link's mass and inertia is multiplied by a factor.
    func makeEnvironment(ofMass factor: Double, _ random: RandomStream) throws -> SimulatedEnvironment {
        var scene = scene
        scene.randomisation.mass = factor...factor
        return try SimulatedEnvironment(scene, random: random)
    }

    /// The deployment contract of a policy that was trained here.
    func makeContract(_ environment: any Environment) -> (Contract.Training) -> Contract {
        let (observations, actuators) = (environment.observationSpace, environment.actuators)
        let timing = environment.timing
        return { [scene] training in
            Contract(
                scene: scene.name, robot: scene.robot.name, versions: ["sinew": sinewVersion],
                training: training, timing: timing, observations: observations, actuators: actuators)
        }
    }

    /// The block of the scene's `train` that an algorithm takes: its own, or its relative's.
    func block(for algorithm: Algorithm) -> TrainingBlock? {
        for name in [algorithm, algorithm.relative].compactMap({ $0?.rawValue }) {
            if let block = scene.training.first(where: { $0.algorithm == name }) { return block }
        }
        return nil
    }

    /// How often a run of an algorithm is evaluated.
    func evaluation(for algorithm: Algorithm) -> EvaluationSettings {
        block(for: algorithm)?.evaluation ?? scene.evaluation
    }

    /// The scene's settings for an algorithm over the algorithm's defaults.
    ///
    /// - Throws: `DescriptionError` with the file's line for a setting that is unknown or out of range.
    func configuration(for algorithm: Algorithm) throws -> AgentConfiguration {
        var configuration = AgentConfiguration(algorithm)
        guard let block = block(for: algorithm), case .mapping(let entries) = block.settings.value
        else { return configuration }
        do {
            try configuration.apply(entries.map { ($0.key, SettingValue($0.value)) })
        } catch {
            throw DescriptionError(.invalid, [diagnostic(error, block)])
        }
        return configuration
    }

    private func diagnostic(_ error: AgentsError, _ block: TrainingBlock) -> Diagnostic {
        let (key, message, remedy) = error.parts
        let name = key.split(separator: ".").last.map(String.init) ?? key
        return Diagnostic(
            .error, file: scene.file, line: block.settings[name]?.line ?? block.settings.line,
            path: "train.\(block.algorithm).\(name)", message: message, remedy: remedy)
    }
}

extension AgentsError {
    /// The key, what is wrong, and what to do.
    var parts: (key: String, message: String, remedy: String) {
        switch self {
        case .unknownSetting(let key, let known):
            let name = key.split(separator: ".").last.map(String.init) ?? key
            return (key, "there is no such setting", NearestName.remedy(name, in: known))
        case .badSetting(let key, let value, let allowed):
            return (key, "\(value) is not allowed; it must be \(allowed)", "")
        case .badState, .badStart, .notFinite:
            return ("", description, "")
        }
    }
}

extension SettingValue {
    /// A value of a scene's file.
    init(_ setting: Setting) {
        switch setting.value {
        case .scalar(let scalar):
            self = scalar.isQuoted ? .text(scalar.characters) : SettingValue(parsing: scalar.characters)
        case .list(let items): self = .list(items.map { SettingValue($0) })
        case .mapping(let entries):
            self = .mapping(entries.map { .init(key: $0.key, value: SettingValue($0.value)) })
        }
    }
}
