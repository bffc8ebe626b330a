// SPDX-License-Identifier: MIT

public import Environments

/// What a policy file promises to whoever deploys it: the meaning, unit and order of every number, the rates, and where it comes from.
///
/// It is the JSON of the metadata's key `contract`. Keys are those of the `CodingKeys`; numbers are the shortest decimals that
/// read back as the same number; keys that have no value are absent.
public struct Contract: Sendable, Equatable, Codable {
    /// The version of this contract's keys; 1.
    public var format: Int
    /// The scene's name.
    public var scene: String
    /// The robot's name; nil where the scene has none.
    public var robot: String?
    /// Versions of what made it, such as `sinew` and `ode`.
    public var versions: [String: String]
    /// How it was trained.
    public var training: Training
    /// The rates it must run at.
    public var timing: ControlTiming
    /// The observation's numbers, in order.
    public var observations: [Observation]
    /// The action's numbers, in order.
    public var actions: [Action]
    /// Observations and the actions for them, in physical units.
    public var golden: [GoldenPair]

    /// How a policy was trained and how well it did.
    public struct Training: Sendable, Equatable, Codable {
        /// The algorithm, such as `sac`.
        public var algorithm: String
        /// The run's seed.
        public var seed: UInt64
        /// The environment steps behind it.
        public var steps: Int
        /// The mean return over `episodes` evaluation episodes.
        public var meanReturn: Double?
        /// The standard deviation of these returns.
        public var returnDeviation: Double?
        /// The evaluation episodes.
        public var episodes: Int?

        /// Makes the record of a training; without an evaluation the last three are nil.
        public init(
            algorithm: String, seed: UInt64, steps: Int, meanReturn: Double? = nil,
            returnDeviation: Double? = nil, episodes: Int? = nil
        ) {
            self.algorithm = algorithm
            self.seed = seed
            self.steps = steps
            self.meanReturn = meanReturn
            self.returnDeviation = returnDeviation
            self.episodes = episodes
        }

        enum CodingKeys: String, CodingKey {
            case algorithm, seed, steps, episodes
            case meanReturn = "mean_return"
            case returnDeviation = "std_return"
        }
    }

    /// The rates, in seconds.
    public struct ControlTiming: Sendable, Equatable, Codable {
        /// Seconds between two actions.
        public var controlPeriod: Double
        /// Seconds of a physics step in training.
        public var physicsStep: Double
        /// Physics steps per action in training.
        public var substeps: Int

        enum CodingKeys: String, CodingKey {
            case controlPeriod = "control_period"
            case physicsStep = "physics_step"
            case substeps
        }
    }

    /// One number of the observation.
    public struct Observation: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// Its SI unit.
        public var unit: String
        /// `world` or `base`, for a vector's component.
        public var frame: String?
        /// The joint that it tells about.
        public var joint: String?
        /// The body that it tells about.
        public var body: String?
        /// What the policy subtracts, in the unit.
        public var mean: Float
        /// What the policy divides by, in the unit.
        public var std: Float
        /// The largest |normalised| value that the policy sees.
        public var clip: Float
        /// True where it never varied in training: then the policy knows of no other value, and `std` is no deviation but its
        /// size, or 1 where that is less; absent otherwise.
        public var constant: Bool?
        /// The bins that a table divides it into; absent for networks.
        ///
        /// The first begins at `mean`, each is `std` wide, and the outer ones reach on without end.
        public var bins: Int?
    }

    /// One number of the action.
    public struct Action: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// The joint that it drives.
        public var joint: String?
        /// `torque`, `position`, `velocity` or `other`.
        public var kind: Actuator.Kind
        /// The command's unit.
        public var unit: String
        /// The lowest command, whatever the policy's number: what cut commands off in training is in it.
        public var low: Double
        /// The highest command.
        public var high: Double
        /// The command's change per unit of the policy's number.
        public var scale: Double
        /// The command at 0.
        public var offset: Double
        /// The servo's stiffness.
        public var kp: Double?
        /// The servo's damping.
        public var kd: Double?
        /// The joint's greatest effort in training, N m or N: a servo's motor must keep to it too; nil where there was none.
        public var effortLimit: Double?
        /// The joint's greatest speed in training, rad/s or m/s; nil where there was none.
        public var velocityLimit: Double?
        /// The joint's lower stop in training, rad or m; nil where there was none.
        public var lower: Double?
        /// The joint's upper stop in training, rad or m; nil where there was none.
        public var upper: Double?

        enum CodingKeys: String, CodingKey {
            case name, joint, kind, unit, low, high, scale, offset, kp, kd, lower, upper
            case effortLimit = "effort_limit"
            case velocityLimit = "velocity_limit"
        }
    }

    /// An observation and the deterministic action for it, both in physical units.
    public struct GoldenPair: Sendable, Equatable, Codable {
        /// What the policy sees.
        public var observation: [Float]
        /// What it answers.
        public var action: [Float]
    }

    enum CodingKeys: String, CodingKey {
        case format, scene, robot, versions, training, timing, observations, actions, golden
    }

    /// Makes a contract of an environment's spaces and rates.
    ///
    /// Normalisation and golden pairs are filled in by ``PolicyFile``, which knows
    /// the network.
    public init(
        scene: String, robot: String? = nil, versions: [String: String], training: Training,
        timing: Timing, observations: Space, actuators: [Actuator]
    ) {
        format = 1
        self.scene = scene
        self.robot = robot
        self.versions = versions
        self.training = training
        self.timing = ControlTiming(
            controlPeriod: timing.controlPeriod, physicsStep: timing.physicsStep, substeps: timing.substeps)
        self.observations = observations.elements.map {
            Observation(
                name: $0.name, unit: $0.unit, frame: $0.frame, joint: $0.joint, body: $0.body, mean: 0,
                std: 1,
                clip: .greatestFiniteMagnitude)
        }
        actions = actuators.map {
            Action(
                name: $0.name, joint: $0.joint, kind: $0.kind, unit: $0.unit, low: $0.low, high: $0.high,
                scale: $0.scale, offset: $0.offset, kp: $0.kp, kd: $0.kd, effortLimit: $0.effortLimit,
                velocityLimit: $0.velocityLimit, lower: $0.lower, upper: $0.upper)
        }
        golden = []
    }
}
