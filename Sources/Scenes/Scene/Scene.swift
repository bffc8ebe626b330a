// SPDX-License-Identifier: MIT

internal import Foundation
public import Geometry
public import Robots
public import Settings

/// A scene: everything about a task that is not the robot, read from a YAML file and checked against the robot.
///
/// Every name in the file is resolved here: joints are indices into `robot.joints`, links are ``LinkFrame`` values. Lengths
/// are in m, angles in rad, times in s.
public struct Scene: Sendable, Equatable {
    /// The name: the file's name without `.yaml`.
    public var name: String
    /// The file it was read from.
    public var file: String
    /// One sentence about the task.
    public var summary: String
    /// The robot that stands in it.
    public var robot: Robot
    /// How the robot's root is held.
    public var base: Base
    /// The time step and the solver's numbers.
    public var physics: PhysicsSettings
    /// The floor; nil for none.
    public var ground: Ground?
    /// Boxes that do not move.
    public var obstacles: [Obstacle]
    /// What touches what.
    public var contacts: ContactSettings
    /// What the elements of an action drive, in their order; a joint occurs at most once.
    public var actuators: [ActuatorSettings]
    /// The passive side of every joint, in the order of `robot.joints`; the scene's values, else the URDF's.
    public var joints: [JointSettings]
    /// Where an episode starts, before noise.
    public var start: Start
    /// The control steps after which an episode is truncated.
    public var episodeSteps: Int
    /// The noise of the start.
    public var reset: ResetNoise
    /// The point that a task is about, drawn once per episode; nil for none.
    public var target: TargetRegion?
    /// The velocities that the robot is told to follow; nil for none.
    public var commands: CommandSettings?
    /// What differs from episode to episode beside the start.
    public var randomisation: Randomisation
    /// What the policy sees, in order: the deployment contract.
    public var observation: [ObservationEntry]
    /// What the reward sums: weight times quantity.
    public var reward: [RewardEntry]
    /// What ends an episode as terminated.
    public var termination: [TerminationEntry]
    /// How often a run is evaluated.
    public var evaluation: EvaluationSettings
    /// The blocks under `train`, in order, each named after its algorithm; decoded by who knows the algorithm.
    public var training: [TrainingBlock]
    /// What was ignored or assumed, and what may simulate badly; the robot's notes included.
    public var notes: [Diagnostic]

    /// The coefficient of friction of a shape of the robot: what `contacts` says of its link, else the ground's, else 1.
    public func friction(of shape: CollisionShape) -> Double {
        contacts.friction[shape.link] ?? ground?.friction ?? 1
    }
}

/// The time step and the solver's numbers.
public struct PhysicsSettings: Sendable, Equatable {
    /// The seconds of one physics step, greater than 0.
    ///
    /// Required.
    public var timeStep: Double
    /// The physics steps of one control step, at least 1.
    public var substeps: Int = 1
    /// The acceleration of gravity in the world, in m/s².
    public var gravity = Vector3(0, 0, -9.81)
    /// The share of a joint's position error that is corrected each step, in (0, 1].
    public var jointERP: Double = 0.8
    /// The share of a contact's penetration that is corrected each step, in (0, 1].
    public var contactERP: Double = 0.2
    /// The softness of all constraints, greater than 0.
    public var cfm: Double = 1e-8
    /// How the equations of a step are solved.
    public var solver = Solver.exact

    /// Makes settings of a time step in s; the rest can be changed after.
    public init(timeStep: Double, substeps: Int = 1) {
        self.timeStep = timeStep
        self.substeps = substeps
    }

    /// The seconds between two actions.
    public var controlPeriod: Double { timeStep * Double(substeps) }
}

/// How the equations of a physics step are solved.
public enum Solver: Sendable, Equatable {
    /// Directly. The work grows with the cube of the number of joints.
    case exact
    /// By so many rounds of relaxation, 1 to 1000. The work grows with the number of joints; joints give, and feet creep.
    case quick(iterations: Int)
}

