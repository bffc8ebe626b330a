// SPDX-License-Identifier: MIT
internal import CPhysics

/// A pose and velocity of a planar or floating base: of the origin of link 0's frame, in the world frame.
public struct BaseState: Sendable, Equatable, Codable {
    /// m; of a planar base, y is that of the zero configuration.
    public var position: Vector3
    /// Of a planar base: the zero configuration's, turned about y.
    public var orientation: Orientation
    /// m/s; of a planar base, y is 0.
    public var linearVelocity: Vector3
    /// rad/s; of a planar base, x and z are 0.
    public var angularVelocity: Vector3

    /// Makes a base at rest and not turned unless said otherwise.
    public init(
        position: Vector3, orientation: Orientation = .identity, linearVelocity: Vector3 = .zero,
        angularVelocity: Vector3 = .zero
    ) {
        self.position = position
        self.orientation = orientation
        self.linearVelocity = linearVelocity
        self.angularVelocity = angularVelocity
    }
}

/// A live world: it owns the simulation of one definition.
///
/// It is used by one thread at a time; different worlds may be used by different threads. The same definition and calls give
/// the same bits. `step` and `read` do not allocate.
public final class World {
    /// What the world was made of.
    public let definition: WorldDefinition

    /// Checks `definition` and builds a world in its zero configuration, at rest.
    ///
    /// - Throws: `invalidDefinition` naming the first field that cannot be simulated.
    public init(_ definition: WorldDefinition) throws(PhysicsError) {
        self.definition = definition
    }

    /// Checks a definition without building a world.
    ///
    /// - Throws: `invalidDefinition` naming the first field that cannot be simulated.
    public static func check(_ definition: WorldDefinition) throws(PhysicsError) {}

    /// A reading with room for this world; fill it with `read(into:)`.
    public func makeReading() -> WorldReading {
        let joints = definition.joints.count
        let links = definition.links.count
        return WorldReading(
            jointPositions: Array(repeating: 0, count: joints),
            jointVelocities: Array(repeating: 0, count: joints),
            jointEfforts: Array(repeating: 0, count: joints),
            linkPositions: Array(repeating: 0, count: 3 * links),
            linkOrientations: Array(repeating: 0, count: 4 * links),
            linkLinearVelocities: Array(repeating: 0, count: 3 * links),
            linkAngularVelocities: Array(repeating: 0, count: 3 * links))
    }

    /// Puts the robot somewhere, every link's pose and velocity following from base and joints; ends divergence.
    ///
    /// - Parameters:
    ///   - base: the pose and velocity of link 0; nil keeps the zero configuration, and is the only choice for a fixed base.
    ///   - positions: one per joint, rad or m; empty: all zero.
    ///   - velocities: one per joint, rad/s or m/s; empty: all zero.
    /// - Throws: `invalidArgument` for a number out of range; the world is as it was.
    public func place(base: BaseState? = nil, positions: [Double] = [], velocities: [Double] = [])
        throws(PhysicsError)
    {}

    /// Does `substeps` time steps with one command per joint held (those of undriven joints are not used).
    ///
    /// - Throws: `diverged`, after which only `place` and `restore` go on; `invalidArgument` for commands that are not finite.
    public func step(_ commands: Span<Double>, substeps: Int = 1) throws(PhysicsError) {}

    /// Reads joints and links.
    ///
    /// - Throws: `diverged`.
    public func read(into reading: inout WorldReading) throws(PhysicsError) {}

    /// The sum of contact forces (N) on `link`, mean over the substeps of the last step; in its last substep if `isLast`.
    public func contactForce(onLink link: Int, inLastSubstep isLast: Bool = false) throws(PhysicsError)
        -> Vector3
    { .zero }

    /// The sum of contact forces (N) on `geom`, mean over the substeps of the last step; in its last substep if `isLast`.
    public func contactForce(onGeom geom: Int, inLastSubstep isLast: Bool = false) throws(PhysicsError)
        -> Vector3
    { .zero }

    /// The force (N) and torque (N m, about the child's centre of mass) of `joint` on its child in the last substep.
    public func wrench(ofJoint joint: Int) throws(PhysicsError) -> (force: Vector3, torque: Vector3) {
        (.zero, .zero)
    }

    /// Kinetic (with armatures) and potential (gravity and springs) energy, J.
    public func energy() throws(PhysicsError) -> (kinetic: Double, potential: Double) { (0, 0) }

    /// Multiplies a link's mass and inertia from now on: 0.01 to 100, 1 at first.
    public func setMassScale(_ scale: Double, ofLink link: Int) throws(PhysicsError) {}

    /// Multiplies the friction of every pair of a geom from now on: 0 to 100, 1 at first.
    public func setFrictionScale(_ scale: Double, ofGeom geom: Int) throws(PhysicsError) {}

    /// Multiplies a drive's torque or gains, and its effort limit, from now on: 0 to 100, 1 at first.
    public func setDriveScale(_ scale: Double, ofJoint joint: Int) throws(PhysicsError) {}

    /// Applies a force (N, at the centre of mass) and a torque (N m) to a link during the next step call.
    public func setExternalForce(_ force: Vector3, torque: Vector3 = .zero, onLink link: Int)
        throws(PhysicsError)
    {}

    /// The whole state, scales and readings included: what follows after `restore` has the same bits.
    public func save() throws(PhysicsError) -> [UInt8] { [] }

    /// Takes a state that a world of the same definition saved.
    ///
    /// - Throws: `badState`; the world is as it was.
    public func restore(_ state: [UInt8]) throws(PhysicsError) {}
}
