// SPDX-License-Identifier: MIT

internal import Environments
public import Policies

/// Q-learning and Double Q-learning in a scene: the update of ``TabularLearner`` on states that are bins of the observation.
public final class TabularAgent: Agent {
    /// The hyperparameters.
    public let configuration: QLearningConfiguration
    /// What makes a state of an observation.
    public let states: StateGrid
    /// The actions that it chooses from.
    public let grid: ActionGrid
    /// The tables and their update.
    public private(set) var learner: TabularLearner
    private var exploration: RandomStream
    /// The coins of Double Q-learning.
    private var coins: RandomStream
    /// The transitions taken in so far.
    private var steps = 0
    private var sums = MetricSums("error", "value", "epsilon")

    /// Makes an agent whose streams come from `seed`.
    public init(states: StateGrid, grid: ActionGrid, configuration: QLearningConfiguration, seed: UInt64) {
        self.configuration = configuration
        self.states = states
        self.grid = grid
        learner = TabularLearner(
            states: states.stateCount, actions: grid.count, target: configuration.target,
            discount: configuration.discount, stepSize: configuration.stepSize,
            initialValue: configuration.initialValue)
        exploration = RandomStream(seed: seed, .exploration)
        coins = RandomStream(seed: seed, .update)
    }

    /// Q-learning or Double Q-learning.
    public var algorithm: Algorithm { configuration.algorithm }

    private var epsilon: Double { configuration.epsilon.value(at: steps) }

    /// Writes a choice by the epsilon-greedy rule.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        let choice = learner.action(
            in: states.state(of: observation), epsilon: epsilon, using: &exploration)
        grid.write(choice, into: &action)
    }

    /// Updates the value of what was done.
    public func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError) {
        let (state, choice) = (states.state(of: observation), grid.choice(nearest: action))
        let error = learner.update(
            state: state, action: choice, reward: Double(reward), next: states.state(of: next),
            isTerminated: isTerminated, using: &coins)
        // A policy holds single precision.
        guard Float(learner.value(state, choice)).isFinite else {
            throw .notFinite("a value of the table after step \(steps + 1) is not finite")
        }
        sums.add([abs(error), learner.value(state, choice), epsilon])
        steps += 1
    }

    /// The table as it is now, with the choice of the highest value as its action.
    public func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork {
        try PolicyNetwork(
            layers: [],
            head: .table(
                ValueTable(bins: states.counts, values: learner.estimate.values.map { Float($0) }),
                choices: grid.actions),
            normaliser: states.normaliser, actionCount: grid.actionCount)
    }

    /// Takes the table of a saved policy as its own.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has other states or chooses from other actions.
    public func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError) {
        guard case .table(let table, let choices) = policy.head, table.bins == states.counts,
            policy.normaliser == states.normaliser
        else {
            throw .badStart("only a table of the same bins can")
        }
        guard choices == grid.actions else {
            throw .badStart("it chooses from other actions than this agent")
        }
        for i in learner.tables.indices {
            for (index, value) in table.values.enumerated() {
                learner.tables[i][index / grid.count, index % grid.count] = Double(value)
            }
        }
    }

    /// The means since `resetMetrics` of the error's size, the updated value and epsilon.
    public var metrics: [Metric] { sums.means }

    /// Starts the means again.
    public func resetMetrics() {
        sums.reset()
    }

    /// Tables, visits, streams and counters.
    public var entries: [CheckpointEntry<TabularAgent>] {
        [
            .init("agent.steps", \.steps),
            .init("agent.metrics", \.sums.words),
            .init("stream.exploration", \.exploration),
            .init("stream.update", \.coins),
        ]
            + learner.tables.indices.flatMap { table -> [CheckpointEntry<TabularAgent>] in
                [
                    .init("table\(table).values", \.learner.tables[table].values),
                    .init("table\(table).visits", \.learner.visits[table]),
                ]
            }
    }
}
