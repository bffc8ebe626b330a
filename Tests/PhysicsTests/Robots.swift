// SPDX-License-Identifier: MIT
import Geometry
import Physics

// The robots of the tests, and a few numbers about them.

extension LinkDefinition {
    init(
        mass: Double, centerOfMass: Vector3 = .zero, inertia: Inertia, position: Vector3 = .zero,
        orientation: Quaternion = .identity
    ) {
        self.init(
            properties: MassProperties(mass: mass, centerOfMass: centerOfMass, inertia: inertia),
            pose: Pose(position: position, orientation: orientation))
    }
}

extension GeomDefinition {
    init(
        shape: GeomShape, link: Int? = nil, position: Vector3, orientation: Quaternion = .identity
    ) {
        self.init(shape: shape, link: link, pose: Pose(position: position, orientation: orientation))
    }
}

extension JointDefinition {
    /// A hinge about y.
    static func pivot(_ parent: Int?, _ child: Int, at anchor: Vector3 = .zero) -> JointDefinition {
        JointDefinition(parent: parent, child: child, anchor: anchor, axis: Vector3(0, 1, 0))
    }
}

extension WorldDefinition {
    /// A rod of 1 kg and 1 m that hangs from a hinge about y, gravity 10 m/s²; its inertia times `inertiaFactor`.
    static func pendulum(inertiaFactor: Double = 1) -> WorldDefinition {
        var world = WorldDefinition()
        world.gravity = Vector3(0, 0, -10)
        let inertia = inertiaFactor / 12
        world.links = [
            LinkDefinition(
                mass: 1, centerOfMass: Vector3(0, 0, -0.5),
                inertia: Inertia(xx: inertia, yy: inertia, zz: 1e-3))
        ]
        world.joints = [.pivot(nil, 0)]
        return world
    }

    /// A hinge without gravity whose child has inertia 1 about the axis.
    static func wheel() -> WorldDefinition {
        var world = WorldDefinition()
        world.gravity = .zero
        world.links = [LinkDefinition(mass: 1, inertia: Inertia(xx: 1, yy: 1, zz: 1))]
        world.joints = [JointDefinition(child: 0, axis: Vector3(0, 0, 1))]
        return world
    }

    /// A block of 2 kg on a rail along x, without gravity.
    static func carriage() -> WorldDefinition {
        var world = WorldDefinition()
        world.gravity = .zero
        world.links = [LinkDefinition(mass: 2, inertia: Inertia(xx: 1, yy: 1, zz: 1))]
        world.joints = [JointDefinition(kind: .slider, child: 0, axis: Vector3(1, 0, 0))]
        return world
    }

    /// Rods of 0.3 m in a row along x that hinge about y; the first is the base, or hangs on the world.
    static func chain(base: Base, links count: Int) -> WorldDefinition {
        var world = WorldDefinition()
        world.base = base
        for i in 0..<count {
            world.links.append(
                LinkDefinition(
                    mass: 0.5 + 0.25 * Double(i), centerOfMass: Vector3(0.15, 0, 0),
                    inertia: Inertia(xx: 1e-3, yy: 5e-3, zz: 5e-3), position: Vector3(0.3 * Double(i), 0, 1)))
            if i > 0 || base == .fixed {
                world.joints.append(.pivot(i > 0 ? i - 1 : nil, i, at: Vector3(0.3 * Double(i), 0, 1)))
            }
        }
        return world
    }

    /// A tree of links in random frames, with random hinges and sliders, that stands on `base`.
    static func randomTree(base: Base, links count: Int, random: inout Numbers) -> WorldDefinition {
        var world = WorldDefinition()
        world.base = base
        for i in 0..<count {
            world.links.append(
                LinkDefinition(
                    mass: random.uniform(0.5, 2), centerOfMass: random.vector(0.2),
                    inertia: Inertia(
                        xx: random.uniform(0.02, 0.05), yy: random.uniform(0.02, 0.05),
                        zz: random.uniform(0.02, 0.05), xy: 0.005, xz: -0.003, yz: 0.002),
                    position: random.vector(0.5), orientation: random.orientation()))
            guard i > 0 || base == .fixed else { continue }
            let parent = i == 0 ? nil : Int(random.uniform(0, Double(i)))
            let kind: JointKind = random.uniform(0, 1) < 0.6 ? .hinge : .slider
            world.joints.append(
                JointDefinition(
                    kind: kind, parent: parent, child: i, anchor: random.vector(0.5), axis: random.vector(1)))
        }
        return world
    }
}

/// Random numbers that are the same each time (SplitMix64).
struct Numbers {
    var state: UInt64

    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
        return low + (high - low) * Double((z ^ (z &>> 31)) &>> 11) * 0x1p-53
    }

    mutating func vector(_ reach: Double) -> Vector3 {
        Vector3(uniform(-reach, reach), uniform(-reach, reach), uniform(-reach, reach))
    }

    mutating func orientation() -> Quaternion {
        let (w, v) = (uniform(-1, 1), vector(1))
        let length = (w * w + v.x * v.x + v.y * v.y + v.z * v.z).squareRoot()
        return Quaternion(w: w / length, x: v.x / length, y: v.y / length, z: v.z / length)
    }
}

extension Vector3 {
    static func * (vector: Vector3, factor: Double) -> Vector3 { factor * vector }
}

extension World {
    /// One step with an array of commands.
    func step(_ commands: [Double], substeps: Int = 1) throws(PhysicsError) {
        try step(commands.span, substeps: substeps)
    }

    /// Joint positions and velocities.
    func joints() throws(PhysicsError) -> (positions: [Double], velocities: [Double]) {
        var reading = makeReading()
        try read(into: &reading)
        return (reading.jointPositions, reading.jointVelocities)
    }

    /// Linear momentum and angular momentum about the world's origin.
    func momentum() throws(PhysicsError) -> (linear: Vector3, angular: Vector3) {
        var reading = makeReading()
        try read(into: &reading)
        var linear = Vector3.zero
        var angular = Vector3.zero
        for (i, link) in definition.links.enumerated() {
            let com = try centerOfMass(ofLink: i)
            let w = reading.angularVelocity(ofLink: i)
            let v = reading.linearVelocity(ofLink: i) + w.cross(com - reading.position(ofLink: i))
            let turned = reading.orientation(ofLink: i)
            linear += link.properties.mass * v
            angular +=
                com.cross(link.properties.mass * v)
                + turned.rotate(link.properties.inertia * turned.inverse.rotate(w))
        }
        return (linear, angular)
    }
}
