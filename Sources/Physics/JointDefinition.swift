// SPDX-License-Identifier: MIT

public import Geometry

/// What a joint lets free.
public enum JointKind: String, Sendable, Equatable, CaseIterable {
    /// Turns about its axis; its position is an angle (rad) that counts turns.
    case hinge
    /// Slides along its axis; its position is a length (m).
    case slider
    /// Holds the child rigidly; it keeps its place in commands and readings, where it is always 0.
    case fixed
}

/// What a joint's command means, and the gains it needs.
public enum Drive: Sendable, Equatable {
    /// The command is not looked at.
    case none
    /// The command is the effort, N m or N.
    case torque
    /// The command is a target position: effort = kp (command - position) - kd velocity.
    case position(kp: Double, kd: Double)
    /// The command is a target velocity: effort = kd (command - velocity).
    case velocity(kd: Double)
}

/// The connection of a child link with its parent.
public struct JointDefinition: Sendable, Equatable {
    /// What the joint lets free.
    public var kind: JointKind
    /// The index of the parent link; nil: the world (fixed bases only).
    public var parent: Int?
    /// The index of the child link.
    public var child: Int
    /// A point of the axis in the world at the zero configuration, m.
    public var anchor: Vector3
    /// The direction of the axis in the world at the zero configuration, of any length.
    public var axis: Vector3
    /// The lower stop, rad or m; may lie beyond ±π.
    public var lower: Double
    /// The upper stop, rad or m; above `lower`.
    public var upper: Double
    /// The speed to which the joint is clipped after each substep, rad/s or m/s.
    public var velocityLimit: Double
    /// The motor's inertia seen at the joint, kg m² or kg.
    public var armature: Double
    /// Viscous damping, N m s/rad or N s/m.
    public var damping: Double
    /// A spring's stiffness, N m/rad or N/m.
    public var stiffness: Double
    /// The spring's rest position, rad or m.
    public var restPosition: Double
    /// Dry friction, N m or N.
    public var dryFriction: Double
    /// What the command means.
    public var drive: Drive
    /// The largest effort of the drive, N m or N.
    public var effortLimit: Double

    /// Makes a joint that is free, without stops, drive or losses unless said otherwise.
    public init(
        kind: JointKind = .hinge, parent: Int? = nil, child: Int, anchor: Vector3 = .zero, axis: Vector3,
        lower: Double = -.infinity, upper: Double = .infinity, velocityLimit: Double = .infinity,
        armature: Double = 0, damping: Double = 0, stiffness: Double = 0, restPosition: Double = 0,
        dryFriction: Double = 0, drive: Drive = .none, effortLimit: Double = .infinity
    ) {
        self.kind = kind
        self.parent = parent
        self.child = child
        self.anchor = anchor
        self.axis = axis
        self.lower = lower
        self.upper = upper
        self.velocityLimit = velocityLimit
        self.armature = armature
        self.damping = damping
        self.stiffness = stiffness
        self.restPosition = restPosition
        self.dryFriction = dryFriction
        self.drive = drive
        self.effortLimit = effortLimit
    }
}
