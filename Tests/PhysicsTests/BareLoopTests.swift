// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Testing

/// The bare loop that benchmarks compare with: it must do the same physics, or the comparison means nothing.
struct BareLoopTests {
    /// Robots with contacts, servos at their limits, stops, speed limits and every kind of base.
    static func worlds() -> [WorldDefinition] {
        var random = Numbers(state: 5)
        let trees = [Base.fixed, .planar, .floating].map { base in
            var world =
                base == .planar
                ? WorldDefinition.chain(base: base, links: 5)
                : WorldDefinition.randomTree(base: base, links: 5, random: &random)
            for joint in world.joints.indices {
                world.joints[joint].drive = .position(kp: 50, kd: 1)
                world.joints[joint].properties.effortLimit = 3
                world.joints[joint].properties.armature = 0.02
                world.joints[joint].properties.velocityLimit = 6
                (world.joints[joint].lower, world.joints[joint].upper) = (-0.7, 0.7)
            }
            return world
        }
        return trees + [StateTests.hopper()]
    }

    @Test(arguments: Self.worlds().indices)
    func `the bare loop brings the bodies where steps bring them, to the bit`(_ index: Int) throws {
        let definition = Self.worlds()[index]
        let world = try World(definition)
        world.log = StepLog()
        for i in 0..<120 {
            let phase = Double(i) * 0.3
            if i == 50 { try world.setMassScale(1.4, ofLink: 1) }
            try world.step(definition.joints.indices.map { 3 * sin(phase + Double($0)) }, substeps: 3)
        }
        let end = try Self.motion(world)
        let log = try #require(world.log)
        world.log = nil

        let twin = try World(definition)
        let times = try log.repeatBare(in: twin, pieces: 50)
        #expect(times.count == 3 + 5)
        #expect(try Self.motion(twin) == end)

        // It leaves a world that steps as ever, forces included.
        for world in [world, twin] {
            try world.step([Double](repeating: 0.5, count: definition.joints.count), substeps: 3)
        }
        var (expected, actual) = (world.makeReading(), twin.makeReading())
        try world.read(into: &expected)
        try twin.read(into: &actual)
        #expect(expected == actual)
        #expect(try world.wrench(ofJoint: 0) == twin.wrench(ofJoint: 0))
    }

    @Test func `a log is repeated only in a world of the same definition`() throws {
        let world = try World(StateTests.hopper())
        world.log = StepLog()
        try StateTests.run(world, 0..<3)
        let log = try #require(world.log)
        let other = try World(.chain(base: .planar, links: 4))
        #expect(throws: PhysicsError.badState) { try log.repeatBare(in: other, pieces: 10) }
    }

    /// Where everything is and how it moves.
    private static func motion(_ world: World) throws -> [[Double]] {
        var reading = world.makeReading()
        try world.read(into: &reading)
        return [
            reading.jointPositions, reading.jointVelocities, reading.linkPositions, reading.linkOrientations,
            reading.linkLinearVelocities, reading.linkAngularVelocities,
        ]
    }
}
