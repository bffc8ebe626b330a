// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// What is drawn for each episode reaches the physics, and noise reaches the observation, as the scene declares them.
struct RandomisationTests {
    @Test func `half the motor's strength does with a whole action what the whole does with half of one`()
        throws
    {
        var scene = try ShippedScenes.load("pendulum").withoutChance
        let whole = try Driver(scene)
        scene.randomisation.motorStrength = 0.5...0.5
        let half = try Driver(scene)
        try whole.reset()
        try half.reset()
        for step in 0..<50 {
            try whole.step(all: 0.5)
            try half.step(all: 1)
            for (first, second) in zip(whole.observation, half.observation) {
                #expect(abs(first - second) < 1e-6, "step \(step)")
            }
        }
    }

    @Test func `twice the mass moves as before with twice the torque, and slower without`() throws {
        let plain = try ShippedScenes.load("pendulum").withoutChance
        #expect(plain.joints.allSatisfy { $0.armature == 0 && $0.damping == 0 && $0.friction == 0 })
        var heavy = plain
        heavy.randomisation.mass = 2...2
        var strong = heavy
        strong.randomisation.motorStrength = 2...2
        let drivers = try [plain, strong, heavy].map { try Driver($0) }
        for driver in drivers {
            try driver.reset()
            try driver.environment.place(positions: [0.1], velocities: [0])
        }
        var difference = 0.0
        for step in 0..<10 {
            for driver in drivers { try driver.step(all: -0.6) }
            let places = drivers.map { $0.environment.reading.position(ofJoint: 0) }
            #expect(abs(places[0] - places[1]) < 1e-9, "step \(step)")
            difference = max(difference, abs(places[0] - places[2]))
        }
        #expect(difference > 0.01)
    }

    @Test func `the weight that stands on the ground is that of the masses drawn`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        let plain = scene.robot.totalMass
        scene.randomisation.baseMass = -0.5...1.5
        let added = try Self.standingMasses(scene).map { $0 - plain }
        #expect(added.allSatisfy { $0 > -0.5 - 0.05 && $0 < 1.5 + 0.05 })
        #expect((added.min() ?? 0) < -0.1 && (added.max() ?? 0) > 1.1, "\(added)")
        scene.randomisation.baseMass = nil
        scene.randomisation.mass = 0.8...1.2
        let shares = try Self.standingMasses(scene).map { $0 / plain }
        #expect(shares.allSatisfy { $0 > 0.8 - 0.01 && $0 < 1.2 + 0.01 })
        // Each link has a draw of its own, so that the sum is within the range; the trunk is half of it.
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) > 0.05, "\(shares)")
    }

    @Test func `a robot sinks as deep as the time constant that is drawn lets it`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.contactMaterial.softness.impedance = 0.5
        func height(_ range: ClosedRange<Double>?) throws -> Double {
            scene.randomisation.contactTimeConstant = range
            let driver = try Driver(scene)
            try driver.reset()
            for _ in 0..<75 { try driver.step(all: 0) }
            return driver.environment.reading.position(ofLink: 0).z
        }
        let usual = try height(nil)
        #expect(try height(0.02...0.02) == usual)
        #expect(try height(0.04...0.04) < usual - 0.003)
    }

    /// The masses (kg) that the ground holds up after a second and a half, in twenty episodes.
    private static func standingMasses(_ scene: Scene) throws -> [Double] {
        let driver = try Driver(scene)
        return try (0..<20).map { _ in
            try driver.reset()
            for _ in 0..<75 { try driver.step(all: 0) }
            let links = scene.robot.links.indices
            let force = links.reduce(0.0) { $0 + driver.environment.reading.contactForce(onLink: $1).z }
            return force / 9.81
        }
    }

    @Test func `the noise of an observation is what its term declares`() throws {
        let scene = try ShippedScenes.load("everything")
        let clean = try Driver(scene.withoutChance)
        var noisyScene = scene.withoutChance
        for index in scene.observation.indices {
            noisyScene.observation[index].noise = scene.observation[index].noise
        }
        let noisy = try Driver(noisyScene)
        try clean.reset()
        try noisy.reset()
        var samples: [[Double]] = scene.observation.map { _ in [] }
        let names = clean.environment.observationSpace.elements.map(\.name)
        for _ in 0..<400 {
            try clean.step(all: 0.3)
            try noisy.step(all: 0.3)
            for (index, term) in scene.observation.enumerated() where term.name != "velocity_commands" {
                for element in names.indices where names[element].hasPrefix(term.name + ".") {
                    let difference = Double(noisy.observation[element] - clean.observation[element])
                    samples[index].append(difference / term.scale)
                }
            }
        }
        var noises = 0
        for (term, values) in zip(scene.observation, samples) {
            guard case .uniform(let low, let high) = term.noise else {
                #expect(values.allSatisfy { $0 == 0 }, "\(term.name)")
                continue
            }
            noises += 1
            let (width, mean) = (high - low, values.reduce(0, +) / Double(values.count))
            let (least, most) = (values.min() ?? .nan, values.max() ?? .nan)
            #expect(least > low - 1e-4 && most < high + 1e-4, "\(term.name): \(least) to \(most)")
            #expect(
                least < low + 0.02 * width && most > high - 0.02 * width, "\(term.name): \(least) to \(most)")
            #expect(abs(mean - (low + high) / 2) < 5 * 0.29 * width / Double(values.count).squareRoot())
        }
        #expect(noises == 5)
    }

    @Test func `an observation is clipped before it is scaled`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        let clean = try Driver(scene)
        let index = try #require(scene.observation.firstIndex { $0.name == "joint_velocities" })
        scene.observation[index].clip = -0.3...0.2
        let clipped = try Driver(scene)
        try clean.reset()
        try clipped.reset()
        let names = clean.environment.observationSpace.elements.map(\.name)
        var (low, high) = (0, 0)
        for step in 0..<50 {
            for driver in [clean, clipped] { try driver.step(all: step % 10 < 5 ? 0.5 : -0.5) }
            for element in names.indices {
                var expected = Double(clean.observation[element])
                if names[element].hasPrefix("joint_velocities.") {
                    if expected < -0.3 * 0.05 { low += 1 }
                    if expected > 0.2 * 0.05 { high += 1 }
                    expected = max(-0.3 * 0.05, min(0.2 * 0.05, expected))
                }
                #expect(abs(Double(clipped.observation[element]) - expected) < 1e-7, "\(names[element])")
            }
        }
        #expect(low > 10 && high > 10)
    }
}
