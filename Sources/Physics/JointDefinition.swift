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

/// What a joint's command means, and the gains of its servo.
public struct Drive: Sendable, Equatable {
    /// What a command can mean.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        /// The command is not looked at.
        case none
        /// The command is the effort, N m or N.
        case torque
        /// The command is a target position: effort = kp (command - position) - kd velocity.
        case position
        /// The command is a target velocity: effort = kd (command - velocity).
        case velocity
    }

    /// What the command means.
    public var kind = Kind.none
    /// The stiffness of a position servo, N m/rad or N/m.
    public var kp = 0.0
    /// The damping of a servo, N m s/rad or N s/m.
    public var kd = 0.0

    /// No drive.
    public static let none = Drive()
    /// A drive by effort.
    public static let torque = Drive(kind: .torque)
    /// A servo to a position.
    public static func position(kp: Double, kd: Double) -> Drive { Drive(kind: .position, kp: kp, kd: kd) }
    /// A servo to a velocity.
    public static func velocity(kd: Double) -> Drive { Drive(kind: .velocity, kd: kd) }
}

/// What a joint has of its own beside its motion: inertia, losses, a spring, and the limits of its motor.
public struct JointProperties: Sendable, Equatable {
    /// The rotor's inertia as the joint feels it, kg m² or kg.
    public var armature = 0.0
    /// Viscous damping, N m s/rad or N s/m.
    public var damping = 0.0
    /// A spring's stiffness, N m/rad or N/m.
    public var stiffness = 0.0
    /// Where the spring is relaxed, rad or m.
    public var rest = 0.0
    /// Dry friction, N m or N.
    public var friction = 0.0
    /// The largest effort of the drive, N m or N; nil for no limit.
    public var effortLimit: Double?
    /// The speed to which the joint is clipped after each substep, rad/s or m/s; nil for no limit.
    public var velocityLimit: Double?

    /// Makes the properties of a joint without losses, spring or limits unless said otherwise.
    public init(
        armature: Double = 0, damping: Double = 0, stiffness: Double = 0, rest: Double = 0,
        friction: Double = 0,
        effortLimit: Double? = nil, velocityLimit: Double? = nil
    ) {
        self.armature = armature
        self.damping = damping
        self.stiffness = stiffness
        self.rest = rest
        self.friction = friction
        self.effortLimit = effortLimit
        self.velocityLimit = velocityLimit
    }
}

/// How a joint follows another one: its position is always `ratio` times the leader's plus `offset`.
public struct Coupling: Sendable, Equatable {
    /// The index of the joint that leads; it follows none itself.
    public var leader: Int
    /// What the follower does for one unit of the leader, in units of the two; not 0.
    public var ratio: Double
    /// The follower's position where the leader is at 0, rad or m.
    public var offset: Double

    /// Makes a coupling of equal positions unless said otherwise.
    public init(leader: Int, ratio: Double = 1, offset: Double = 0) {
        self.leader = leader
        self.ratio = ratio
        self.offset = offset
    }
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
    /// Inertia, losses, spring and limits.
    public var properties: JointProperties
    /// What the command means.
    public var drive: Drive
    /// What it follows; nil for a joint that moves on its own.
    ///
    /// A follower has no drive. Its stops, armature, losses, spring and speed limit act on the leader through the ratio.
    public var coupling: Coupling?

    /// Makes a joint that is free, without stops, drive or losses unless said otherwise.
    public init(
        kind: JointKind = .hinge, parent: Int? = nil, child: Int, anchor: Vector3 = .zero, axis: Vector3,
        lower: Double = -.infinity, upper: Double = .infinity,
        properties: JointProperties = JointProperties(),
        drive: Drive = .none, coupling: Coupling? = nil
    ) {
        self.kind = kind
        self.parent = parent
        self.child = child
        self.anchor = anchor
        self.axis = axis
        self.lower = lower
        self.upper = upper
        self.properties = properties
        self.drive = drive
        self.coupling = coupling
    }
}
