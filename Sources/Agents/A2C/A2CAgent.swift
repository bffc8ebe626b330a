// SPDX-License-Identifier: MIT

internal import Environments
internal import Networks

/// Advantage actor-critic: the update of `A2CLearner` whenever the rollout of its environments is full, and the statistics
/// that bring observations and returns to one scale.
///
/// The policy stays as it is between two updates, its normaliser included: the update takes the gradient of exactly the
/// probabilities that actions were drawn with.
public final class A2CAgent: Agent {
    /// The hyperparameters.
    public let configuration: A2CConfiguration
    /// The networks and their update.
    package let learner: A2CLearner
    let normaliser: RunningNormaliser?
    private var returnScale: ReturnScale
    private let actingObservation: Matrix
    private var exploration: RandomStream
    /// The updates done.
    private var updates = 0
    private var sums = MetricSums(
        "policy_loss", "value_loss", "entropy", "gradient_norm", "value")

    /// Makes an agent whose parameters and streams come from `seed`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the grid of torques or the networks are too large.
    public init(
        observations: Int, actions: Int, configuration: A2CConfiguration, seed: UInt64
    ) throws(AgentsError) {
        var grid: ActionGrid?
        if let torques = configuration.torques {
            grid = try configuration.grid(torques, actionCount: actions)
        }
        try Self.checkMemory(
            configuration, observations: observations, outputs: max(actions, grid?.count ?? 0))
        self.configuration = configuration
        learner = A2CLearner(
            observations: observations, actions: actions, grid: grid, configuration: configuration)
        var initialisation = RandomStream(seed: seed, .initialisation)
        learner.initialise(using: &initialisation)
        exploration = RandomStream(seed: seed, .exploration)
        normaliser = configuration.normaliseObservations ? RunningNormaliser(observations: observations) : nil
        returnScale = ReturnScale(
            environments: configuration.environments, discount: configuration.discount)
        actingObservation = Matrix(rows: 1, columns: observations)
    }

    /// Refuses what this machine's memory cannot hold.
    private static func checkMemory(
        _ configuration: A2CConfiguration, observations: Int, outputs: Int
    ) throws(AgentsError) {
        let network = Perceptron(inputs: observations, hidden: configuration.hidden, outputs: outputs)
        let rows = configuration.environments * configuration.rollout
        // Both networks with gradient and moments, a batch's hidden outputs and gradients; observations four times.
        let floats =
            2 * (4 * network.parameterCount + 2 * rows * configuration.hidden.reduce(0, +))
            + rows * (4 * observations + 5 * outputs)
        try configuration.checkMemory(
            networks: floats, key: "rollout",
            value: "\(configuration.rollout) with \(configuration.environments) environments")
    }

    /// Advantage actor-critic.
    public var algorithm: Algorithm { .a2c }

    /// The environments that take turns.
    public var environmentCount: Int { configuration.environments }

    /// Writes an action drawn from the policy.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        actingObservation.setRow(0, to: observation)
        normaliser?.normalise(actingObservation)
        learner.actor.act(
            on: actingObservation, into: learner.rollout.draws, row: learner.rollout.count, action: &action,
            using: &exploration)
    }

    /// Adds the step to the rollout; learns when it is full.
    public func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError) {
        let isLast = isTerminated || isTruncated
        returnScale.append(reward, environment: learner.rollout.environment, isLast: isLast)
        learner.rollout.append(
            observation: observation, reward: reward, next: next, isTerminated: isTerminated, isLast: isLast)
        try updateIfDue()
    }

    /// Leaves the step out of the rollout; the one before it is followed by the value of what it led to.
    public func discardStep() throws(AgentsError) {
        returnScale.cut(environment: learner.rollout.environment)
        learner.rollout.appendNothing()
        try updateIfDue()
    }

    private func updateIfDue() throws(AgentsError) {
        let rollout = learner.rollout
        guard rollout.isFull else { return }
        learner.inputs.setColumns(from: 0, to: rollout.observations)
        learner.nextInputs.setColumns(from: 0, to: rollout.nextObservations)
        normaliser?.normalise(learner.inputs)
        normaliser?.normalise(learner.nextInputs)
        learner.rewardFactor = returnScale.factor
        let metrics = learner.update()
        updates += 1
        guard metrics.isFinite else {
            throw .notFinite("a loss of A2C's update \(updates) is not finite")
        }
        sums.add([
            metrics.policyLoss, metrics.valueLoss, metrics.entropy, metrics.gradientNorm, metrics.value,
        ])
        if let normaliser {
            rollout.observations.withSpan { numbers in
                let width = rollout.observations.columns
                for row in 0..<rollout.rows where rollout.weights[row, 0] > 0 {
                    normaliser.append(numbers.extracting(row * width..<(row + 1) * width))
                }
            }
        }
        rollout.removeAll()
    }

    /// The numbers of an observation that never varied, where observations are normalised.
    public var constantObservations: [Int] { normaliser?.constants ?? [] }

    /// The means of the losses, the entropy, the gradient's norm and the value of the updates since `resetMetrics`.
    public var metrics: [Metric] { sums.means }

    /// Starts the means again.
    public func resetMetrics() {
        sums.reset()
    }

    /// Networks, optimisers, rollout, statistics, streams and counters.
    public var entries: [CheckpointEntry<A2CAgent>] {
        [
            .init("agent.updates", \.updates),
            .init("agent.metrics", \.sums.words),
            .init("stream.exploration", \.exploration),
            .init("", learner),
            .init("returns", \.returnScale),
            .init("normaliser", normaliser),
        ]
    }
}