/// The floor: a plane through the world's origin.
public struct Ground: Sendable, Equatable {
    /// The coefficient of friction, at least 0.
    ///
    /// A pair of surfaces takes the greater of its two coefficients.
    public var friction: Double = 1
    /// The angle by which it rises towards +x, in rad, within ±1.2: its normal is (-sin, 0, cos).
    public var slope: Double = 0
}

/// A box that does not move.
public struct Obstacle: Sendable, Equatable {
    /// The full lengths of its sides, in m.
    public var size: Vector3
    /// The pose of its centre in the world.
    public var pose: Pose
    /// The coefficient of friction.
    public var friction: Double = 1
}

/// What touches what.
///
/// Links that a joint connects never touch each other.
public struct ContactSettings: Sendable, Equatable {
    /// Whether the robot's own links touch each other.
    public var selfCollision = false
    /// The coefficient of friction by the name of the link that the shape has in the URDF (``CollisionShape/link``).
    ///
    /// A link that is not named takes the ground's, or 1 without ground. A pair takes the greater of its two.
    public var friction: [String: Double] = [:]
    /// Pairs of links (names as in ``CollisionShape/link``) that do not touch.
    public var ignored: [LinkPair] = []
}

/// Two links by their names in the URDF.
public struct LinkPair: Sendable, Equatable {
    /// One link.
    public var first: String
    /// The other link.
    public var second: String

    /// Makes a pair.
    public init(first: String, second: String) {
        self.first = first
        self.second = second
    }
}

/// What one element a of an action, in [-1, 1], drives.
public struct ActuatorSettings: Sendable, Equatable {
    /// What the element commands.
    public enum Command: Sendable, Equatable {
        /// The torque or force `gear · a` (N m or N).
        case torque(gear: Double)
        /// The effort kp (q* - q) - kd q', with q* = offset + scale · a (rad or m).
        ///
        /// The offset is the joint's start position unless the file gives one.
        case position(kp: Double, kd: Double, scale: Double, offset: Double)
        /// The effort kd (v* - q'), with v* = scale · a (rad/s or m/s).
        case velocity(kd: Double, scale: Double)
    }

    /// The index of the joint.
    public var joint: Int
    /// What the element commands.
    public var command: Command

    /// Makes an actuator.
    public init(joint: Int, command: Command) {
        self.joint = joint
        self.command = command
    }
}

/// The passive side of a joint, and the limits of its motor.
public struct JointSettings: Sendable, Equatable {
    /// The inertia of the rotor as the joint feels it, in kg m² (kg for sliders).
    public var armature: Double = 0
    /// The viscous damping, in N m s/rad or N s/m.
    public var damping: Double = 0
    /// The spring towards `restPosition`, in N m/rad or N/m.
    public var stiffness: Double = 0
    /// Where the spring is relaxed, in rad or m.
    public var restPosition: Double = 0
    /// The dry friction, in N m or N.
    public var friction: Double = 0
    /// The greatest effort of the actuator, in N m or N; nil for no limit.
    public var effortLimit: Double?
    /// The speed that the joint never exceeds, in rad/s or m/s; nil for no limit.
    public var velocityLimit: Double?
}

/// Where an episode starts, before noise.
public struct Start: Sendable, Equatable {
    /// The pose of the root link's frame in the world.
    ///
    /// For a fixed base, where it is mounted.
    public var base: Pose = .identity
    /// The positions of all joints, in the order of `robot.joints`.
    public var joints: [Double]

    /// The pitch of the base, in rad, right-handed about y: all of the rotation for a planar base, within ±pi, otherwise the
    /// middle one of roll, pitch and yaw.
    public var pitch: Double {
        let turn = base.orientation
        guard turn.x != 0 || turn.z != 0 else {
            return (2 * atan2(turn.y, turn.w)).remainder(dividingBy: 2 * .pi)
        }
        return asin(max(-1, min(1, 2 * (turn.w * turn.y - turn.z * turn.x))))
    }
}

