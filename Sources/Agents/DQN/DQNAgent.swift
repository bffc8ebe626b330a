// SPDX-License-Identifier: MIT

internal import Environments
internal import Foundation
internal import Networks
public import Policies
public import Safetensors

/// DQN and Double DQN: the update of ``DQNLearner``, with its replay buffer, its random streams and its schedule.
public final class DQNAgent: Agent {
    /// The hyperparameters.
    public let configuration: DQNConfiguration
    /// The actions that it chooses from.
    public let grid: ActionGrid
    /// The network and its update.
    package let learner: DQNLearner
    private let replay: ReplayBuffer
    private var choice: [Float] = [0]
    private var exploration: RandomStream
    private var sampling: RandomStream
    /// The transitions taken in so far.
    private var steps = 0
    private var sums = MetricSums(count: 3)

    /// Makes an agent whose parameters and streams come from `seed`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where replay buffer or network are larger than the machine's memory.
    public init(
        observations: Int, grid: ActionGrid, configuration: DQNConfiguration, seed: UInt64
    ) throws(AgentsError) {
        self.configuration = configuration
        self.grid = grid
        let capacity =
            configuration.usesReplay
            ? min(configuration.replayCapacity, max(configuration.steps, configuration.batch)) : 1
        try Self.checkMemory(configuration, capacity: capacity, observations: observations, grid.count)
        learner = DQNLearner(
            observations: observations, choices: grid.count, configuration: configuration)
        var initialisation = RandomStream(seed: seed, .initialisation)
        learner.initialise(using: &initialisation)
        exploration = RandomStream(seed: seed, .exploration)
        sampling = RandomStream(seed: seed, .replay)
        replay = ReplayBuffer(capacity: capacity, observations: observations, actions: 1)
    }

    /// Refuses what this machine's memory cannot hold.
    private static func checkMemory(
        _ configuration: DQNConfiguration, capacity: Int, observations: Int, _ choices: Int
    ) throws(AgentsError) {
        let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let replay = ReplayBuffer.byteCount(capacity: capacity, observations: observations, actions: 1)
        guard replay <= memory / 2, Parameters.fit(bytes: replay) else {
            throw configuration.bad(
                "replay_capacity", "\(capacity)",
                "small enough for this machine's memory; that many transitions take \(ReplayBuffer.needs(replay))"
            )
        }
        let network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: choices)
        // Parameters, copy, gradient, two moments; the outputs and gradients of a batch.
        let columns = 2 * configuration.hidden.reduce(0, +) + 4 * choices
        let bytes = replay + 4 * (5 * network.parameterCount + configuration.rows * columns)
        guard bytes <= memory, Parameters.fit(bytes: bytes) else {
            throw configuration.bad(
                "hidden", "\(configuration.hidden) with a batch of \(configuration.rows)",
                "small enough for this machine's memory; these take \(bytes >> 30) GiB")
        }
    }

    /// DQN or Double DQN.
    public var algorithm: Algorithm { configuration.algorithm }

    private var epsilon: Double { configuration.epsilon.value(at: steps) }

    /// Writes a random choice during the warm-up and with probability epsilon, the one of the highest value otherwise.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        let isRandom = exploration.uniform() < epsilon || steps < configuration.warmUp
        let choice =
            isRandom ? exploration.index(below: grid.count) : learner.greedyChoice(observation)
        grid.write(choice, into: &action)
    }

    /// Stores the transition; after the warm-up, updates.
    public func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError) {
        choice[0] = Float(grid.choice(nearest: action))
        replay.append(
            observation: observation, action: choice.span, reward: reward, next: next,
            isTerminated: isTerminated, isTruncated: isTruncated)
        steps += 1
        guard steps > configuration.warmUp else { return }
        for _ in 0..<configuration.updatesPerStep {
            replay.sample(into: learner.batch, using: &sampling)
            let metrics = learner.update()
            guard metrics.isFinite else {
                throw .notFinite("the loss of DQN's update after step \(steps) is not finite")
            }
            sums.add([metrics.loss, metrics.value, epsilon])
        }
    }

    /// The network as it is now, with the choice of the highest value as its action.
    public func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork {
        try PolicyNetwork(
            layers: learner.network.layerArrays(learner.parameters).map {
                DenseLayer(weight: $0.weight, bias: $0.bias)
            }, head: .greedy(choices: grid.actions), actionCount: grid.actionCount)
    }

    /// Takes the network of a saved policy as its own.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape, chooses from other actions, or normalises its
    /// observations.
    public func start(from policy: PolicyNetwork) throws(AgentsError) {
        guard case .greedy(let choices) = policy.head, choices == grid.actions else {
            throw .badStart(
                "only one that chooses from the same \(grid.count) actions can")
        }
        guard policy.normaliser == .identity(policy.observationCount) else {
            throw .badStart("it normalises its observations, which this algorithm does not")
        }
        let layers = learner.network.layers
        let numbers = policy.layers.flatMap { $0.weight + $0.bias }
        guard policy.layers.map(\.outputCount) == layers.map(\.outputs),
            numbers.count == learner.parameters.count
        else {
            throw .badStart(
                "its layers have the widths \(policy.layers.map(\.outputCount)), this agent's \(layers.map(\.outputs))"
            )
        }
        for (index, number) in numbers.enumerated() { learner.parameters[index] = number }
        learner.target.copy(from: learner.parameters)
    }

    /// The means of the loss, of max Q and of epsilon over the updates since `resetMetrics`.
    public var metrics: [Metric] {
        zip(["loss", "value", "epsilon"], sums.means).map { Metric($0, $1) }
    }

    /// Begins to measure anew.
    public func resetMetrics() {
        sums.reset()
    }

    /// Network, target network, optimiser, replay buffer, streams and counters.
    public var state: [TensorSource] {
        [
            TensorSource("agent.steps", [UInt64(steps), UInt64(learner.updates)]),
            TensorSource("agent.metrics", sums.words),
            exploration.source("stream.exploration"), sampling.source("stream.replay"),
            TensorSource("critic.adam.steps", [UInt64(learner.optimiser.steps)]),
        ] + replay.state("replay") + namedParameters.map { TensorSource($0, $1) }
    }

    /// Takes the state of a checkpoint of the same configuration.
    ///
    /// - Throws: `SafetensorsError` or ``AgentsError`` where tensors are missing or of another shape; the agent must not
    ///   be used then.
    public func restore(_ archive: TensorArchive) throws {
        let counts = try archive.counts("agent.steps", 2)
        (steps, learner.updates) = (counts[0], counts[1])
        try sums.restore(archive.values("agent.metrics"))
        exploration = try RandomStream(archive, "stream.exploration")
        sampling = try RandomStream(archive, "stream.replay")
        learner.optimiser.steps = try archive.count("critic.adam.steps")
        try replay.restore(archive, "replay")
        guard replay.hasActions(in: 0...Float(grid.count - 1)) else {
            throw AgentsError.badState("the replay buffer holds choices that there are not")
        }
        for (name, parameters) in namedParameters { try archive.copy(name, into: parameters) }
    }

    private var namedParameters: [(String, Parameters)] {
        [
            ("critic", learner.parameters), ("critic.target", learner.target),
            ("critic.adam.m", learner.optimiser.firstMoment),
            ("critic.adam.v", learner.optimiser.secondMoment),
        ]
    }
}
