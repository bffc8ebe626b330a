// SPDX-License-Identifier: MIT

public import Environments
internal import Geometry
package import Physics
internal import Robots

/// A scene as an environment: ODE moves the robot, the scene's terms observe it, reward it and end its episodes.
///
/// One control step is `substeps` physics steps with the action held. The same scene and random stream give the same bits.
public final class SimulatedEnvironment: Environment {
    /// The scene.
    public let scene: Scene
    /// What `reset` and `step` write: the scene's observation terms, in order.
    public let observationSpace: Space
    /// What is written behind it once ``showCritic()`` was called.
    public let criticSpace: Space
    /// What `step` takes: one number per actuator of the scene, in order.
    public let actuators: [Environments.Actuator]
    /// The rates of control and physics.
    public let timing: Timing
    /// What resets, noise and randomisation draw from.
    public var random: RandomStream

    /// The row of tiles that episodes start on, of a terrain; nil draws one for each.
    package var terrainRow: Int?
    package let world: World
    let physics: ScenePhysics
    /// What the scene's terms see.
    package let state: SceneState
    /// What another simulator's contacts did, where it moves the robot.
    let outside = OutsideForces()
    /// What is observed now: the policy's terms, then the critic's where they are shown.
    private(set) var observed: [ObservationEntry]
    /// The numbers of an observation, before they become floats.
    var scratch: [Double] = []
    /// The numbers of a termination term.
    var compared: [Double] = []
    /// The names of the scene's reward terms, in its order.
    public let rewardTermNames: [String]
    /// Weight times quantity of each reward term in the step that was done last, in the order of the scene.
    public internal(set) var rewardTerms: [Double]
    private var commands: [Double]
    /// How far the environment is in the scene's curriculum; nil where there is none.
    var curriculumState: CurriculumState?
    /// The indices of the reward terms by which commands widen.
    let curriculumTerms: [Int]

    /// Brings `scene` to life; `reset` must be called before the first step.
    ///
    /// - Throws: ``SimulationError/scene(file:problem:)`` where the physics refuses the scene.
    public init(_ scene: Scene, random: RandomStream) throws(SimulationError) {
        self.scene = scene
        self.random = random
        let physics = ScenePhysics(scene)
        self.physics = physics
        let world: World
        do {
            world = try World(physics.definition, measuresJointForces: false)
        } catch {
            throw .scene(file: scene.file, problem: error.description)
        }
        self.world = world
        observationSpace = scene.observationSpace
        criticSpace = scene.criticSpace
        observed = scene.observation
        actuators = scene.actuators.map { scene.actuator($0) } + scene.thrusters.map(\.actuator)
        timing = Timing(physicsStep: scene.physics.timeStep, substeps: scene.physics.substeps)
        let robot = RobotState(reading: world.makeReading(), linkShift: physics.linkShift)
        state = SceneState(
            scene, robot: robot,
            contactForce: { [outside] frame throws(PhysicsError) in
                var sum = Vector3.zero
                for geom in physics.geomsOfLink[frame.name] ?? [] {
                    if let forces = outside.ofGeoms {
                        sum += forces[geom]
                    } else {
                        sum += try world.contactForce(onGeom: geom)
                    }
                }
                return sum.length
            },
            distance: { origin, direction, reach throws(PhysicsError) in
                try world.distance(
                    from: origin, along: direction, to: physics.surroundings.span, reach: reach)
            })
        rewardTermNames = scene.rewardTermNames
        rewardTerms = Array(repeating: 0, count: scene.reward.count)
        commands = Array(repeating: 0, count: scene.robot.joints.count + scene.thrusters.count)
        curriculumState = scene.curriculum.map { CurriculumState($0) }
        curriculumTerms = (scene.curriculum?.commands?.terms ?? []).compactMap { name in
            scene.reward.firstIndex { type(of: $0.anyTerm).name == name }
        }
    }

    /// Shows a critic what it sees alone, from the next reset on.
    public func showCritic() {
        observed = scene.observation + scene.criticObservation
    }

    /// Starts an episode: draws what differs from episode to episode, places the robot, and observes it.
    ///
    /// - Throws: ``SimulationError`` where the start cannot be simulated.
    public func reset(into observation: inout MutableSpan<Float>) throws {
        do {
            outside.ofGeoms = nil
            state.episode = Episode(scene)
            curriculumState?.beginEpisode()
            try randomise()
            try placeRobot()
            try state.after.read(world, of: scene, after: nil)
            state.before = state.after
            try observe(into: &observation)
            state.episode.isOver = false
        } catch {
            throw SimulationError.scene(file: scene.file, problem: "the start: \(error)")
        }
    }

    /// The pairs of the robot's links that never touch each other though `contacts.self_collision` is set, for they do at the start already.
    package var linksTouchingAtStart: [LinkPair] { physics.touchingAtStart }

    /// Does one control step.
    ///
    /// - Throws: ``SimulationError/actionNotFinite(index:)``; nothing has moved then.
    public func step(
        _ action: Span<Float>, into observation: inout MutableSpan<Float>
    ) throws -> Step {
        try take(action)
        do {
            outside.ofGeoms = nil
            try push()
            try told { commands, substeps throws(PhysicsError) in
                if !scene.thrusters.isEmpty { try thrust(commands) }
                try world.step(
                    commands.span.extracting(first: scene.robot.joints.count), substeps: substeps)
            }
            return try finishStep(into: &observation)
        } catch {
            return diverge(into: &observation)
        }
    }

