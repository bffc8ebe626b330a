// SPDX-License-Identifier: MIT

internal import CPhysics
public import Geometry

/// A live world: it owns the simulation of one definition.
///
/// It is used by one thread at a time; different worlds may be used by different threads. The same definition and calls give
/// the same bits. `step` and `read` do not allocate. Memory is safe: the class alone owns the C world, from `init` to `deinit`, and C
/// checks every count that it is given.
@safe
public final class World {
    /// What the world was made of.
    public let definition: WorldDefinition

    let world: OpaquePointer

    /// Checks `definition` and builds a world in its zero configuration, at rest.
    ///
    /// - Parameters:
    ///   - definition: what it is made of.
    ///   - measuresJointForces: whether `wrench(ofJoint:)` can be asked; steps are a little faster without, and the motion is the same.
    /// - Throws: `invalidDefinition` naming the first field that cannot be simulated.
    public init(_ definition: WorldDefinition, measuresJointForces: Bool = true) throws(PhysicsError) {
        var created: OpaquePointer?
        let text = unsafe ErrorText { text in
            unsafe definition.withCDefinition { unsafe phys_world_create($0, &created, text) }
        }
        try text.check("the world could not be made")
        guard let created = unsafe created else { throw .outOfMemory }
        unsafe self.world = created
        self.definition = definition
        if !measuresJointForces { _ = unsafe phys_world_measure_joint_forces(created, false) }
    }

    deinit {
        unsafe phys_world_destroy(world)
    }

    /// Checks a definition without building a world.
    ///
    /// - Throws: `invalidDefinition` naming the first field that cannot be simulated.
    public static func check(_ definition: WorldDefinition) throws(PhysicsError) {
        let text = unsafe ErrorText { text in
            unsafe definition.withCDefinition { unsafe phys_world_check_def($0, text) }
        }
        try text.check("the definition could not be checked")
    }

    /// How often ODE wanted to end the process and was stopped: 0, or the checks before it have a hole.
    public static var guardCount: Int { Int(phys_guard_count()) }

    /// A reading with room for this world; fill it with `read(into:)`.
    public func makeReading() -> WorldReading {
        WorldReading(joints: definition.joints.count, links: definition.links.count)
    }

    /// Puts the robot somewhere, every link's pose and velocity following from base and joints; ends divergence.
    ///
    /// Objects stay where they are.
    ///
    /// - Parameters:
    ///   - base: the pose and velocity of link 0; nil keeps the zero configuration, and is the only choice for a fixed base.
    ///   - positions: one per joint, rad or m; empty: all zero.
    ///   - velocities: one per joint, rad/s or m/s; empty: all zero.
    /// - Throws: `invalidArgument` for a number out of range; the world is as it was.
    public func place(base: BaseState? = nil, positions: [Double] = [], velocities: [Double] = [])
        throws(PhysicsError)
    {
        let joints = definition.joints.count
        for (name, values) in [("positions", positions), ("velocities", velocities)]
        where !values.isEmpty && values.count != joints {
            throw .invalidArgument("place: there are \(values.count) \(name) for \(joints) joints")
        }
        let status = unsafe positions.withUnsafeBufferPointer { q in
            unsafe velocities.withUnsafeBufferPointer { v in
                let positions = q.isEmpty ? nil : q.baseAddress
                let velocities = v.isEmpty ? nil : v.baseAddress
                guard var base = base?.cState else {
                    return unsafe phys_world_place(world, nil, positions, velocities, joints)
                }
                return unsafe phys_world_place(world, &base, positions, velocities, joints)
            }
        }
        try status.check(
            "place: a position or speed is not finite or out of range, or does not fit a \(definition.base.rawValue) base"
        )
    }

    /// Puts an object somewhere; all else stays.
    ///
    /// - Parameters:
    ///   - index: 0 for the first.
    ///   - state: the pose and velocity of its link.
    /// - Throws: `diverged`, or `invalidArgument` for a number out of range; the world is as it was.
    public func place(object index: Int, at state: BaseState) throws(PhysicsError) {
        var state = state.cState
        try unsafe phys_world_place_object(world, cCount(index), &state)
            .check(
                "place: object \(index) of \(definition.objectCount), or a position or speed, is out of range"
            )
    }

    /// Does `substeps` time steps with one command per joint held (those of undriven joints are not used).
    ///
    /// - Throws: `diverged`, after which only `place` and `restore` go on; `invalidArgument` for commands that are not finite.
    public func step(_ commands: Span<Double>, substeps: Int = 1) throws(PhysicsError) {
        guard substeps >= 0 else { throw .invalidArgument("step: \(substeps) substeps") }
        let status = unsafe commands.withUnsafeBufferPointer {
            unsafe phys_world_step(world, $0.baseAddress, $0.count, substeps)
        }
        try status.check(
            "step: \(definition.joints.count) finite commands within 1e9 are needed, and at most a million substeps"
        )
    }

