// SPDX-License-Identifier: MIT

internal import CPhysics
internal import Geometry

// From the Swift definition to the C one; the only file that knows both shapes.

extension WorldDefinition {
    /// Calls `body` with the C form of this definition, whose arrays live during the call.
    func withCDefinition<Result>(_ body: (UnsafePointer<phys_world_def>) -> Result) -> Result {
        let links = links.map(\.cDefinition)
        let joints = joints.map(\.cDefinition)
        let hulls = HullArrays(geoms)
        let geoms = unsafe geoms.map { unsafe $0.cDefinition }
        let pairs = pairs.map(\.cDefinition)
        var definition = unsafe phys_world_default_def()
        unsafe definition.time_step = timeStep
        unsafe definition.gravity = gravity.tuple
        unsafe definition.solver = solver.cSolver
        unsafe definition.contact_law = contactSoftness.law.cLaw
        unsafe definition.stop_law = stopSoftness.law.cLaw
        unsafe definition.contact_margin = contactMargin
        unsafe definition.contact_time_constant = contactSoftness.timeConstant
        unsafe definition.contact_damping_ratio = contactSoftness.dampingRatio
        unsafe definition.contact_impedance = contactSoftness.impedance
        unsafe definition.stop_time_constant = stopSoftness.timeConstant
        unsafe definition.stop_damping_ratio = stopSoftness.dampingRatio
        unsafe definition.stop_impedance = stopSoftness.impedance
        unsafe definition.max_linear_speed = maximumLinearSpeed
        unsafe definition.max_angular_speed = maximumAngularSpeed
        unsafe definition.base = base.cKind
        return unsafe links.withUnsafeBufferPointer { links in
            unsafe joints.withUnsafeBufferPointer { joints in
                unsafe hulls.fill(geoms) { geoms in
                    unsafe pairs.withUnsafeBufferPointer { pairs in
                        unsafe definition.links = links.baseAddress
                        unsafe definition.link_count = links.count
                        unsafe definition.object_count = max(0, objectCount)
                        unsafe definition.joints = joints.baseAddress
                        unsafe definition.joint_count = joints.count
                        unsafe definition.geoms = geoms.baseAddress
                        unsafe definition.geom_count = geoms.count
                        unsafe definition.pairs = pairs.baseAddress
                        unsafe definition.pair_count = pairs.count
                        return unsafe body(&definition)
                    }
                }
            }
        }
    }
}

extension Vector3 {
    fileprivate var tuple: (Double, Double, Double) { (x, y, z) }
}

extension Quaternion {
    fileprivate var tuple: (Double, Double, Double, Double) { (w, x, y, z) }
}

/// An index for C: nil, and what C cannot hold, as numbers that its check refuses or knows.
private func cIndex(_ index: Int?, none: Int32) -> Int32 {
    guard let index else { return none }
    return Int32(exactly: index) ?? .min
}

extension Solver {
    fileprivate var cSolver: phys_solver {
        switch self {
        case .ode: .ode
        case .articulated: .articulated
        }
    }
}

extension ContactLaw {
    fileprivate var cLaw: phys_law {
        switch self {
        case .exact: .exact
        case .convex: .convex
        }
    }
}

extension Base {
    fileprivate var cKind: phys_base {
        switch self {
        case .fixed: .fixed
        case .planar: .planar
        case .floating: .floating
        }
    }
}

extension LinkDefinition {
    fileprivate var cDefinition: phys_link_def {
        let inertia = properties.inertia
        return phys_link_def(
            mass: properties.mass, center_of_mass: properties.centerOfMass.tuple,
            inertia: (inertia.xx, inertia.yy, inertia.zz, inertia.xy, inertia.xz, inertia.yz),
            position: pose.position.tuple, quaternion: pose.orientation.tuple)
    }
}

extension JointDefinition {
    fileprivate var cDefinition: phys_joint_def {
        var definition = phys_joint_default_def()
        definition.kind =
            switch kind {
            case .hinge: .hinge
            case .slider: .slider
            case .fixed: .fixed
            }
        // A parent of -1 is not the world here: only nil is.
        definition.parent = parent == -1 ? .min : cIndex(parent, none: -1)
        definition.child = cIndex(child, none: .min)
        definition.anchor = anchor.tuple
        definition.axis = axis.tuple
        definition.lower = lower
        definition.upper = upper
        definition.velocity_limit = properties.velocityLimit ?? .infinity
        definition.armature = properties.armature
        definition.damping = properties.damping
        definition.stiffness = properties.stiffness
        definition.rest_position = properties.rest
        definition.dry_friction = properties.friction
        definition.effort_limit = properties.effortLimit ?? .infinity
        if let coupling {
            definition.leader = coupling.leader == -1 ? .min : cIndex(coupling.leader, none: .min)
            definition.ratio = coupling.ratio
            definition.offset = coupling.offset
        }
        definition.kp = drive.kp
        definition.kd = drive.kd
        definition.drive =
            switch drive.kind {
            case .none: .none
            case .torque: .torque
            case .position: .position
            case .velocity: .velocity
            }
        return definition
    }
}

extension GeomDefinition {
    fileprivate var cDefinition: phys_geom_def {
        var definition = unsafe phys_geom_default_def()
        unsafe definition.link = link == -1 ? .min : cIndex(link, none: -1)
        unsafe definition.position = pose.position.tuple
        unsafe definition.quaternion = pose.orientation.tuple
        let (kind, size) = cShape
        unsafe (definition.shape, definition.size) = (kind, size)
        if case .field(let field) = shape {
            // The definition, and the world that keeps it, hold the field.
            let part = unsafe field.definition
            unsafe (definition.heights, definition.rows) = (part.heights, part.rows)
            unsafe definition.columns = part.columns
        }
        return unsafe definition
    }

    /// The shape and its size; of a hull, `HullArrays` has the rest.
    private var cShape: (phys_shape, (Double, Double, Double)) {
        switch shape {
        case .plane: (.plane, (0, 0, 0))
        case .solid(.box(let size)): (.box, size.tuple)
        case .solid(.sphere(let radius)): (.sphere, (radius, 0, 0))
        case .solid(.capsule(let radius, let length)): (.capsule, (radius, length, 0))
        case .solid(.cylinder(let radius, let length)): (.cylinder, (radius, length, 0))
        case .solid(.hull): (.hull, (0, 0, 0))
        case .field(let field): (.field, (field.cell, 0, 0))
        }
    }
}

extension PairDefinition {
    fileprivate var cDefinition: phys_pair_def {
        phys_pair_def(
            geom_a: cIndex(first, none: .min), geom_b: cIndex(second, none: .min), friction: friction,
            restitution: restitution)
    }
}

extension BaseState {
    var cState: phys_base_state {
        phys_base_state(
            position: position.tuple, quaternion: orientation.tuple, linear_velocity: linearVelocity.tuple,
            angular_velocity: angularVelocity.tuple)
    }
}
