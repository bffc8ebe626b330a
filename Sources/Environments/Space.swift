// SPDX-License-Identifier: MIT

/// A box of real vectors: what an observation or an action may be, element by element.
public struct Space: Sendable, Equatable, Codable {
    /// One element of a vector: its name, unit and range, and what of the robot it tells about.
    public struct Element: Sendable, Equatable, Codable {
        /// The name, unique in its space, such as `hip.position`.
        public var name: String
        /// The SI unit, `rad/s`, or `1` for a pure number.
        public var unit: String
        /// The smallest value; `-Double.infinity` where there is none.
        public var low: Double
        /// The largest value; `Double.infinity` where there is none.
        public var high: Double
        /// The frame of a vector's component, `world` or `base`, where it has one.
        public var frame: String?
        /// The joint that it tells about, where it is one.
        public var joint: String?
        /// The body (link) that it tells about, where it is one.
        public var body: String?

        /// Makes an element; an unbounded one where `low` and `high` are left out.
        public init(
            name: String, unit: String = "1", low: Double = -.infinity, high: Double = .infinity,
            frame: String? = nil, joint: String? = nil, body: String? = nil
        ) {
            self.name = name
            self.unit = unit
            self.low = low
            self.high = high
            self.frame = frame
            self.joint = joint
            self.body = body
        }
    }

    /// The elements, in the order of the vector.
    public var elements: [Element]

    /// Makes a space of `elements`.
    public init(_ elements: [Element]) {
        self.elements = elements
    }

    /// The length of a vector of this space.
    public var count: Int { elements.count }
}

/// What one element of an action drives: a policy's number a in [-1, 1] commands `offset + scale · a`.
public struct Actuator: Sendable, Equatable, Codable {
    /// What the command means to the joint.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// A torque (N m) or force (N).
        case torque
        /// A position target (rad or m) of a PD servo.
        case position
        /// A velocity target (rad/s or m/s) of a servo.
        case velocity
        /// Something that is no joint of a robot: a task's own number.
        case other
    }

    /// The name of the action element, unique among the actuators.
    public var name: String
    /// The joint that it drives, where it is one.
    public var joint: String?
    /// What the command means.
    public var kind: Kind
    /// The unit of the command.
    public var unit: String
    /// The lowest command: at a = -1 or a = +1, or what cuts it off.
    public var low: Double
    /// The highest command: at a = -1 or a = +1, or what cuts it off.
    public var high: Double
    /// The command's change per unit of a.
    public var scale: Double
    /// The command at a = 0.
    public var offset: Double
    /// The servo's stiffness (N m/rad or N/m), for position servos.
    public var kp: Double?
    /// The servo's damping (N m s/rad or N s/m), for position and velocity servos.
    public var kd: Double?
    /// The joint's greatest effort, N m or N; nil where there is none.
    public var effortLimit: Double?
    /// The joint's greatest speed, rad/s or m/s; nil where there is none.
    public var velocityLimit: Double?
    /// The joint's lower stop, rad or m; nil where there is none.
    public var lower: Double?
    /// The joint's upper stop, rad or m; nil where there is none.
    public var upper: Double?

    /// Makes an actuator without limits; `low` and `high` follow from scale and offset.
    public init(
        name: String, joint: String? = nil, kind: Kind = .other, unit: String = "1",
        scale: Double = 1, offset: Double = 0, kp: Double? = nil, kd: Double? = nil
    ) {
        self.name = name
        self.joint = joint
        self.kind = kind
        self.unit = unit
        self.low = offset - abs(scale)
        self.high = offset + abs(scale)
        self.scale = scale
        self.offset = offset
        self.kp = kp
        self.kd = kd
    }
}

/// The rates of an environment.
public struct Timing: Sendable, Equatable, Codable {
    /// Seconds between two actions.
    public var controlPeriod: Double
    /// Seconds of one physics step.
    public var physicsStep: Double
    /// Physics steps per action.
    public var substeps: Int

    /// Makes the timing of `substeps` physics steps of `physicsStep` seconds per action.
    public init(physicsStep: Double, substeps: Int = 1) {
        self.controlPeriod = physicsStep * Double(substeps)
        self.physicsStep = physicsStep
        self.substeps = substeps
    }
}
