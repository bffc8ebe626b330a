// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry
internal import Physics
internal import Policies
internal import Robots
internal import Scenes
internal import Tasks

/// The simulation that is shown, step by step: what acts in it, and what is done to it.
///
/// It knows neither the clock nor who looks.
final class LiveSimulation {
    private let scene: Scene
    private let environment: SimulatedEnvironment
    private let feed: (any PolicyFeed)?
    private var rollOut: RollOut
    private var policy: (shown: ShownPolicy, player: NetworkPolicy)?
    private var held: [Float]
    private var pull: (link: Int, grip: Vector3, place: Vector3)?
    /// A blow, the time that it lasts, s, and the steps of it that are to come.
    private var kick: (change: Vector3, time: Double, steps: Int)?
    private var command: Vector3?
    /// The positions of the joints in the pose, rad or m.
    private(set) var pose: [Double]
    /// Where the base is held in the pose.
    private var base: Pose
    /// How high the base is at the start, m.
    let startHeight: Double
    /// Whether physics moves it; a person holds it in a pose otherwise.
    private(set) var isMoving: Bool
    /// Whether it goes on where the task or the time ends an episode.
    private(set) var isEndless: Bool
    private(set) var seed: UInt64
    private(set) var end = EpisodeFilm.End.open
    /// What went wrong with the simulation, in words.
    private(set) var problem: String?
    private var total = 0.0
    private var reward = 0.0
    private var steps = 0

    /// How long a blow lasts, s; as near to it as whole steps are.
    private static let blow = 0.1

    /// Brings what is shown to life, at its start.
    init(_ exhibit: Exhibit) throws {
        scene = exhibit.task.scene
        environment = try exhibit.task.makeEnvironment(RandomStream(seed: exhibit.seed, .evaluation))
        feed = exhibit.feed
        rollOut = RollOut(environment)
        held = Array(repeating: 0, count: scene.actionCount)
        (pose, base, seed) = (scene.start.joints, scene.start.base, exhibit.seed)
        (isMoving, isEndless) = (feed != nil, feed == nil)
        try rollOut.reset()
        if scene.terrain != nil { base = environment.linkPoses[0] }
        startHeight = base.position.z
        begin()
    }

    /// The time from step to step, s.
    var period: Double { scene.physics.controlPeriod }

    /// Whether another step can be made.
    var goesOn: Bool {
        isMoving && problem == nil && (end == .open || isEndless && end != .diverged)
            && (feed == nil || policy != nil)
    }

    /// What acts; nil where a person holds the actions, or no policy is there yet.
    var policyLabel: String? { policy?.shown.label }
    /// The actions that are held.
    var heldActions: [Double] { held.map(Double.init) }
    /// Whether a person gives the commands.
    var isTold: Bool { command != nil }
    /// How high the base is held.
    var height: Double { base.position.z }

    /// What there is to see.
    var moment: Moment {
        Moment(time: Double(steps) * period, total: total, frame: environment.frame(reward: reward))
    }

    /// Does what concerns the simulation; the others are the clock's.
    func obey(_ wish: Wish) {
        switch wish {
        case .hold:
            isMoving = false
            restart()
        case .move: isMoving = true
        case .joint(let index, let value) where pose.indices.contains(index) && !isMoving:
            pose[index] = scene.robot.joints[index].clamped(value)
            pose = scene.robot.following(pose)
            place()
        case .height(let value) where scene.base != .fixed && !isMoving:
            base.position.z = value
            place()
        case .action(let index, let value) where held.indices.contains(index): held[index] = Float(value)
        case .reset(let seed): restart(seed: seed)
        case .endless(let isEndless): self.isEndless = isEndless
        case .pull(let link, let grip, let place): pull = (link, grip, place)
        case .release: pull = nil
        case .kick(let x, let y) where isMoving:
            let count = max(1, (Self.blow / period).rounded())
            kick = (Vector3(x, y, 0), count * period, Int(count))
        case .command(let command): tell(command)
        default: break
        }
    }

    private func tell(_ command: Vector3?) {
        self.command = command
        if let command { environment.tell(command) } else { environment.stopTelling() }
    }

    /// Begins a new episode, the first one of a seed where there is one.
    func restart(seed: UInt64? = nil) {
        if let seed {
            self.seed = seed
            environment.random = RandomStream(seed: seed, .evaluation)
        }
        do {
            try rollOut.reset()
            begin()
        } catch {
            (problem, end) = ("\(error)", .diverged)
        }
    }

    private func begin() {
        (total, reward, steps, end, problem, kick) = (0, 0, 0, .open, nil, nil)
        takeNewest()
        if let command { environment.tell(command) }
        if !isMoving { place() }
    }

    /// Takes a newer policy where there is one that fits; true where it came.
    @discardableResult
    func takeNewest() -> Bool {
        guard let shown = feed?.policy(after: policy?.shown.version ?? 0),
            let player = try? NetworkPolicy(shown.network),
            player.observationCount == environment.observationSpace.count,
            player.actionCount == environment.actuators.count
        else { return false }
        policy = (shown, player)
        return true
    }

    private func place() {
        let state = BaseState(
            position: base.position, orientation: base.orientation, linearVelocity: .zero,
            angularVelocity: .zero)
        do {
            try environment.place(
                base: scene.base == .fixed ? nil : state, positions: pose,
                velocities: pose.map { _ in 0 })
            problem = nil
        } catch {
            problem = "the robot cannot be held like this: \(error)"
        }
    }

    /// Does one control step, where it goes on.
    func step() {
        guard goesOn else { return }
        if environment.isEpisodeOver { environment.goOn() }
        do {
            if let pull { try environment.pull(link: pull.link, by: pull.grip, to: pull.place) }
            try blow()
            let step = try rollOut.step { [policy, held] observation, action in
                guard let policy else {
                    for index in action.indices { action[index] = held[index] }
                    return
                }
                try policy.player.act(observation, into: &action)
            }
            take(step)
        } catch {
            (problem, end) = ("\(error)", .diverged)
        }
    }

    private func take(_ step: Step) {
        steps += 1
        reward = step.reward
        total += step.reward
        end =
            step.isDiverged
            ? .diverged : step.isTerminated ? .terminated : step.isTruncated ? .truncated : .open
        if step.isDiverged { problem = "the simulation left the finite numbers" }
        rollOut.advance()
    }

    /// Goes on with a blow: against the root, or where that stands fast against the last link.
    private func blow() throws(PhysicsError) {
        guard let blow = kick else { return }
        let link = scene.base == .fixed ? scene.robot.links.count - 1 : 0
        try environment.kick(link: link, by: blow.change, in: blow.time)
        kick = blow.steps > 1 ? (blow.change, blow.time, blow.steps - 1) : nil
    }
}

extension Joint {
    /// The position within the stops that is nearest to one.
    fileprivate func clamped(_ position: Double) -> Double {
        max(lower ?? -.infinity, min(upper ?? .infinity, position))
    }
}
