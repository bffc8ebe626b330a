// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings

/// The scenes of the package, found in its own folder whatever the working directory.
enum ShippedScenes {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let catalog = SceneCatalog(folders: [folder])
    static let names = catalog.scenes().map(\.name)

    /// A scene of the tests' own: commands, noise, every randomisation, many terms.
    static let everything = folder + "/Tests/ScenesTests/Golden/everything.yaml"

    /// A scene by its name, `everything` included.
    static func load(_ name: String) throws -> Scene {
        try Scene.load(named: name == "everything" ? everything : name, in: catalog)
    }
}

/// An environment with the arrays that its spans need.
final class Driver {
    let environment: SimulatedEnvironment
    private(set) var observation: [Float]
    private(set) var last = Step(reward: 0)

    var scene: Scene { environment.scene }

    init(_ scene: Scene, seed: UInt64 = 1) throws {
        environment = try SimulatedEnvironment(scene, random: RandomStream(seed: seed, .environment))
        observation = Array(repeating: .nan, count: environment.observationSpace.count)
    }

    convenience init(_ name: String, seed: UInt64 = 1) throws {
        try self.init(ShippedScenes.load(name), seed: seed)
    }

    func reset() throws {
        last = Step(reward: 0)
        var values = observation
        var span = values.mutableSpan
        try environment.reset(into: &span)
        observation = values
    }

    func step(_ action: [Float]) throws {
        var values = observation
        var span = values.mutableSpan
        last = try environment.step(action.span, into: &span)
        observation = values
    }

    /// A step with every element of the action the same.
    func step(all value: Float) throws {
        try step(Array(repeating: value, count: environment.actuators.count))
    }

    /// A step with an action of random numbers in [-1, 1].
    func step(using random: inout RandomStream) throws {
        try step(environment.actuators.map { _ in Float(random.uniform(-1, 1)) })
    }
}

extension Scene {
    /// The scene with Coulomb's friction, which every solver has and no contact creeps by.
    var withExactLaws: Scene {
        var scene = self
        scene.contactMaterial.softness.law = .exact
        scene.stopSoftness.law = .exact
        return scene
    }

    /// The scene without noise, randomisation and terminations: what physics alone does.
    var withoutChance: Scene {
        var scene = self
        for joint in scene.robot.joints.indices {
            scene.reset.jointPositions[joint] = .none
            scene.reset.jointVelocities[joint] = .none
        }
        scene.reset.basePosition = .none
        scene.reset.baseOrientation = .none
        scene.reset.baseYaw = .none
        scene.reset.baseLinearVelocity = .none
        scene.reset.baseAngularVelocity = .none
        scene.randomisation.mass = nil
        scene.randomisation.baseMass = nil
        scene.randomisation.friction = nil
        scene.randomisation.motorStrength = nil
        scene.randomisation.latency = nil
        scene.randomisation.push = nil
        scene.termination = []
        for term in scene.observation.indices { scene.observation[term].noise = .none }
        return scene
    }
}

extension Scene {
    /// The frames of the links that a term names.
    func frames(_ written: Setting?) -> [LinkFrame] {
        (written?.items ?? []).compactMap { $0.text.flatMap(robot.frame(named:)) }
    }
}

extension Vector3 {
    static func / (vector: Vector3, divisor: Double) -> Vector3 {
        Vector3(vector.x / divisor, vector.y / divisor, vector.z / divisor)
    }
}
