// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
internal import Networks
public import Policies

/// Soft actor-critic: the update of `SACLearner`, with its replay buffer, its random streams and its schedule.
public final class SACAgent: Agent {
    /// The hyperparameters.
    public let configuration: SACConfiguration
    /// The networks and their update.
    package let learner: SACLearner
    private let replay: ReplayBuffer
    /// What normalises observations; nil where the networks see them raw.
    let normaliser: RunningNormaliser?
    private let acting: ActorPass
    private let actingObservation: Matrix
    private var exploration: RandomStream
    /// The noise of the last action, as `noiseCorrelation` carries it on.
    private var explorationNoise: [Double]
    private var sampling: RandomStream
    private var noise: RandomStream
    /// The transitions taken in so far.
    private var steps = 0
    /// Says that learning from a step is to be given up; nobody does unless told to.
    public var isGivenUp: () -> Bool = { false }
    private var criticSums = MetricSums("critic1_loss", "critic2_loss")
    private var actorSums = MetricSums("actor_loss", "temperature_loss", "temperature", "entropy", "value")

    /// Makes an agent whose parameters and streams come from `seed`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the replay buffer is larger than the machine's memory.
    public init(
        observations: Int, actions: Int, configuration: SACConfiguration, seed: UInt64, threads: Int = 1
    ) throws(AgentsError) {
        let capacity = min(configuration.replayCapacity, max(configuration.steps, configuration.batch))
        try Self.checkMemory(configuration, capacity: capacity, observations: observations, actions: actions)
        self.configuration = configuration
        learner = SACLearner(
            observations: observations, actions: actions, configuration: configuration, threads: threads)
        var initialisation = RandomStream(seed: seed, .initialisation)
        learner.initialise(using: &initialisation)
        exploration = RandomStream(seed: seed, .exploration)
        explorationNoise = Array(repeating: 0, count: actions)
        if configuration.noiseCorrelation > 0 {
            // The first step's noise follows one of the same distribution, so that all have it.
            for i in explorationNoise.indices { explorationNoise[i] = exploration.normal() }
        }
        sampling = RandomStream(seed: seed, .replay)
        noise = RandomStream(seed: seed, .update)
        replay = ReplayBuffer(capacity: capacity, observations: observations, actions: actions)
        normaliser = configuration.normaliseObservations ? RunningNormaliser(observations: observations) : nil
        acting = ActorPass(for: learner.actor.network, batch: 1)
        actingObservation = Matrix(rows: 1, columns: observations)
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

    /// Writes a uniformly random action during the warm-up, then one drawn from the actor.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        let correlation = configuration.noiseCorrelation
        let fresh = (1 - correlation * correlation).squareRoot()
        for i in action.indices {
            explorationNoise[i] = correlation * explorationNoise[i] + fresh * exploration.normal()
        }
        guard steps >= configuration.warmUp else {
            // The normal distribution's own function makes its noise uniform; a larger spread goes to the ends.
            let spread = configuration.warmUpSpread / 2.0.squareRoot()
            for i in action.indices { action[i] = Float(erf(spread * explorationNoise[i])) }
            return
        }
        actingObservation.setRow(0, to: observation)
        normaliser?.normalise(actingObservation)
        for i in action.indices { acting.distribution.noise[0, i] = Float(explorationNoise[i]) }
        learner.actor.sample(actingObservation, acting)
        for i in action.indices { action[i] = acting.distribution.actions[0, i] }
    }

    /// Stores the transition; after the warm-up, updates.
    public func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError) {
        replay.append(
            observation: observation, action: action, reward: reward, next: next,
            isTerminated: isTerminated,
            isTruncated: isTruncated)
        normaliser?.append(observation)
        steps += 1
        guard steps > configuration.warmUp else { return }
        for _ in 0..<configuration.updatesPerStep {
            guard !isGivenUp() else { throw .givenUp }
            sample()
            normaliser?.normalise(learner.batch.observations)
            normaliser?.normalise(learner.batch.nextObservations)
            learner.drawNoise(using: &noise)
            let metrics = learner.update()
            guard metrics.isFinite else {
                throw .notFinite("a loss of SAC's update after step \(steps) is not finite")
            }
            criticSums.add([metrics.criticLosses.0, metrics.criticLosses.1])
            guard metrics.isOfActor else { continue }
            actorSums.add([
                metrics.actorLoss, metrics.temperatureLoss, metrics.temperature, metrics.entropy,
                metrics.value,
            ])
        }
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

    /// The actor as it is now: deterministic by its mean, stochastic by its standard deviation.
    public func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork {
        try PolicyNetwork(
            gaussian: learner.actor.network.layerArrays(learner.actor.parameters),
            normaliser: normaliser?.ofPolicy)
    }

    /// Takes the actor of a saved policy as its own: training continues from what that policy does.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape or is no stochastic one.
    public func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError) {
        guard case .squashed(let deviation?) = policy.head else { throw .badStart("it is not stochastic") }
        try policy.checkShape(
            observations: learner.observations, actions: learner.actions, hidden: configuration.hidden)
        try RunningNormaliser.start(
            normaliser, from: policy, constants: constants, key: "sac.normalise_observations")
        var numbers = policy.layers.dropLast().flatMap { $0.weight + $0.bias }
        if let mean = policy.layers.last {
            numbers += mean.weight + deviation.weight + mean.bias + deviation.bias
        }
        learner.actor.parameters.take(numbers)
    }

    /// The numbers of an observation that never varied, where observations are normalised.
    public var constantObservations: [Int] { normaliser?.constants ?? [] }

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
            .init("stream.exploration", \.exploration),
            .init("exploration.noise", \.explorationNoise),
            .init("stream.replay", \.sampling),
            .init("stream.update", \.noise),
            .init("actor", learner.actor),
            .init("critic1", learner.critics.0),
            .init("critic2", learner.critics.1),
            .init("temperature", \.learner.temperature),
            .init("replay", replay),
            .init("normaliser", normaliser),
        ]
    }
}
