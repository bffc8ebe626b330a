// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Testing

/// Bodies without contacts: falling, flying, staying in a plane, and being put somewhere.
struct MotionTests {
    @Test func `a free body falls by g t squared over two`() throws {
        var definition = WorldDefinition.chain(base: .floating, links: 1)
        definition.gravity = Vector3(0.5, -1, -9.81)
        let world = try World(definition)
        var reading = world.makeReading()
        try world.place(
            base: BaseState(position: Vector3(1, 2, 3), linearVelocity: Vector3(1, 0, 2)))
        try world.step(substeps: 1000)
        try world.read(into: &reading)
        // semi-implicit Euler is g t h / 2 ahead
        let fallen = Vector3(1, 2, 3) + Vector3(1, 0, 2) + definition.gravity * (0.5 + 0.0005)
        #expect((reading.position(ofLink: 0) - fallen).length < 1e-9)
        #expect((reading.linearVelocity(ofLink: 0) - Vector3(1, 0, 2) - definition.gravity).length < 1e-9)
    }

    @Test(arguments: 0..<4)
    func `momentum is kept in flight`(seed: Int) throws {
        var random = Numbers(state: UInt64(seed))
        var definition = WorldDefinition.randomTree(base: .floating, links: 5, random: &random)
        definition.gravity = .zero
        definition.timeStep = 1e-4
        for i in definition.joints.indices {
            definition.joints[i].drive = .torque
            definition.joints[i].properties.damping = 0.3
            definition.joints[i].properties.armature = 0.1
            definition.joints[i].properties.stiffness = 20
            definition.joints[i].lower = -0.3
            definition.joints[i].upper = 0.3
        }
        let world = try World(definition)
        try world.place(
            base: BaseState(
                position: .zero, linearVelocity: random.vector(1), angularVelocity: random.vector(1)),
            velocities: definition.joints.map { _ in random.uniform(-2, 2) })
        let before = try world.momentum()
        try world.step(definition.joints.map { _ in random.uniform(-5, 5) }, substeps: 5000)
        let after = try world.momentum()
        #expect((after.linear - before.linear).length < 1e-6)
        #expect((after.angular - before.angular).length < 5e-3)
        // and it did move
        #expect(try world.joints().velocities.map(abs).max() ?? 0 > 0.01)
    }

    /// A hopper-like planar robot, whose second link has its mass beside the plane.
    static func lopsided(_ base: Base) -> WorldDefinition {
        var definition = WorldDefinition.chain(base: base, links: 3)
        definition.gravity = Vector3(0, 0, -1)
        definition.links[0].pose.position.y = 0.7
        definition.links[1].properties.centerOfMass.y = 0.2
        definition.joints[1].axis = Vector3(0.3, 1, 0.2)
        return definition
    }

    @Test func `a planar base stays in its plane whatever hangs on it`() throws {
        let world = try World(Self.lopsided(.planar))
        try world.place(
            base: BaseState(
                position: Vector3(0, 0.7, 100), linearVelocity: Vector3(1, 0, 10),
                angularVelocity: Vector3(0, 3, 0)),
            velocities: [2, -5])
        var reading = world.makeReading()
        for _ in 0..<200 {
            try world.step(substeps: 100)
            try world.read(into: &reading)
            let turned = reading.orientation(ofLink: 0)
            #expect(abs(reading.position(ofLink: 0).y - 0.7) < 1e-12 && abs(turned.x) + abs(turned.z) < 1e-12)
            #expect(abs(reading.linearVelocity(ofLink: 0).y) < 1e-12)
        }
        #expect(reading.position(ofLink: 0).x > 10)
    }

    @Test func `a planar base moves a planar chain as a floating one does`() throws {
        var readings: [WorldReading] = []
        for base in [Base.planar, .floating] {
            var definition = WorldDefinition.chain(base: base, links: 4)
            definition.joints[1].properties.stiffness = 5
            definition.joints[2].drive = .position(kp: 10, kd: 0.5)
            let world = try World(definition)
            try world.place(
                base: BaseState(
                    position: Vector3(0, 0, 2), orientation: Quaternion(w: 0.8, x: 0, y: 0.6, z: 0),
                    linearVelocity: Vector3(1, 0, 5), angularVelocity: Vector3(0, -4, 0)),
                positions: [0.5, -0.3, 1], velocities: [1, 2, -3])
            try world.step([0, 0, 0.7], substeps: 1000)
            var reading = world.makeReading()
            try world.read(into: &reading)
            readings.append(reading)
        }
        func difference(_ part: KeyPath<WorldReading, [Double]>) -> Double {
            zip(readings[0][keyPath: part], readings[1][keyPath: part]).map { abs($0 - $1) }.max()
                ?? .infinity
        }
        #expect(difference(\.jointPositions) < 1e-9 && difference(\.jointVelocities) < 1e-7)
        #expect(difference(\.linkPositions) < 1e-9 && difference(\.linkLinearVelocities) < 1e-7)
        #expect(difference(\.jointEfforts) < 1e-7)
    }

