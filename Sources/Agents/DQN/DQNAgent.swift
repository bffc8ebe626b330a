// SPDX-License-Identifier: MIT

internal import Environments
internal import Networks
public import Policies

/// DQN and Double DQN: the update of `DQNLearner`, with its replay buffer, its random streams and its schedule.
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
    private var sums = MetricSums("loss", "value", "epsilon")
    /// Says that learning from a step is to be given up; nobody does unless told to.
    public var isGivenUp: () -> Bool = { false }

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
        let network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: choices)
        // Parameters, copy, gradient, two moments; the outputs and gradients of a batch.
        let columns = 2 * configuration.hidden.reduce(0, +) + 4 * choices
        try configuration.checkMemory(
            replay: (capacity, observations, 1),
            networks: 5 * network.parameterCount + configuration.rows * columns, key: "hidden",
            value: "\(configuration.hidden) with a batch of \(configuration.rows)")
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
            guard !isGivenUp() else { throw .givenUp }
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
            layers: learner.network.denseLayers(learner.parameters), head: .greedy(choices: grid.actions),
            actionCount: grid.actionCount)
    }

    /// Takes the network of a saved policy as its own.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape, chooses from other actions, or normalises its
    /// observations.
    public func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError) {
        guard case .greedy(let choices) = policy.head, choices == grid.actions else {
            throw .badStart(
                "only one that chooses from the same \(grid.count) actions can")
        }
        guard policy.normaliser == .identity(policy.observationCount) else {
            throw .badStart("it normalises its observations, which this algorithm does not")
        }
        try policy.checkShape(
            observations: learner.observations, actions: grid.actionCount, hidden: configuration.hidden)
        learner.parameters.take(policy.layers.flatMap { $0.weight + $0.bias })
        learner.target.copy(from: learner.parameters)
    }

    /// The means of the loss, of max Q and of epsilon over the updates since `resetMetrics`.
    public var metrics: [Metric] { sums.means }

    /// Starts the means again.
    public func resetMetrics() {
        sums.reset()
    }

    /// Network, target network, optimiser, replay buffer, streams and counters.
    public var entries: [CheckpointEntry<DQNAgent>] {
        [
            .init("agent.steps", \.steps, \.learner.updates),
            .init("agent.metrics", \.sums.words),
            .init("stream.exploration", \.exploration),
            .init("stream.replay", \.sampling),
            .init("critic", learner.parameters),
            .init("critic.target", learner.target),
            .init("critic.adam", learner.optimiser),
            .init("replay", replay),
        ]
    }

    /// Refuses a replay buffer with choices that do not exist.
    public func restored() throws {
        guard replay.hasActions(in: 0...Float(grid.count - 1)) else {
            throw AgentsError.badState("the replay buffer holds choices that do not exist")
        }
    }
}
