// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry
internal import Physics
internal import Robots

/// Some seconds in a scene before anybody trains in it: whether the numbers stay finite, and what the robot did.
///
/// Nothing ends the trial but its time or divergence: the scene's terminations are left out.
public struct SceneTrial: Sendable, Equatable {
    /// What the robot is told.
    public enum Actions: String, Sendable, CaseIterable {
        /// An action of zeros, in every step.
        case zero
        /// Uniform within [-1, 1], drawn in every step.
        case random
    }

    /// What the robot was told.
    public var actions: Actions
    /// Seconds of the robot's time until the end, or until the numbers left what physics allows.
    public var seconds: Double
    /// Whether they did.
    public var isDiverged: Bool
    /// Whether the clock ended it before its time.
    public var isCutShort = false
    /// The joint that was fastest, and its speed in rad/s or m/s.
    public var fastestJoint: String
    /// Its speed, rad/s or m/s.
    public var greatestSpeed: Double
    /// The most energy, kinetic and potential, that the robot had above that after its first step, J.
    ///
    /// The first step is left out: shapes that overlap at the start are led apart in it.
    public var energyGain: Double
    /// Whether any link was touched in the trial.
    package var isTouched = false
    /// How far the base came down, m.
    package var drop = 0.0
    /// How far each joint got about, rad or m, in the order of the robot's joints.
    package var travel: [Double] = []
    /// What each joint's drive gave in the last step, N m or N.
    package var efforts: [Double] = []
    /// The first of the scene's terminations that held, though it ended nothing here, and after how many seconds.
    package var end: (reason: String, seconds: Double)? { reason.map { ($0, endTime) } }
    private var reason: String?
    private var endTime = 0.0
    /// Since when no joint moved faster than 0.05 rad/s or m/s, s; nil where one did at the end.
    package var restTime: Double?

    /// Tries a scene.
    ///
    /// - Parameters:
    ///   - scene: the scene.
    ///   - seconds: the robot's time, at least one control step.
    ///   - actions: what the robot is told.
    ///   - patience: the seconds of the clock after which the trial stops early.
    ///   - seed: what the start's noise and random actions are drawn from.
    /// - Throws: ``SimulationError/scene(file:problem:)`` where the scene or its start cannot be simulated.
    public init(
        of scene: Scene, seconds: Double = 10, actions: Actions, patience: Double = 20, seed: UInt64 = 0
    ) throws {
        var endless = scene
        endless.termination = []
        endless.episodeSteps = .max
        let environment = try SimulatedEnvironment(endless, random: RandomStream(seed: seed, .environment))
        var random = RandomStream(seed: seed, .exploration)
        var rollOut = RollOut(environment)
        try rollOut.reset()
        self.init(actions: actions)
        var energy: Double?
        let begun = environment.state.after
        var (lowest, highest) = (begun.reading.jointPositions, begun.reading.jointPositions)
        let begin = ContinuousClock.now
        for _ in 0..<scene.steps(in: seconds) {
            isCutShort = begin.duration(to: .now) > .seconds(patience)
            guard !isCutShort else { break }
            let step = try rollOut.step { _, action in
                guard actions == .random else { return }
                for index in action.indices { action[index] = Float(random.uniform(-1, 1)) }
            }
            isDiverged = step.isDiverged
            guard !isDiverged, let now = environment.mechanicalEnergy else { break }
            self.seconds += scene.physics.controlPeriod
            if reason == nil, let held = environment.reasonOfEnd(scene.termination) {
                (reason, endTime) = (held, self.seconds)
            }
            watchRest(environment.state.after.reading.jointVelocities)
            energyGain = max(energyGain, now - (energy ?? now))
            energy = energy ?? now
            drop = begun.base.position.z - environment.state.after.base.position.z
            isTouched = isTouched || environment.isTouched
            for joint in scene.robot.joints.indices {
                let position = environment.state.after.reading.position(ofJoint: joint)
                lowest[joint] = min(lowest[joint], position)
                highest[joint] = max(highest[joint], position)
                let speed = abs(environment.state.after.reading.velocity(ofJoint: joint))
                guard speed > greatestSpeed else { continue }
                (fastestJoint, greatestSpeed) = (scene.robot.joints[joint].name, speed)
            }
        }
        travel = zip(lowest, highest).map { $1 - $0 }
        efforts = environment.state.after.reading.jointEfforts
    }

    private mutating func watchRest(_ velocities: [Double]) {
        guard velocities.allSatisfy({ abs($0) < 0.05 }) else { return restTime = nil }
        restTime = restTime ?? seconds
    }

    private init(actions: Actions) {
        self.actions = actions
        (seconds, isDiverged, fastestJoint, greatestSpeed, energyGain) = (0, false, "", 0, 0)
    }
}

/// Two shapes that are inside each other.
public struct ShapeOverlap: Sendable, Equatable {
    /// The link (by its name in the URDF) whose shape it is.
    public var link: String
    /// The other link, or `the ground`, or `obstacles[0]`.
    public var other: String
    /// Whether the other is the ground.
    public var isGround: Bool
    /// How deep, m.
    public var depth: Double

    /// The two shapes that overlap most at the scene's start, noise left out; nil where none do.
    ///
    /// - Throws: ``SimulationError/scene(file:problem:)`` where the scene or its start cannot be simulated.
    public static func deepest(atStartOf scene: Scene) throws -> ShapeOverlap? {
        var still = scene
        still.reset = scene.reset.silent
        for index in still.objects.indices { still.objects[index].reset = .init() }
        let environment = try SimulatedEnvironment(still, random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        guard let found = try environment.world.deepestOverlap() else { return nil }
        let pair = environment.physics.definition.pairs[found.pair]
        let names = [pair.first, pair.second].map { environment.name(ofGeom: $0) }
        return ShapeOverlap(
            link: names[0], other: names[1], isGround: names[1] == SimulatedEnvironment.groundName,
            depth: found.depth)
    }
}

extension ResetNoise {
    /// No noise, for the same robot.
    var silent: ResetNoise {
        var silent = self
        silent.jointPositions = jointPositions.map { _ in .none }
        silent.jointVelocities = jointVelocities.map { _ in .none }
        silent.basePosition = .none
        silent.baseOrientation = .none
        silent.baseYaw = .none
        silent.baseLinearVelocity = .none
        silent.baseAngularVelocity = .none
        return silent
    }
}

extension SimulatedEnvironment {
    /// Kinetic and potential energy, J; nil in a diverged world.
    fileprivate var mechanicalEnergy: Double? {
        guard let energy = try? world.energy() else { return nil }
        return energy.kinetic + energy.potential
    }

    /// Whether any link of the robot was touched in the last step.
    fileprivate var isTouched: Bool {
        physics.definition.links.indices.dropLast(scene.objects.count).contains {
            state.after.reading.contactForce(onLink: $0).length > 0
        }
    }

    fileprivate static let groundName = "the ground"

    /// What a geom is to people: the link that has it in the URDF, the object, the ground, or an obstacle.
    fileprivate func name(ofGeom geom: Int) -> String {
        if let link = physics.geomsOfLink.first(where: { $0.value.contains(geom) }) { return link.key }
        let shapes = physics.geomsOfLink.values.reduce(0) { $0 + $1.count }
        if scene.hasGround && geom == shapes { return Self.groundName }
        return "obstacles[\(geom - shapes - (scene.hasGround ? 1 : 0))]"
    }
}