    /// Does `substeps` time steps of a robot without drives.
    ///
    /// - Throws: as `step` with commands; `invalidArgument` where a joint has a drive.
    public func step(substeps: Int = 1) throws(PhysicsError) {
        guard substeps >= 0 else { throw .invalidArgument("step: \(substeps) substeps") }
        try unsafe phys_world_step(world, nil, 0, substeps).check("step: a driven joint needs a command")
    }

    /// Reads joints and links.
    ///
    /// - Precondition: `reading` was made by `makeReading` of a world with as many joints and links.
    /// - Throws: `diverged`.
    public func read(into reading: inout WorldReading) throws(PhysicsError) {
        try read(.reading, into: &reading.values)
    }

    /// Copies a quantity into an array of its size.
    private func read(_ quantity: phys_quantity, into values: inout [Double]) throws(PhysicsError) {
        let status = unsafe values.withUnsafeMutableBufferPointer {
            unsafe phys_world_read(world, quantity, $0.baseAddress, $0.count)
        }
        // An empty array has no address, and nothing to read.
        if values.isEmpty, unsafe phys_world_value_count(world, quantity) == 0 { return }
        precondition(status != .invalidArgument, "the reading was made for another world")
        try status.check("read")
    }

    /// One vector of a quantity that holds three numbers for each index.
    private func vector(_ quantity: phys_quantity, at index: Int) throws(PhysicsError) -> Vector3 {
        let count = unsafe phys_world_value_count(world, quantity)
        guard index >= 0, 3 * index < count else {
            throw .invalidArgument("index \(index) is not one of \(count / 3)")
        }
        // On the stack: terms ask for forces in every step.
        let (status, vector) = unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: count) {
            values in
            let status = unsafe phys_world_read(world, quantity, values.baseAddress, count)
            guard status == .ok else { return (status, Vector3.zero) }
            return unsafe (status, Vector3(values[3 * index], values[3 * index + 1], values[3 * index + 2]))
        }
        try status.check("read")
        return vector
    }

    /// The sum of contact forces on `link`, N: mean over the substeps of the last step, or of its last substep.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for an index that is none.
    public func contactForce(onLink link: Int, inLastSubstep isLast: Bool = false) throws(PhysicsError)
        -> Vector3
    {
        try vector(isLast ? .linkContactForces : .linkMeanContactForces, at: link)
    }

    /// The sum of contact forces on `geom`, N: mean over the substeps of the last step, or of its last substep.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for an index that is none.
    public func contactForce(onGeom geom: Int, inLastSubstep isLast: Bool = false) throws(PhysicsError)
        -> Vector3
    {
        try vector(isLast ? .geomContactForces : .geomMeanContactForces, at: geom)
    }

    /// The force (N) and torque (N m, about the child's centre of mass) of `joint` on its child in the last substep.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for an index that is none and in a world that does not measure it.
    public func wrench(ofJoint joint: Int) throws(PhysicsError) -> (force: Vector3, torque: Vector3) {
        (try vector(.jointForces, at: joint), try vector(.jointTorques, at: joint))
    }

    /// Where the centre of mass of `link` is, m.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for an index that is none.
    public func centerOfMass(ofLink link: Int) throws(PhysicsError) -> Vector3 {
        try vector(.linkCentersOfMass, at: link)
    }

    /// The listed pair of geoms that overlap most where the robot is now, by its index, and how deep, m; nil where none does.
    ///
    /// - Throws: `diverged`.
    public func deepestOverlap() throws(PhysicsError) -> (pair: Int, depth: Double)? {
        var (pair, depth) = (0, 0.0)
        try unsafe phys_world_deepest_overlap(world, &pair, &depth).check("the deepest overlap")
        return pair < definition.pairs.count ? (pair, depth) : nil
    }

    /// How deep the two geoms of each listed pair are in each other where the robot is now, m; 0 where they are not.
    ///
    /// - Throws: `diverged`.
    public func overlaps() throws(PhysicsError) -> [Double] {
        var depths = definition.pairs.map { _ in 0.0 }
        // An empty array has no address.
        guard !depths.isEmpty else { return [] }
        let status = unsafe depths.withUnsafeMutableBufferPointer {
            unsafe phys_world_overlaps(world, $0.baseAddress, $0.count)
        }
        try status.check("overlaps")
        return depths
    }

    /// How far it is from a point (world frame, m) along a direction of length 1 to the first of some geoms, wherever the links are now; `reach`
    /// (m, at most 1e4) where nothing is nearer, and 0 from within a geom.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for indices and numbers that cannot be.
    public func distance(
        from origin: Vector3, along direction: Vector3, to geoms: Span<Int32>, reach: Double
    ) throws(PhysicsError) -> Double {
        var distance = 0.0
        let ray = (origin.x, origin.y, origin.z, direction.x, direction.y, direction.z)
        let status = unsafe withUnsafeBytes(of: ray) { ray in
            let start = unsafe ray.baseAddress?.assumingMemoryBound(to: Double.self)
            return unsafe geoms.withUnsafeBufferPointer {
                unsafe phys_world_cast_ray(
                    world, $0.baseAddress, $0.count, start, start.map { unsafe $0 + 3 }, reach, &distance)
            }
        }
        try status.check("distance: a geom, origin, direction or reach is out of range")
        return distance
    }

    /// Kinetic (with armatures) and potential (gravity and springs) energy, J.
    ///
    /// - Throws: `diverged`.
    public func energy() throws(PhysicsError) -> (kinetic: Double, potential: Double) {
        var values = [0.0, 0.0]
        try read(.energy, into: &values)
        return (values[0], values[1])
    }

    /// Multiplies a link's mass and inertia from now on: 0.01 to 100, 1 at first.
    ///
    /// - Throws: `invalidArgument`.
    public func setMassScale(_ scale: Double, ofLink link: Int) throws(PhysicsError) {
        try unsafe phys_world_set_mass_scale(world, cCount(link), scale)
            .check(
                "mass scale \(scale) of link \(link): must be 0.01 to 100, of one of \(definition.links.count) links"
            )
    }

    /// Multiplies the friction of every pair of a geom from now on: 0 to 100, 1 at first.
    ///
    /// - Throws: `invalidArgument`.
    public func setFrictionScale(_ scale: Double, ofGeom geom: Int) throws(PhysicsError) {
        try unsafe phys_world_set_friction_scale(world, cCount(geom), scale)
            .check(
                "friction scale \(scale) of geom \(geom): must be 0 to 100, of one of \(definition.geoms.count) geoms"
            )
    }

    /// Sets the time constant of contacts, s, from now on: 1e-6 to 100, the definition's at first.
    ///
    /// - Throws: `invalidArgument`.
    public func setContactTimeConstant(_ seconds: Double) throws(PhysicsError) {
        try unsafe phys_world_set_contact_time_constant(world, seconds)
            .check("contact time constant \(seconds): must be 1e-6 to 100 s")
    }

    /// Multiplies a drive's torque or gains, and its effort limit, from now on: 0 to 100, 1 at first.
    ///
    /// - Throws: `invalidArgument`.
    public func setDriveScale(_ scale: Double, ofJoint joint: Int) throws(PhysicsError) {
        try unsafe phys_world_set_drive_scale(world, cCount(joint), scale)
            .check(
                "drive scale \(scale) of joint \(joint): must be 0 to 100, of one of \(definition.joints.count) joints"
            )
    }

    /// Applies a force (N, at the centre of mass) and a torque (N m) to a link during the next step call.
    ///
    /// - Throws: `invalidArgument`.
    public func setExternalForce(_ force: Vector3, torque: Vector3 = .zero, onLink link: Int)
        throws(PhysicsError)
    {
        let values = [force.x, force.y, force.z, torque.x, torque.y, torque.z]
        let status = unsafe values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return phys_status.invalidArgument }
            return unsafe phys_world_set_external_force(world, cCount(link), start, start + 3)
        }
        try status.check(
            "external force on link \(link): must be within 1e9, on one of \(definition.links.count) links")
    }

    /// Applies a force (N, at the centre of mass) and a torque (N m) along the axes of a link's own frame, with which they turn, during the
    /// next step call; it allocates nothing.
    ///
    /// - Throws: `invalidArgument`.
    public func setOwnForce(_ force: Vector3, torque: Vector3, onLink link: Int) throws(PhysicsError) {
        let values = (force.x, force.y, force.z, torque.x, torque.y, torque.z)
        let status = unsafe withUnsafeBytes(of: values) { values in
            guard let start = unsafe values.baseAddress?.assumingMemoryBound(to: Double.self) else {
                return phys_status.invalidArgument
            }
            return unsafe phys_world_set_link_wrench(world, cCount(link), start, start + 3)
        }
        try status.check(
            "force on link \(link): must be within 1e9, on one of \(definition.links.count) links")
    }

    /// The whole state, scales and readings included: what follows after `restore` has the same bits.
    ///
    /// - Throws: nothing that a caller can bring about.
    public func save() throws(PhysicsError) -> [UInt8] {
        var state = [UInt8](repeating: 0, count: unsafe phys_world_state_size(world))
        let status = unsafe state.withUnsafeMutableBytes {
            unsafe phys_world_save(world, $0.baseAddress, $0.count)
        }
        try status.check("save")
        return state
    }

    /// Takes a state that a world of the same definition saved.
    ///
    /// - Throws: `badState`; the world is as it was.
    public func restore(_ state: [UInt8]) throws(PhysicsError) {
        guard !state.isEmpty else { throw .badState }
        try unsafe state.withUnsafeBytes { unsafe phys_world_restore(world, $0.baseAddress, $0.count) }
            .check("restore")
    }

    /// An index for C: a negative one becomes one that is certainly too large.
    private func cCount(_ index: Int) -> Int { index < 0 ? .max : index }
}