    /// Takes the action of the step that begins.
    func take(_ action: Span<Float>) throws(SimulationError) {
        precondition(action.count == scene.actionCount, "an action of \(action.count) numbers")
        precondition(!state.episode.isOver, "a step after the end of an episode")
        for index in action.indices where !action[index].isFinite {
            throw SimulationError.actionNotFinite(index: index)
        }
        for index in action.indices {
            state.episode.action[index] = max(-1, min(1, Double(action[index])))
        }
    }

    /// Ends an episode in which something is not finite.
    func diverge(into observation: inout MutableSpan<Float>) -> Step {
        state.episode.isOver = true
        for index in rewardTerms.indices { rewardTerms[index] = 0 }
        // The last finite observation, which `scratch` still holds.
        for index in scratch.indices { observation[index] = Float(scratch[index]) }
        return Step(reward: 0, isDiverged: true)
    }

    /// Reads the world after it has moved, or was placed, and judges the step.
    func finishStep(into observation: inout MutableSpan<Float>) throws(PhysicsError) -> Step {
        swap(&state.before, &state.after)
        try state.after.read(
            world, of: scene, after: (state.before.base.orientation, state.before.pitch))
        outside.overlay(&state.after.reading, physics.definition)
        state.episode.step += 1
        let isTerminated = try isTerminated()
        state.isTerminated = isTerminated
        let reward = try reward()
        for index in state.episode.action.indices {
            state.episode.lastAction[index] = state.episode.action[index]
        }
        let isTruncated = state.episode.step >= scene.episodeSteps
        state.episode.isOver = isTerminated || isTruncated
        countForCurriculum()
        resampleCommand()
        try observe(into: &observation)
        return Step(reward: reward, isTerminated: isTerminated, isTruncated: isTruncated)
    }

    /// What the joints are told in a control step, the forces of thrusters behind them, and for how many physics steps; an action that
    /// comes late leaves the ones before it at work.
    func told(_ move: (borrowing [Double], Int) throws(PhysicsError) -> Void) throws(PhysicsError) {
        // Joints without an actuator keep the zero that they began with.
        for index in scene.actuators.indices {
            commands[scene.actuators[index].joint] =
                scene.actuators[index].command(state.episode.action[index])
        }
        for index in scene.thrusters.indices {
            let action = state.episode.action[scene.actuators.count + index]
            commands[scene.robot.joints.count + index] =
                state.episode.thrustScale * scene.thrusters[index].force(action)
        }
        guard state.episode.commandHistory.count > 1 else {
            let held = commands
            return try move(held, scene.physics.substeps)
        }
        for index in state.episode.commandHistory.indices.dropFirst().reversed() {
            state.episode.commandHistory.swapAt(index, index - 1)
        }
        for index in commands.indices { state.episode.commandHistory[0][index] = commands[index] }
        let (steps, late) = state.episode.latency.quotientAndRemainder(dividingBy: scene.physics.substeps)
        if late > 0 {
            let earlier = state.episode.commandHistory[steps + 1]
            try move(earlier, late)
        }
        let held = state.episode.commandHistory[steps]
        try move(held, scene.physics.substeps - late)
    }

    /// The whole state: world, episode, random stream.
    ///
    /// - Throws: ``SimulationError`` where the world has diverged.
    public func saveState() throws -> [UInt8] {
        do {
            return SavedState(
                random: random, episode: state.episode.numbers + (curriculumState?.numbers ?? []),
                orientation: state.after.base.orientation,
                pitch: state.after.pitch, worldState: try world.save()
            ).bytes
        } catch {
            throw SimulationError.state(error.description)
        }
    }

    /// Takes a state that an environment of the same scene saved.
    ///
    /// - Throws: ``SimulationError/state(_:)``; the environment is as it was.
    public func restoreState(_ state: [UInt8]) throws {
        guard let saved = SavedState(bytes: state) else {
            throw SimulationError.state("the bytes are damaged")
        }
        var (restored, curriculum) = (self.state.episode, curriculumState)
        let count = restored.numbers.count
        guard restored.take(Array(saved.episode.prefix(count)), of: scene),
            curriculum.take(Array(saved.episode.dropFirst(count)), of: scene.curriculum)
        else { throw SimulationError.state("it is of another scene") }
        do {
            try world.restore(saved.worldState)
            try self.state.after.read(world, of: scene, after: (saved.orientation, saved.pitch))
        } catch {
            throw SimulationError.state(error.description)
        }
        self.state.before = self.state.after
        self.state.episode = restored
        curriculumState = curriculum
        random = saved.random
    }
}

/// What goes wrong when a scene is simulated.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
    /// The physics refuses the scene.
    case scene(file: String, problem: String)
    /// An element of an action is NaN or infinite.
    case actionNotFinite(index: Int)
    /// Bytes are no saved state of this scene.
    case state(String)

    /// The error as a person reads it.
    public var description: String {
        switch self {
        case .scene(let file, let problem): "\(file): cannot be simulated: \(problem)"
        case .actionNotFinite(let index):
            "action \(index) is not a finite number; a policy must give numbers within [-1, 1]"
        case .state(let problem):
            "the saved state does not fit the environment: \(problem); where an earlier version of Sinew saved it, train the run again, or start from its policy by --from"
        }
    }
}
