// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Testing

/// Friction and contact forces.
struct ContactTests {
    /// A box of 1 kg that rests on the plane z = 0.
    static func box(friction: Double, gravity: Vector3 = Vector3(0, 0, -9.81)) -> WorldDefinition {
        var world = WorldDefinition()
        world.base = .floating
        world.gravity = gravity
        world.timeStep = 0.002
        world.links = [
            LinkDefinition(
                mass: 1, inertia: Inertia(xx: 0.01, yy: 0.01, zz: 0.01), position: Vector3(0, 0, 0.05))
        ]
        world.geoms = [
            GeomDefinition(shape: .plane),
            GeomDefinition(shape: .solid(.box(size: Vector3(0.3, 0.3, 0.1))), link: 0),
        ]
        world.pairs = [PairDefinition(1, 0, friction: friction)]
        return world
    }

    /// Gravity as on a slope of `degrees` that falls towards `azimuth`.
    static func slope(_ degrees: Double, towards azimuth: Double) -> Vector3 {
        let (angle, around) = (degrees * .pi / 180, azimuth * .pi / 180)
        return 9.81 * Vector3(sin(angle) * cos(around), sin(angle) * sin(around), -cos(angle))
    }

    @Test(arguments: [0, 30, 45, 90, 200])
    func `a box sticks below its friction angle and slides above`(azimuth: Double) throws {
        // atan 0.5 = 26.57 degrees
        var reading: WorldReading
        let low = try World(Self.box(friction: 0.5, gravity: Self.slope(25.5, towards: azimuth)))
        reading = low.makeReading()
        try low.step(substeps: 1000)
        try low.read(into: &reading)
        #expect(hypot(reading.position(ofLink: 0).x, reading.position(ofLink: 0).y) < 1e-3)

        let high = try World(Self.box(friction: 0.5, gravity: Self.slope(28, towards: azimuth)))
        try high.step(substeps: 1000)
        try high.read(into: &reading)
        let slid = reading.linearVelocity(ofLink: 0)
        let expected = 9.81 * (sin(28 * Double.pi / 180) - 0.5 * cos(28 * Double.pi / 180)) * 2
        #expect(abs(slid.length / expected - 1) < 0.02)
        let direction = Vector3(cos(azimuth * .pi / 180), sin(azimuth * .pi / 180), 0)
        #expect(slid.dot(direction) / slid.length > 0.9999)
    }

    @Test(arguments: [0, 22.5, 45])
    func `sliding is slowed by mu g in any direction`(azimuth: Double) throws {
        let world = try World(Self.box(friction: 0.5))
        let direction = Vector3(cos(azimuth * .pi / 180), sin(azimuth * .pi / 180), 0)
        try world.place(
            base: BaseState(position: Vector3(0, 0, 0.05), linearVelocity: 5 * direction))
        try world.step(substeps: 250)
        var reading = world.makeReading()
        try world.read(into: &reading)
        let velocity = reading.linearVelocity(ofLink: 0)
        #expect(abs(velocity.length - (5 - 0.5 * 9.81 * 0.5)) < 0.05)
        #expect(velocity.dot(direction) / velocity.length > 0.9999)
    }

    @Test func `friction scales multiply and a frictionless box keeps its speed`() throws {
        let world = try World(Self.box(friction: 0.5))
        let start = BaseState(position: Vector3(0, 0, 0.05), linearVelocity: Vector3(3, 0, 0))
        var reading = world.makeReading()
        try world.place(base: start)
        try world.setFrictionScale(0, ofGeom: 0)
        try world.step(substeps: 250)
        try world.read(into: &reading)
        #expect(abs(reading.linearVelocity(ofLink: 0).x - 3) < 1e-6)
        try world.setFrictionScale(0.5, ofGeom: 0)
        try world.place(base: start)
        try world.step(substeps: 250)
        try world.read(into: &reading)
        #expect(abs(reading.linearVelocity(ofLink: 0).x - (3 - 0.25 * 9.81 * 0.5)) < 0.03)
    }

    static let shapes: [(Shape, Double)] = [
        (.box(size: Vector3(0.2, 0.3, 0.4)), 0.2), (.sphere(radius: 0.2), 0.2),
        (.cylinder(radius: 0.1, length: 0.4), 0.2),
        (.capsule(radius: 0.1, length: 0.2), 0.2),
    ]

    @Test(arguments: shapes)
    func `every shape rests on the ground with its weight`(shape: Shape, height: Double) throws {
        var definition = Self.box(friction: 1)
        definition.geoms[1].shape = .solid(shape)
        definition.geoms.append(
            GeomDefinition(shape: .solid(.box(size: Vector3(3, 3, 1))), position: Vector3(0, 0, -0.5)))
        for ground in [0, 2] {
            definition.pairs = [PairDefinition(ground, 1)]
            let world = try World(definition)
            try world.place(base: BaseState(position: Vector3(0, 0, height + 0.01)))
            try world.step(substeps: 500)
            try world.step(substeps: 10)
            var reading = world.makeReading()
            try world.read(into: &reading)
            #expect(abs(reading.position(ofLink: 0).z - height) < 2e-3)
            #expect(abs(reading.contactForce(onLink: 0).z - 9.81) < 0.02)
            #expect(abs(try world.contactForce(onGeom: ground, inLastSubstep: true).z + 9.81) < 0.02)
        }
    }

    @Test func `pairs that are not listed pass through each other`() throws {
        var definition = Self.box(friction: 1)
        definition.pairs = []
        let world = try World(definition)
        try world.step(substeps: 500)
        var reading = world.makeReading()
        try world.read(into: &reading)
        #expect(reading.position(ofLink: 0).z < -4)
    }

    @Test func `geoms stand where frames and bases put them`() throws {
        // A planar base whose link frame is turned and away from its mass, on a turned static box: the foot's height tells.
        var definition = Self.box(friction: 1)
        definition.base = .planar
        definition.links[0].pose.position = Vector3(0, 0.4, 1)
        definition.links[0].pose.orientation = Quaternion(
            w: 0.5.squareRoot(), x: 0, y: 0, z: 0.5.squareRoot())
        definition.links[0].properties.centerOfMass = Vector3(0.1, 0, 0)
        definition.geoms[1] = GeomDefinition(
            shape: .solid(.capsule(radius: 0.05, length: 0.6)), link: 0, position: Vector3(0.1, 0, -0.2),
            orientation: Quaternion(w: 0.5.squareRoot(), x: 0.5.squareRoot(), y: 0, z: 0))
        definition.geoms[0] = GeomDefinition(
            shape: .solid(.box(size: Vector3(0.2, 4, 2))), position: Vector3(0, 0, 0.4),
            orientation: Quaternion(w: 0.5.squareRoot(), x: 0, y: 0.5.squareRoot(), z: 0))
        let world = try World(definition)
        try world.step(substeps: 1000)
        var reading = world.makeReading()
        try world.read(into: &reading)
        // ground at 0.4 + 0.1, the capsule lies along x of the world, its axis 0.05 above, the frame 0.2 above that
        #expect(abs(reading.position(ofLink: 0).z - 0.75) < 2e-3)
        #expect(abs(reading.contactForce(onLink: 0).z - 9.81) < 0.02)
    }
}
