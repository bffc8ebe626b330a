// SPDX-License-Identifier: MIT

public import Geometry
public import Physics
public import Robots
public import Settings

/// A scene: everything about a task that is not the robot, read from a YAML file and checked against the robot.
///
/// Every name in the file is resolved here: joints are indices into `robot.joints`, links are `LinkFrame` values. Lengths
/// are in m, angles in rad, times in s.
public struct Scene: Sendable, Equatable {
    /// The name: the file's name without `.yaml`.
    public var name: String
    /// The file it was read from.
    public var file: String
    /// One sentence about the task.
    public var summary = ""
    /// The robot that stands in it.
    public var robot: Robot
    /// How the robot's root is held.
    public var base = Base.fixed
    /// The time step, gravity and the solver.
    public var physics = PhysicsSettings()
    /// How contacts give way and bounce.
    public var contactMaterial = ContactMaterial()
    /// How the joints' stops give way.
    public var stopSoftness = Softness()
    /// The floor; nil for none.
    public var ground: Ground?
    /// Uneven ground in place of the floor; nil for none.
    public var terrain: Terrain?
    /// The heights that the terrain makes; nil without it.
    public internal(set) var terrainGrid: TerrainGrid?
    /// Boxes that do not move.
    public var obstacles: [Obstacle] = []
    /// Bodies that move freely.
    public var objects: [MovableObject] = []
    /// What touches what.
    public var contacts = ContactSettings()
    /// What the robot's meshes touch with.
    package var collision = CollisionChoice()
    /// What the elements of an action drive, in their order; a joint occurs at most once.
    public var actuators: [ActuatorSettings] = []
    /// What pushes links, in the order of the action's last elements.
    public var thrusters: [Thruster] = []
    /// What every joint has of its own, in the order of `robot.joints`; the scene's values, else the URDF's.
    public var joints: [JointProperties] = []
    /// Where an episode starts, before noise.
    public var start = Start()
    /// The control steps after which an episode is truncated.
    public var episodeSteps = 1
    /// The noise of the start.
    public var reset = ResetNoise()
    /// The point that a task is about, drawn once per episode; nil for none.
    public var target: TargetRegion?
    /// The velocities that the robot is told to follow; nil for none.
    public var commands: CommandSettings?
    /// What differs from episode to episode beside the start.
    public var randomisation = Randomisation()
    /// How the task begins easier in a run than it is; nil for no such thing.
    public var curriculum: Curriculum?
    /// What the policy sees, in order: the deployment contract.
    public var observation: [ObservationEntry] = []
    /// What the critic sees besides, in training alone.
    public var criticObservation: [ObservationEntry] = []
    /// What the reward sums: weight times quantity.
    public var reward: [RewardEntry] = []
    /// The names of the reward's terms, each once: the second term of a type has a 2 behind its name, and so on.
    package var rewardTermNames: [String] {
        reward.indices.map { index in
            let name = reward[index].name
            let before = reward[..<index].count { $0.name == name }
            return before == 0 ? name : "\(name)_\(before + 1)"
        }
    }
    /// Whether a reward below 0 is 0 instead.
    public var onlyPositiveRewards = false
    /// What ends an episode as terminated.
    public var termination: [TerminationEntry] = []
    /// How often a run is evaluated.
    public var evaluation = EvaluationPlan()
    /// The blocks under `train`, in order, each named after its algorithm; decoded by who knows the algorithm.
    public var training: [TrainingBlock] = []
    /// What was ignored or assumed, and what may simulate badly; the robot's notes included.
    public var notes: [Diagnostic] = []

    /// What the file says where the scene has it resolved against the robot.
    package var unresolved = Unresolved()
    /// What it was decoded from: the file's tree, with what `--set` put into it.
    package var source = Setting(.mapping([]))

    /// A scene of which nothing is known but its robot.
    init(name: String, file: String, robot: Robot) {
        self.name = name
        self.file = file
        self.robot = robot
    }

    /// The coefficient of friction of a shape of the robot: what `contacts` says of its link, else the robot's file of the shape,
    /// else the ground's, else 1.
    public func friction(of shape: CollisionShape) -> Double {
        contacts.friction[shape.link] ?? shape.friction ?? ground?.friction ?? terrain?.friction ?? 1
    }
}

extension Scene {
    /// What a file says by names, of several joints at once, or over what the robot's file says.
    package struct Unresolved: Sendable, Equatable {
        package var robot = ""
        package var base: Base?
        package var actuators: [ActuatorBlock] = []
        package var joints: [JointBlock] = []
        package var start = StartBlock()
        package var reset = ResetBlock()
    }

    /// Makes of what the file says by names what it means for the robot.
    mutating func resolve(_ root: Setting, _ decoder: Decoder) {
        base = unresolved.base ?? robot.declaredBase ?? guessedBase(root, decoder)
        Start.resolve(&self, root.place(of: "start"), decoder)
        ActuatorResolution.resolve(&self, root, decoder)
        ResetNoise.resolve(&self, root.place(of: "reset"), decoder)
        makeTerrain(root, decoder)
    }

    /// After an error, what leads to the fewest errors that follow from it.
    private func guessedBase(_ root: Setting, _ decoder: Decoder) -> Base {
        if root["base"] == nil {
            decoder.report(
                root.place(of: "base"),
                "is missing, and the robot's file does not say how its root is held",
                "allowed: \(Base.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return robot.root.properties.mass > 0 ? .floating : .fixed
    }
}
