// SPDX-License-Identifier: MIT

internal import Environments
internal import Foundation
internal import Networks
public import Policies
public import Safetensors

/// Soft actor-critic: the update of ``SACLearner``, with its replay buffer, its random streams and its schedule.
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
    private var criticSums = MetricSums(count: 2)
    private var actorSums = MetricSums(count: 5)

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

    /// Refuses what this machine's memory cannot hold: the replay buffer, or the networks with their moments and batches.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)``.
    package static func checkMemory(
        _ configuration: SACConfiguration, capacity: Int, observations: Int, actions: Int
    ) throws(AgentsError) {
        let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let replay = ReplayBuffer.byteCount(capacity: capacity, observations: observations, actions: actions)
        guard replay <= memory / 2, Parameters.fit(bytes: replay) else {
            throw .badSetting(
                key: "sac.replay_capacity", value: "\(capacity)",
                allowed:
                    "small enough for this machine's memory; that many transitions take \(ReplayBuffer.needs(replay))"
            )
        }
        let network = Perceptron(
            inputs: observations + actions, hidden: configuration.hidden, outputs: 2 * actions)
        // Parameters, gradient, two moments, target or second gradient; hidden outputs and gradients of a batch, both twice.
        let floats =
            3 * (5 * network.parameterCount + 4 * configuration.batch * configuration.hidden.reduce(0, +))
        guard replay + 4 * floats <= memory, Parameters.fit(bytes: replay + 4 * floats) else {
            throw .badSetting(
                key: "sac.hidden", value: "\(configuration.hidden) with sac.batch \(configuration.batch)",
                allowed:
                    "small enough for this machine's memory; these take \((replay + 4 * floats) >> 30) GiB")
        }
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
            normaliser: normaliser?.normaliser)
    }

    /// Takes the actor of a saved policy as its own: training goes on from what that policy does.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape or is no stochastic one.
    public func start(from policy: PolicyNetwork) throws(AgentsError) {
        let layers = learner.actor.network.layers
        guard case .squashed(let deviation?) = policy.head, policy.layers.count == layers.count else {
            throw .badStart("only a stochastic one of \(layers.count) layers can")
        }
        var numbers: [Float] = []
        for layer in policy.layers.dropLast() { numbers += layer.weight + layer.bias }
        if let mean = policy.layers.last {
            numbers += mean.weight + deviation.weight + mean.bias + deviation.bias
        }
        guard zip(policy.layers.dropLast(), layers).allSatisfy({ $0.outputCount == $1.outputs }),
            numbers.count == learner.actor.parameters.count
        else {
            throw .badStart(
                "its hidden layers have the widths \(policy.layers.dropLast().map(\.outputCount)), this agent's \(configuration.hidden)"
            )
        }
        try RunningNormaliser.start(normaliser, from: policy, key: "sac.normalise_observations")
        for (index, number) in numbers.enumerated() { learner.actor.parameters[index] = number }
    }

    /// The means of the losses, the temperature, the entropy and the value of the updates since `resetMetrics`.
    public var metrics: [Metric] {
        let names = [
            "critic1_loss", "critic2_loss", "actor_loss", "temperature_loss", "temperature", "entropy",
            "value",
        ]
        return zip(names, criticSums.means + actorSums.means).map { Metric($0, $1) }
    }

    /// Begins to measure anew.
    public func resetMetrics() {
        criticSums.reset()
        actorSums.reset()
    }

    /// Networks, targets, optimisers, temperature, replay buffer, streams and counters.
    public var state: [TensorSource] {
        var sources: [TensorSource] = [
            TensorSource("agent.steps", [UInt64(steps)]),
            TensorSource("agent.critic_metrics", criticSums.words),
            TensorSource("agent.actor_metrics", actorSums.words),
            TensorSource("temperature.logarithm", [learner.temperature.logarithm]),
            TensorSource(
                "temperature.moments",
                [learner.temperature.optimiser.firstMoment, learner.temperature.optimiser.secondMoment]),
            TensorSource("temperature.steps", [UInt64(learner.temperature.optimiser.steps)]),
            exploration.source("stream.exploration"),
            TensorSource("exploration.noise", explorationNoise),
            sampling.source("stream.replay"),
            noise.source("stream.update"),
        ]
        sources += replay.state("replay")
        sources += normaliser?.state("normaliser") ?? []
        for (name, parameters) in namedParameters { sources.append(TensorSource(name, parameters)) }
        for (name, optimiser) in optimisers {
            sources.append(TensorSource("\(name).steps", [UInt64(optimiser.steps)]))
        }
        return sources
    }

    /// Takes the state of a checkpoint of the same configuration.
    ///
    /// - Throws: `SafetensorsError` or ``AgentsError`` where tensors are missing or of another shape; the agent must not
    ///   be used then.
    public func restore(_ archive: TensorArchive) throws {
        steps = try archive.count("agent.steps")
        try criticSums.restore(archive.values("agent.critic_metrics"))
        try actorSums.restore(archive.values("agent.actor_metrics"))
        let moments = try archive.values("temperature.moments", as: Double.self, shape: [2])
        learner.temperature.logarithm = try archive.value("temperature.logarithm")
        learner.temperature.optimiser.firstMoment = moments[0]
        learner.temperature.optimiser.secondMoment = moments[1]
        learner.temperature.optimiser.steps = try archive.count("temperature.steps")
        exploration = try RandomStream(archive, "stream.exploration")
        explorationNoise = try archive.values("exploration.noise", shape: [explorationNoise.count])
        sampling = try RandomStream(archive, "stream.replay")
        noise = try RandomStream(archive, "stream.update")
        try replay.restore(archive, "replay")
        try normaliser?.restore(archive, "normaliser")
        for (name, parameters) in namedParameters { try archive.copy(name, into: parameters) }
        for (name, optimiser) in optimisers { optimiser.steps = try archive.count("\(name).steps") }
    }

    private var optimisers: [(String, Adam)] {
        [
            ("actor.adam", learner.actor.optimiser), ("critic1.adam", learner.critics.0.optimiser),
            ("critic2.adam", learner.critics.1.optimiser),
        ]
    }

    private var namedParameters: [(String, Parameters)] {
        [
            ("actor", learner.actor.parameters), ("critic1", learner.critics.0.parameters),
            ("critic2", learner.critics.1.parameters), ("critic1.target", learner.critics.0.target),
            ("critic2.target", learner.critics.1.target),
        ]
            + optimisers.flatMap { name, optimiser in
                [("\(name).m", optimiser.firstMoment), ("\(name).v", optimiser.secondMoment)]
            }
    }
}
