// SPDX-License-Identifier: MIT

package import Agents
package import Environments
internal import Files
package import Policies
package import Robots
package import Scenes
package import Settings
internal import Training

/// A scene as runs use it: read with its robot, and what it says beside it, to be compared, copied and trained in.
package struct LoadedScene {
    package let scene: Scene
    /// The bytes of the scene's and of the robot's file.
    let (sceneBytes, robotBytes): ([UInt8], [UInt8])

    /// Finds and reads the scene of this name or path.
    package init(
        named name: String, overrides: [String] = [], meshes: MeshFinder = MeshFinder()
    ) throws {
        try self.init(file: SceneCatalog.standard.file(of: name), overrides: overrides, meshes: meshes)
    }

    /// Reads the scene of a file with the robot of another; nil looks for the robot that the scene names.
    package init(
        file: String, robotFile: String? = nil, overrides: [String] = [], meshes: MeshFinder = MeshFinder()
    ) throws {
        try self.init(
            yaml: FileText.read(file), file: file, robotFile: robotFile, overrides: overrides, meshes: meshes)
    }

    /// Reads the bytes of a scene's file as above.
    package init(
        yaml data: [UInt8], file: String, robotFile: String? = nil, overrides: [String] = [],
        meshes: MeshFinder = MeshFinder()
    ) throws {
        var options = SceneOptions(
            robotFile: robotFile, overrides: try overrides.map { try Override(parsing: $0) },
            algorithms: Algorithm.all.map { ($0.name, $0.keyDescriptions) })
        options.meshes = meshes
        scene = try Scene(yaml: data, file: file, options)
        sceneBytes = data
        robotBytes = try Array(FileText.read(scene.robot.file))
    }

    /// An environment of the scene.
    package func makeEnvironment(_ random: RandomStream) throws -> SimulatedEnvironment {
        try SimulatedEnvironment(scene, random: random)
    }

    /// An environment of the scene in which each link's mass and inertia is multiplied by a factor.
    package func makeEnvironment(ofMass factor: Double, _ random: RandomStream) throws -> SimulatedEnvironment
    {
        var scene = scene
        scene.randomisation.mass = factor...factor
        return try SimulatedEnvironment(scene, random: random)
    }

    /// The deployment contract of a policy that was trained here.
    package func makeContract(
        _ environment: any Environment, version: String
    ) -> (Contract.Training) -> Contract {
        let (observations, actuators) = (environment.observationSpace, environment.actuators)
        let timing = environment.timing
        return { [scene] training in
            Contract(
                scene: scene.name, robot: scene.robot.name, versions: ["sinew": version],
                training: training, timing: timing, observations: observations, actuators: actuators)
        }
    }

    /// Why a policy of this contract cannot act in an environment of the scene; nil where it can: a policy acts only where observations
    /// and actions are those that it was trained with.
    package func misfit(of contract: Contract, in environment: any Environment) -> String? {
        let (trained, here) = (
            contract.observations.map(\.name), environment.observationSpace.elements.map(\.name)
        )
        if trained != here {
            let index = zip(trained, here).prefix { $0 == $1 }.count
            let names = [trained, here].map { index < $0.count ? $0[index] : "nothing" }
            return
                "observation \(index) of the policy is \(names[0]); in the scene \(scene.name) it is \(names[1])"
        }
        let (driven, actuators) = (contract.actions.map(\.name), environment.actuators.map(\.name))
        guard driven != actuators else { return nil }
        return "the policy drives \(driven.joined(separator: ", ")); the scene \(scene.name) has "
            + actuators.joined(separator: ", ")
    }

    /// The block of the scene's `train` that an algorithm takes: its own, or its relative's.
    package func block(for algorithm: Algorithm) -> TrainingBlock? {
        for name in [algorithm, algorithm.relative].compactMap({ $0?.name }) {
            if let block = scene.training.first(where: { $0.algorithm == name }) { return block }
        }
        return nil
    }

    /// How often a run of an algorithm is evaluated.
    package func evaluation(for algorithm: Algorithm) -> EvaluationPlan {
        block(for: algorithm)?.evaluation ?? scene.evaluation
    }

    /// The scene's settings for an algorithm over the algorithm's defaults.
    ///
    /// - Throws: `DescriptionError` with the file's line for a setting that is unknown or out of range.
    package func configuration(for algorithm: Algorithm) throws -> AgentConfiguration {
        let findings = Findings(file: scene.file)
        let configuration = AgentConfiguration(
            algorithm, decoding: block(for: algorithm)?.settings, Decoder(findings: findings))
        try findings.throwErrors()
        return configuration
    }
}
