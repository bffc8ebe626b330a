// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Synchronization
import Testing

/// Saving, restoring, threads, and what is refused.
struct StateTests {
    /// A planar hopper that bounces about, with everything that has a state.
    static func hopper() -> WorldDefinition {
        var world = WorldDefinition.chain(base: .planar, links: 4)
        world.timeStep = 0.002
        world.geoms = [GeomDefinition(shape: .plane)]
        for i in 0..<4 {
            world.geoms.append(
                GeomDefinition(
                    shape: .solid(.capsule(radius: 0.04, length: 0.22)), link: i,
                    position: Vector3(0.15, 0, 0),
                    orientation: Quaternion(w: 0.5.squareRoot(), x: 0, y: 0.5.squareRoot(), z: 0)))
            world.pairs.append(PairDefinition(0, i + 1, friction: 0.9))
        }
        world.pairs.append(PairDefinition(1, 4))
        world.joints[0].drive = .torque
        world.joints[1].drive = .position(kp: 30, kd: 1)
        world.joints[1].properties.effortLimit = 5
        world.joints[2].drive = .velocity(kd: 2)
        for i in 0..<3 {
            world.joints[i].properties.armature = 0.05
            world.joints[i].properties.damping = 0.1
            world.joints[i].lower = -1.2
            world.joints[i].upper = 1.2
            world.joints[i].properties.velocityLimit = 20
        }
        return world
    }

    /// Runs steps `range` with commands that depend on the step, and pushes now and then.
    static func run(_ world: World, _ range: Range<Int>) throws {
        for i in range {
            let phase = Double(i) * 0.21
            if i % 17 == 0 { try world.setExternalForce(Vector3(3 * sin(phase), 0, 5), onLink: i % 4) }
            if i % 29 == 0 { try world.setMassScale(1 + 0.3 * sin(phase), ofLink: 1) }
            if i % 31 == 0 { try world.setFrictionScale(1 + 0.5 * cos(phase), ofGeom: 0) }
            try world.step([6 * sin(phase), 0.8 * cos(phase), 3 * sin(2 * phase)], substeps: 4)
        }
    }

    @Test func `a restored world goes on with the same bits, in place and in a fresh world`() throws {
        let definition = Self.hopper()
        let world = try World(definition)
        try Self.run(world, 0..<100)
        try world.setExternalForce(Vector3(1, 0, 2), onLink: 2)
        let middle = try world.save()
        try Self.run(world, 100..<300)
        let end = try world.save()
        try world.restore(middle)
        #expect(try world.save() == middle)
        try Self.run(world, 100..<300)
        #expect(try world.save() == end)
        let fresh = try World(definition)
        try fresh.restore(middle)
        try Self.run(fresh, 100..<300)
        #expect(try fresh.save() == end)
        var (a, b) = (world.makeReading(), fresh.makeReading())
        try world.read(into: &a)
        try fresh.read(into: &b)
        #expect(a == b)
    }

    @Test func `wrong bytes are refused and leave the world as it was`() throws {
        let world = try World(Self.hopper())
        try Self.run(world, 0..<20)
        let good = try world.save()
        try Self.run(world, 20..<40)
        let before = try world.save()
        for i in stride(from: 0, to: good.count, by: 37) {
            var bad = good
            bad[i] ^= 0x40
            #expect(throws: PhysicsError.badState) { try world.restore(bad) }
        }
        #expect(throws: PhysicsError.badState) { try world.restore([]) }
        #expect(throws: PhysicsError.badState) { try world.restore(Array(good.dropLast())) }
        #expect(throws: PhysicsError.badState) { try world.restore(good + [0]) }
        var other = Self.hopper()
        other.joints[1].properties.damping = 0.11
        #expect(throws: PhysicsError.badState) { try World(other).restore(good) }
        #expect(try world.save() == before)
    }

    @Test func `four worlds on four threads give the bits of one`() throws {
        let definition = Self.hopper()
        let alone = try World(definition)
        try Self.run(alone, 0..<300)
        let expected = try alone.save()
        let results = Mutex<[[UInt8]]>([])
        let done = DispatchGroup()
        for _ in 0..<4 {
            done.enter()
            let thread = Thread {
                defer { done.leave() }
                guard let world = try? World(definition), (try? Self.run(world, 0..<300)) != nil,
                    let state = try? world.save()
                else { return }
                results.withLock { $0.append(state) }
            }
            thread.start()
        }
        done.wait()
        let states = results.withLock { $0 }
        #expect(states.count == 4 && states.allSatisfy { $0 == expected })
    }

    @Test func `the same calls give the same bits and other calls do not`() throws {
        let (first, second) = (try World(Self.hopper()), try World(Self.hopper()))
        try Self.run(first, 0..<200)
        try Self.run(second, 0..<200)
        #expect(try first.save() == second.save())
        try second.step([0, 0, 1e-9])
        try first.step([0, 0, 0])
        #expect(try first.save() != second.save())
    }

    @Test func `a diverged world says so and can be placed again`() throws {
        var definition = WorldDefinition.chain(base: .fixed, links: 3)
        for i in 0..<3 { definition.joints[i].drive = .torque }
        let world = try World(definition)
        let start = try world.save()
        #expect(throws: PhysicsError.diverged) {
            for _ in 0..<1000 { try world.step([1e8, -1e8, 1e8]) }
        }
        #expect(throws: PhysicsError.diverged) { try world.step([0, 0, 0]) }
        var reading = world.makeReading()
        #expect(throws: PhysicsError.diverged) { try world.read(into: &reading) }
        let broken = try world.save()
        try world.place()
        #expect(try world.save() == start)
        try world.restore(broken)
        #expect(throws: PhysicsError.diverged) { try world.step([0, 0, 0]) }
        try world.restore(start)
        try world.step([0, 0, 0], substeps: 100)
        #expect(World.guardCount == 0)
    }

    @Test func `errors name the field and what is allowed`() throws {
        var definition = WorldDefinition.chain(base: .fixed, links: 3)
        definition.joints[2].axis = .zero
        #expect(
            throws: PhysicsError.invalidDefinition(
                "joints[2].axis: (0, 0, 0) must be a direction, with a length between 1e-6 and 1e6")
        ) {
            try World.check(definition)
        }
        definition.joints[2].axis = Vector3(0, 1, 0)
        definition.joints[1].parent = -1
        #expect(throws: PhysicsError.self) { try World(definition) }
        definition.joints[1].parent = .max
        #expect(throws: PhysicsError.self) { try World(definition) }
        definition.joints[1].parent = 0
        let world = try World(definition)
        #expect(throws: PhysicsError.self) { try world.step([.nan, 0, 0]) }
        #expect(throws: PhysicsError.self) { try world.step([0, 0]) }
        #expect(throws: PhysicsError.self) { try world.step([0, 0, 0], substeps: -1) }
        #expect(throws: PhysicsError.self) { try world.place(positions: [0, .infinity, 0]) }
        #expect(throws: PhysicsError.self) { try world.place(base: BaseState(position: .zero)) }
        #expect(throws: PhysicsError.self) { try world.setMassScale(1, ofLink: -1) }
        #expect(throws: PhysicsError.self) { try world.contactForce(onGeom: 0) }
        #expect(throws: PhysicsError.self) { try World(WorldDefinition()) }
    }
}