/// Random numbers of a known distribution.
public enum Distribution: Sendable, Equatable {
    /// Always 0.
    case none
    /// Uniform from `low` to `high`.
    case uniform(low: Double, high: Double)
    /// Normal with mean 0 and this standard deviation.
    case normal(deviation: Double)
    /// Uniform from `low` to `high`, taken as a factor of the start's value (Isaac Lab's `reset_joints_by_scale`).
    case scale(low: Double, high: Double)
}

/// The noise of the start, one independent draw for each number; added to the start's value, for `scale` multiplied with it.
public struct ResetNoise: Sendable, Equatable {
    /// On each joint's position (rad or m), in the order of `robot.joints`.
    public var jointPositions: [Distribution]
    /// On each joint's velocity (rad/s or m/s).
    public var jointVelocities: [Distribution]
    /// On the base's position: x and z of a planar base, x, y and z of a floating one.
    ///
    /// Nothing for a fixed base.
    public var basePosition: Distribution = .none
    /// On the base's orientation: the pitch of a planar base; for a floating one the three components of a rotation vector
    /// in the base's frame, by which the start's orientation is turned.
    public var baseOrientation: Distribution = .none
    /// On the heading of a floating base: a turn about the world's z axis, before `baseOrientation`.
    public var baseYaw: Distribution = .none
    /// On the base's linear velocity: the same axes as `basePosition`, in the world's frame.
    public var baseLinearVelocity: Distribution = .none
    /// On the base's angular velocity: the pitch rate of a planar base, three components in the base's frame of a floating one.
    public var baseAngularVelocity: Distribution = .none
}

/// The region of the world in which a task's target point is drawn, uniformly, at each reset.
public enum TargetRegion: Sendable, Equatable {
    /// Always this point.
    case point(Vector3)
    /// A disc parallel to the world's x and y, uniform by area.
    case disc(center: Vector3, radius: Double)
    /// A box along the world's axes, from one corner to the opposite one.
    case box(low: Vector3, high: Vector3)
}

/// The velocities that a robot is told to follow: a forward and a sideways speed and a turning rate in the base's frame.
///
/// Each is drawn uniformly at reset and again each `resampleTime`.
public struct CommandSettings: Sendable, Equatable {
    /// The range of the speed along the base's x axis, in m/s.
    public var linearVelocityX: ClosedRange<Double> = 0...0
    /// The range of the speed along the base's y axis, in m/s.
    public var linearVelocityY: ClosedRange<Double> = 0...0
    /// The range of the turning rate about the base's z axis, in rad/s.
    public var angularVelocityZ: ClosedRange<Double> = 0...0
    /// The seconds after which a new command is drawn; nil for one command per episode.
    public var resampleTime: Double?
    /// The probability that a command is to stand: all three 0.
    ///
    /// Within 0...1.
    public var standingFraction: Double = 0
}

/// What differs from episode to episode.
///
/// Nil means that it does not.
public struct Randomisation: Sendable, Equatable {
    /// A factor of the mass and inertia of each link, drawn for each link.
    public var mass: ClosedRange<Double>?
    /// Kilograms added to the root link; its inertia grows with its mass.
    public var baseMass: ClosedRange<Double>?
    /// A factor of all coefficients of friction, one draw.
    public var friction: ClosedRange<Double>?
    /// A factor of the effort of each actuator, drawn for each: of gear, of kp and of kd.
    public var motorStrength: ClosedRange<Double>?
    /// The physics steps by which an action reaches the actuators late, one draw for all.
    public var latency: ClosedRange<Int>?
    /// Sudden changes of the base's horizontal velocity.
    public var push: Push?

    /// A sudden change of the base's horizontal velocity.
    public struct Push: Sendable, Equatable {
        /// The seconds between two pushes.
        public var every: Double
        /// The greatest change of each horizontal component, in m/s; drawn uniformly within ± this.
        public var speed: Double
    }
}