    /// The joints' positions and velocities are measured on the bodies again after a step of a microsecond.
    @Test(arguments: 0..<12)
    func `what is placed is what is read`(seed: Int) throws {
        var random = Numbers(state: 100 + UInt64(seed))
        let base: Base = seed % 3 == 0 ? .fixed : .floating
        var definition = WorldDefinition.randomTree(base: base, links: 6, random: &random)
        definition.gravity = .zero
        definition.timeStep = 1e-6
        let world = try World(definition)
        let q = definition.joints.map {
            $0.kind == .hinge ? random.uniform(-9, 9) : random.uniform(-0.5, 0.5)
        }
        let v = definition.joints.map { _ in random.uniform(-2, 2) }
        let state = BaseState(
            position: random.vector(3), orientation: random.orientation(), linearVelocity: random.vector(2),
            angularVelocity: random.vector(2))
        try world.place(base: base == .fixed ? nil : state, positions: q, velocities: v)
        var before = world.makeReading()
        try world.read(into: &before)
        #expect(before.jointPositions == q && before.jointVelocities == v)
        if base == .floating {
            #expect((before.position(ofLink: 0) - state.position).length < 1e-12)
            #expect((before.linearVelocity(ofLink: 0) - state.linearVelocity).length < 1e-12)
            #expect((before.angularVelocity(ofLink: 0) - state.angularVelocity).length < 1e-12)
            let (a, b) = (before.orientation(ofLink: 0), state.orientation)
            #expect(abs(abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z) - 1) < 1e-12)
        }
        try world.step()
        var after = world.makeReading()
        try world.read(into: &after)
        for i in q.indices {
            #expect(abs(after.jointPositions[i] - q[i] - 1e-6 * v[i]) < 1e-9)
            #expect(abs(after.jointVelocities[i] - v[i]) < 1e-3)
        }
        // a frame's velocity is what its place changes by
        for i in 0..<(3 * definition.links.count) {
            let moved = (after.linkPositions[i] - before.linkPositions[i]) / 1e-6
            #expect(abs(moved - before.linkLinearVelocities[i]) < 1e-3)
        }
    }

    @Test func `fixed joints hold and count as positions that stay zero`() throws {
        var definition = WorldDefinition.chain(base: .fixed, links: 2)
        definition.joints[1].kind = .fixed
        let world = try World(definition)
        try world.step(substeps: 500)
        let (q, v) = try world.joints()
        #expect(q[0] != 0 && q[1] == 0 && v[1] == 0)
        var reading = world.makeReading()
        try world.read(into: &reading)
        #expect(abs((reading.position(ofLink: 1) - reading.position(ofLink: 0)).length - 0.3) < 1e-4)
    }

    @Test func `the wrench of a joint carries what hangs on it`() throws {
        var definition = WorldDefinition.chain(base: .fixed, links: 2)
        definition.joints[0].kind = .fixed
        definition.joints[1].drive = .position(kp: 1e5, kd: 1e3)
        let world = try World(definition)
        try world.step([0, 0], substeps: 3000)
        let outer = try world.wrench(ofJoint: 1)
        // link 1: 0.75 kg, its centre 0.15 m beyond the joint; about that centre the upward force turns it by +y
        #expect((outer.force - Vector3(0, 0, 0.75 * 9.81)).length < 1e-4)
        let effort = -0.75 * 9.81 * 0.15
        var reading = world.makeReading()
        try world.read(into: &reading)
        #expect(abs(reading.jointEfforts[1] - effort) < 1e-3)
        #expect(abs(outer.torque.y - 0) < 1e-3)
        #expect((try world.wrench(ofJoint: 0).force - Vector3(0, 0, 1.25 * 9.81)).length < 1e-4)
    }

    @Test func `a world that measures no joint forces moves to the same bits and refuses to tell them`()
        throws
    {
        let definition = StateTests.hopper()
        let (world, lean) = (try World(definition), try World(definition, measuresJointForces: false))
        for world in [world, lean] { try StateTests.run(world, 0..<40) }
        var (expected, actual) = (world.makeReading(), lean.makeReading())
        try world.read(into: &expected)
        try lean.read(into: &actual)
        #expect(expected == actual)
        #expect(try world.wrench(ofJoint: 0).force.length > 0)
        #expect(throws: PhysicsError.self) { try lean.wrench(ofJoint: 0) }
    }

    @Test func `an external force acts for one step call and mass scales count`() throws {
        var definition = WorldDefinition.chain(base: .floating, links: 1)
        definition.gravity = .zero
        let world = try World(definition)
        try world.setMassScale(2, ofLink: 0)
        try world.setExternalForce(Vector3(0, 3, 0), onLink: 0)
        try world.step(substeps: 1000)
        try world.step(substeps: 1000)
        var reading = world.makeReading()
        try world.read(into: &reading)
        #expect((reading.linearVelocity(ofLink: 0) - Vector3(0, 3, 0)).length < 1e-9)
    }
}
