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
        for name in [algorithm, algorithm.relative].compactMap({ $0?.name }) {
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
        let findings = Findings(file: scene.file)
        let configuration = AgentConfiguration(
            algorithm, decoding: block(for: algorithm)?.settings, Decoder(findings: findings))
        try findings.throwErrors()
        return configuration
    }
}
