// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
public import Networks

/// Soft actor-critic: the update of `SACLearner`, with its replay buffer, its random streams and its schedule.
public final class SACAgent: Agent {
    /// The hyperparameters.
    public let configuration: SACConfiguration
    /// The networks and their update.
    package let learner: SACLearner
    private let replay: ReplayBuffer
    /// What normalises observations; nil where the networks see them raw.
    let normaliser: RunningNormaliser?
    /// The same for what the critics see besides; nil where that is nothing, too.
    let criticNormaliser: RunningNormaliser?
    /// What the actor sees and draws, a row for each environment.
    private let seen: Matrix
    private let acting: ActorPass
    private let actions: Matrix
    private var exploration: SACExploration
    private var sampling: RandomStream
    private var noise: RandomStream
    /// The transitions taken in so far.
    private var steps = 0
    /// The environment whose transition comes next; the first one's whenever a checkpoint is written.
    private var turn = 0
    /// Says that learning from a step is to be given up; nobody does unless told to.
    public var isGivenUp: () -> Bool = { false }
    private var criticSums = MetricSums("critic1_loss", "critic2_loss")
    private var actorSums = MetricSums("actor_loss", "temperature_loss", "temperature", "entropy", "value")

    /// Makes an agent whose parameters and streams come from `seed`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the replay buffer is larger than the machine's memory.
    public convenience init(
        observations: Int, criticObservations: Int = 0, actions: Int, configuration: SACConfiguration,
        seed: UInt64, threads: Int = 1
    ) throws(AgentsError) {
        try self.init(
            observations: observations, criticObservations: criticObservations, actions: actions,
            configuration: configuration, seed: seed, team: Team(threads: threads))
    }

    /// Makes an agent that learns on the threads of `team`.
    init(
        observations: Int, criticObservations: Int, actions: Int, configuration: SACConfiguration,
        seed: UInt64, team: Team
    ) throws(AgentsError) {
        let capacity = min(configuration.replayCapacity, max(configuration.steps, configuration.batch))
        let seenByCritic = observations + criticObservations
        try Self.checkMemory(configuration, capacity: capacity, observations: seenByCritic, actions: actions)
        self.configuration = configuration
        learner = SACLearner(
            observations: observations, criticObservations: criticObservations, actions: actions,
            configuration: configuration, team: team)
        var initialisation = RandomStream(seed: seed, .initialisation)
        learner.initialise(using: &initialisation)
        exploration = SACExploration(configuration, actions: actions, seed: seed)
        sampling = RandomStream(seed: seed, .replay)
        noise = RandomStream(seed: seed, .update)
        let environments = configuration.environments
        replay = ReplayBuffer(
            capacity: capacity, observations: seenByCritic, actions: actions, environments: environments)
        let normalises = configuration.normaliseObservations
        normaliser = normalises ? RunningNormaliser(observations: observations) : nil
        criticNormaliser =
            normalises && criticObservations > 0 ? RunningNormaliser(observations: criticObservations) : nil
        seen = Matrix(rows: environments, columns: observations)
        acting = ActorPass(for: learner.actor.network, batch: environments)
        self.actions = Matrix(rows: environments, columns: actions)
    }

    /// Refuses what this machine's memory cannot hold.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)``.
    package static func checkMemory(
        _ configuration: SACConfiguration, capacity: Int, observations: Int, actions: Int
    ) throws(AgentsError) {
        let network = Perceptron(
            inputs: observations + actions, hidden: configuration.hidden, outputs: 2 * actions)
        // Parameters, gradient, two moments, target; hidden outputs and gradients of a batch, both twice.
        let floats = 5 * network.parameterCount + 4 * configuration.batch * configuration.hidden.reduce(0, +)
        try configuration.checkMemory(
            replay: (capacity, observations, actions), networks: 3 * floats, key: "hidden",
            value: "\(configuration.hidden) with sac.batch \(configuration.batch)")
    }

    /// Soft actor-critic.
    public var algorithm: Algorithm { .sac }

    /// The environments that step side by side.
    public var environmentCount: Int { configuration.environments }

    /// What the critics see besides.
    public var criticObservationCount: Int { learner.criticObservations }

    /// Whether there are several.
    public var actsTogether: Bool { configuration.environments > 1 }

