// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Scenes
import Testing

/// What a curriculum makes of each range of `randomise` on its way to the whole.
struct EasingTests {
    static let halves:
        [(whole: @Sendable (inout Randomisation) -> Void, half: @Sendable (inout Randomisation) -> Void)] = [
            ({ $0.mass = 1.2...1.6 }, { $0.mass = 1.1...1.3 }),
            ({ $0.baseMass = 1...3 }, { $0.baseMass = 0.5...1.5 }),
            ({ $0.friction = 0...0.2 }, { $0.friction = 0.5...0.6 }),
            ({ $0.motorStrength = 0.4...0.6 }, { $0.motorStrength = 0.7...0.8 }),
            ({ $0.contactTimeConstant = 0.05...0.08 }, { $0.contactTimeConstant = 0.035...0.05 }),
            ({ $0.latency = 4...8 }, { $0.latency = 2...4 }),
        ]

    /// Nothing but what is randomised differs between the two, nor do they draw differently.
    @Test(arguments: halves.indices)
    func `half way, an episode is one of half the ranges`(index: Int) throws {
        var scene = try CurriculumTests.scene { scene, _ in
            scene.physics.gravity = Vector3(0, 0, -9.81)
            scene.contactMaterial.softness.impedance = 0.5
            scene.start.base.position.z = 0.27855
            scene.termination = []
        }
        scene.curriculum = nil
        let plain = try Driver(scene)
        Self.halves[index].half(&scene.randomisation)
        let half = try Driver(scene)
        scene.randomisation = .init()
        Self.halves[index].whole(&scene.randomisation)
        scene.curriculum = Curriculum()
        scene.curriculum?.randomisation = .ramp(0, 40)
        let eased = try Driver(scene)
        eased.environment.followCurriculum(among: 1)
        // What is drawn in the first episode is by as many numbers.
        for _ in 0..<2 {
            for driver in [plain, half, eased] { try driver.reset() }
            for driver in [plain, half, eased] {
                try driver.environment.place(
                    base: BaseState(
                        position: scene.start.base.position, orientation: scene.start.base.orientation,
                        linearVelocity: Vector3(0.5, 0, 0), angularVelocity: .zero),
                    positions: scene.start.joints, velocities: scene.start.joints.map { _ in 0 })
            }
            for step in 0..<20 {
                for driver in [plain, half, eased] { try driver.step(all: step < 10 ? 0.8 : -0.8) }
            }
        }
        let positions = [plain, half, eased].map { $0.environment.reading.jointPositions }
        let apart = zip(positions[1], positions[2]).map { abs($0 - $1) }.max() ?? 1
        let moved = zip(positions[0], positions[1]).map { abs($0 - $1) }.max() ?? 0
        #expect(apart < 1e-9 && moved > 1e-3, "\(apart), \(moved)")
    }
}
