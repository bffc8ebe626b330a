// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Testing

/// Armature, damping, springs, servos, dry friction and stops: rows of a joint.
struct DriveTests {
    @Test func `armature adds to the inertia that a torque meets`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .torque
        definition.joints[0].properties.armature = 3
        let world = try World(definition)
        try world.step([2], substeps: 1000)
        #expect(abs(try world.joints().velocities[0] - 2.0 / 4) < 1e-6)
    }

    @Test func `armature resists only the joint's own acceleration`() throws {
        // Both links turn with the base: the inner joint does not move, so its armature must not be felt.
        var definition = WorldDefinition.wheel()
        definition.links.append(definition.links[0])
        definition.joints.append(
            JointDefinition(
                parent: 0, child: 1, axis: Vector3(0, 0, 1),
                properties: JointProperties(armature: 5, friction: 1e6)))
        definition.joints[0].drive = .torque
        let world = try World(definition)
        try world.step([2, 0], substeps: 1000)
        #expect(abs(try world.joints().velocities[0] - 2.0 / 2) < 1e-6)
    }

    @Test func `damping takes speed off exponentially`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].properties.damping = 0.7
        let world = try World(definition)
        try world.place(velocities: [3])
        try world.step(substeps: 1000)
        #expect(abs(try world.joints().velocities[0] - 3 * exp(-0.7)) < 1e-3)
    }

    @Test func `a slider on a spring is a harmonic oscillator`() throws {
        var definition = WorldDefinition.carriage()
        definition.timeStep = 1e-4
        definition.joints[0].properties.stiffness = 50
        definition.joints[0].properties.rest = 0.2
        let world = try World(definition)
        try world.place(positions: [0.5])
        let omega = 5.0
        for i in 1...20 {
            try world.step(substeps: 500)
            let t = 0.05 * Double(i)
            let (q, v) = try world.joints()
            #expect(abs(q[0] - (0.2 + 0.3 * cos(omega * t))) < 1e-3)
            #expect(abs(v[0] + 0.3 * omega * sin(omega * t)) < 5e-3)
        }
    }

    @Test(arguments: [JointKind.hinge, .slider])
    func `a servo droops by load over kp and its effort is the load`(kind: JointKind) throws {
        var definition = kind == .hinge ? WorldDefinition.pendulum() : .carriage()
        definition.timeStep = 0.02
        definition.gravity = kind == .hinge ? Vector3(0, 0, -10) : Vector3(-3, 0, 0)
        definition.joints[0].drive = .position(kp: 2000, kd: 50)
        let world = try World(definition)
        let target = kind == .hinge ? Double.pi / 2 : 0.5
        try world.step([target], substeps: 2000)
        // kp (target - q) holds 5 sin q N m, or 6 N
        var expected = target
        for _ in 0..<50 { expected = target - (kind == .hinge ? 5 * sin(expected) : 6) / 2000 }
        var reading = world.makeReading()
        try world.read(into: &reading)
        #expect(abs(reading.jointPositions[0] - expected) < 1e-7)
        #expect(abs(reading.jointEfforts[0] - 2000 * (target - expected)) < 1e-4)
        #expect(abs(reading.jointVelocities[0]) < 1e-7)
    }

    @Test(arguments: [1e7, 1e8])
    func `a servo that is too stiff for the step acts on where the joint will be, and is stable`(kp: Double)
        throws
    {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .position(kp: kp, kd: 0)
        let world = try World(definition)
        let h = definition.timeStep
        try world.step([0.1])
        // 1 kg m² from rest: v' = h kp (0.1 - h (1/4 + 3/4 late) v'), from the trapezoid (late 0) to backward Euler (1)
        let late = max(0, 1 - 1 / (h * h * kp))
        let speed = h * kp * 0.1 / (1 + h * h * kp * (0.25 + 0.75 * late))
        #expect(abs(try world.joints().velocities[0] / speed - 1) < 1e-6)
        try world.step([0.1], substeps: 3000)
        #expect(abs(try world.joints().positions[0] - 0.1) < 1e-4)
    }

    @Test func `a servo's effort limit clips the servo and not armature or damping`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .position(kp: 1e4, kd: 100)
        definition.joints[0].properties.effortLimit = 2
        definition.joints[0].properties.armature = 3
        definition.joints[0].properties.damping = 0.5
        let world = try World(definition)
        var reading = world.makeReading()
        try world.step([1000], substeps: 1000)
        try world.read(into: &reading)
        // (1 + 3) v' = 2 - 0.5 v
        #expect(abs(reading.jointVelocities[0] - 4 * (1 - exp(-0.5 / 4))) < 1e-4)
        #expect(reading.jointEfforts[0] == 2)
        try world.step([-1000])
        try world.read(into: &reading)
        #expect(reading.jointEfforts[0] == -2)
    }

    @Test func `a servo that is overpowered within a step still keeps to its limit`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .position(kp: 1e5, kd: 1e3)
        definition.joints[0].properties.effortLimit = 2
        let world = try World(definition)
        try world.setExternalForce(.zero, torque: Vector3(0, 0, 50), onLink: 0)
        try world.step([0])
        #expect(abs(try world.joints().velocities[0] - 0.048) < 1e-7)
        try world.setExternalForce(.zero, torque: Vector3(0, 0, 50), onLink: 0)
        try world.step([0], substeps: 99)
        #expect(abs(try world.joints().velocities[0] - 4.8) < 1e-6)
        try world.place()
        try world.setExternalForce(.zero, torque: Vector3(0, 0, 1.5), onLink: 0)
        try world.step([0], substeps: 2000)
        #expect(abs(try world.joints().positions[0] - 1.5e-5) < 1e-9)
    }

    @Test func `a velocity servo reaches its speed and torque drives obey their limit`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .velocity(kd: 20)
        let world = try World(definition)
        try world.step([3], substeps: 5000)
        #expect(abs(try world.joints().velocities[0] - 3) < 1e-6)
        definition.joints[0].drive = .torque
        definition.joints[0].properties.effortLimit = 0.25
        let limited = try World(definition)
        try limited.step([100], substeps: 1000)
        #expect(abs(try limited.joints().velocities[0] - 0.25) < 1e-9)
        try limited.place()
        try limited.setDriveScale(2, ofJoint: 0)
        try limited.step([0.1], substeps: 1000)
        #expect(abs(try limited.joints().velocities[0] - 0.2) < 1e-9)
    }

    @Test func `dry friction holds below its torque and takes it off above`() throws {
        var definition = WorldDefinition.wheel()
        definition.joints[0].drive = .torque
        definition.joints[0].properties.friction = 1
        let world = try World(definition)
        try world.step([0.99], substeps: 1000)
        #expect(abs(try world.joints().velocities[0]) < 1e-6)
        try world.place()
        try world.step([-1.5], substeps: 1000)
        #expect(abs(try world.joints().velocities[0] + 0.5) < 1e-3)
    }

    /// A joint thrown at its stop, with an effort behind it, in a long step.
    static let throwsAtStops: [(JointKind, Double, Double, Double)] = [
        (.hinge, 3, 100, 20), (.hinge, -3, -100, -20), (.hinge, 2 * .pi, 300, 5), (.hinge, -2 * .pi, -50, -5),
        (.hinge, 0.5, 1000, 100), (.hinge, 10, 700, 50), (.slider, 1, 200, 50), (.slider, -0.01, -100, -500),
    ]

    @Test(arguments: throwsAtStops)
    func `a stop holds at any speed and any angle`(
        kind: JointKind, stop: Double, speed: Double, effort: Double
    )
        throws
    {
        var definition = kind == .hinge ? WorldDefinition.wheel() : .carriage()
        if kind == .hinge {
            definition.links[0].properties.inertia = Inertia(xx: 0.01, yy: 0.01, zz: 0.01)
        }
        definition.timeStep = 0.01
        definition.joints[0].lower = min(stop, -abs(stop))
        definition.joints[0].upper = max(stop, abs(stop))
        definition.joints[0].drive = .torque
        let world = try World(definition)
        try world.place(velocities: [speed])
        for _ in 0..<500 {
            try world.step([effort])
            // It grows hard before a quarter of a radian, or of the range, which is twice the stop here.
            let softest = kind == .hinge ? min(0.25, abs(stop) / 2) : abs(stop) / 2
            #expect(abs(try world.joints().positions[0]) <= abs(stop) + softest + 1e-4)
        }
        let (q, v) = try world.joints()
        #expect(abs(q[0] - stop) < 1e-4 && abs(v[0]) < 1e-4)
        // and it lets go
        for _ in 0..<50 { try world.step([-effort]) }
        #expect(abs(try world.joints().positions[0] - stop) > 1e-3 || abs(effort) < 1e-9)
    }

    @Test(arguments: [0.001, 0.005, 0.01])
    func `a joint placed beyond its stop comes back at x over e T at most and stays there`(step: Double)
        throws
    {
        var definition = WorldDefinition.wheel()
        definition.timeStep = step
        definition.joints[0].lower = 0.5
        definition.joints[0].upper = 1
        let world = try World(definition)
        var (fastest, farthest) = (0.0, 0.0)
        for _ in 0..<Int(1 / step) {
            try world.step()
            fastest = max(fastest, try world.joints().velocities[0])
            farthest = max(farthest, try world.joints().positions[0])
        }
        #expect(fastest <= 1.1 * 0.5 / (exp(1) * 0.02))
        #expect(farthest < 0.5 + 1e-9)
        #expect(try world.joints().positions[0] >= 0.5 - 1e-4)
    }
}