    /// Writes a uniformly random action during the warm-up, then one drawn from the actor.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        seen.setRow(0, to: observation)
        decide()
        for i in action.indices { action[i] = actions[0, i] }
    }

    /// The same for all environments, by one pass of the actor.
    public func act(_ observations: Matrix, into actions: Matrix) {
        seen.setColumns(from: 0, to: observations)
        decide()
        actions.setColumns(from: 0, to: self.actions)
    }

    /// Makes `actions` of what is `seen`.
    private func decide() {
        exploration.advance()
        let noise = exploration.noise
        let count = actions.columns
        guard steps >= configuration.warmUp else {
            // The normal distribution's own function makes its noise uniform; a larger spread goes to the ends.
            let spread = configuration.warmUpSpread / 2.0.squareRoot()
            for i in noise.indices { actions[i / count, i % count] = Float(erf(spread * noise[i])) }
            return
        }
        normaliser?.normalise(seen)
        for i in noise.indices { acting.distribution.noise[i / count, i % count] = Float(noise[i]) }
        learner.actor.sample(seen, acting)
        actions.setColumns(from: 0, to: acting.distribution.actions)
    }

    /// Stores the transition; after the warm-up, updates.
    public func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError) {
        replay.append(
            observation: observation, action: action, reward: reward, next: next,
            isTerminated: isTerminated, isTruncated: isTruncated, environment: turn)
        normaliser?.append(observation.extracting(0..<learner.observations))
        criticNormaliser?.append(observation.extracting(learner.observations..<observation.count))
        discardStep()
        steps += 1
        for _ in 0..<updatesDue { try update() }
    }

    /// Lets the next environment have its turn.
    public func discardStep() {
        turn = (turn + 1) % configuration.environments
    }

    /// The updates after the last step: of a fraction, as many as make whole ones of all steps after the warm-up.
    private var updatesDue: Int {
        let count = steps - configuration.warmUp
        guard count > 0 else { return 0 }
        func updates(_ count: Int) -> Int { Int(Double(count) * configuration.updatesPerStep) }
        return updates(count) - updates(count - 1)
    }

    private func update() throws(AgentsError) {
        guard !isGivenUp() else { throw .givenUp }
        sample()
        normaliser?.normalise(learner.batch.observations)
        normaliser?.normalise(learner.batch.nextObservations)
        criticNormaliser?.normalise(learner.batch.criticObservations)
        criticNormaliser?.normalise(learner.batch.nextCriticObservations)
        learner.drawNoise(using: &noise)
        let metrics = learner.update()
        guard metrics.isFinite else {
            throw .notFinite("a loss of SAC's update after step \(steps) is not finite")
        }
        criticSums.add([metrics.criticLosses.0, metrics.criticLosses.1])
        guard metrics.isOfActor else { return }
        actorSums.add([
            metrics.actorLoss, metrics.temperatureLoss, metrics.temperature, metrics.entropy, metrics.value,
        ])
    }

    private func sample() {
        if configuration.returnSteps == 1 {
            replay.sample(into: learner.batch, using: &sampling)
        } else {
            replay.sample(
                into: learner.batch, steps: configuration.returnSteps, discount: configuration.discount,
                using: &sampling)
        }
    }

    /// The means of the losses, the temperature, the entropy and the value of the updates since `resetMetrics`.
    public var metrics: [Metric] { criticSums.means + actorSums.means }

    /// Starts the means again.
    public func resetMetrics() {
        criticSums.reset()
        actorSums.reset()
    }

    /// Networks, targets, optimisers, temperature, replay buffer, streams and counters.
    public var entries: [CheckpointEntry<SACAgent>] {
        [
            .init(
                "agent.layout", layout: 2,
                otherwise:
                    "it is of a Sinew whose soft actor-critic summed in another order; train the run again, "
                    + "or start from its policy by --from"),
            .init("agent.steps", \.steps),
            .init("agent.critic_metrics", \.criticSums.words),
            .init("agent.actor_metrics", \.actorSums.words),
            .init("", \.exploration),
            .init("stream.replay", \.sampling),
            .init("stream.update", \.noise),
            .init("actor", learner.actor),
            .init("critic1", learner.critics.0),
            .init("critic2", learner.critics.1),
            .init("temperature", \.learner.temperature),
            .init("replay", replay),
            .init("normaliser", normaliser),
            .init("critic_normaliser", criticNormaliser),
        ]
    }
}
