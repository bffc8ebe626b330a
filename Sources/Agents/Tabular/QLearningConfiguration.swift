// SPDX-License-Identifier: MIT

public import Environments
package import Networks
package import Settings

/// The hyperparameters of Q-learning and Double Q-learning in a scene, which differ by ``target`` alone.
public struct QLearningConfiguration: Sendable, Equatable {
    /// How the next state's value is estimated: Q-learning or Double Q-learning, as the algorithm's name says.
    public var target: TargetRule
    /// Control steps to learn for.
    public var steps = 500_000
    /// The actions that each actuator may take.
    public var torques = ActionLevels.even(3)
    /// What makes the state; there is no default, since it is the scene's matter.
    public var bins: [Bins] = []
    /// gamma: how much the next step's value counts.
    public var discount = 0.99
    /// The step sizes.
    public var stepSize = StepSize.constant(0.1)
    /// All values at the start; one above what can be reached makes untried actions tempting.
    public var initialValue = 0.0
    /// How often an action is random.
    public var epsilon = EpsilonSchedule(start: 1, end: 0.05, steps: 100_000)

    /// Makes the default configuration.
    public init() {
        self.init(target: .maximum)
    }

    /// Makes the default configuration of one of the two.
    public init(target: TargetRule) {
        self.target = target
    }

    /// The choices for an action of `actionCount` elements.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where there are too many.
    public func grid(actionCount: Int) throws(AgentsError) -> ActionGrid {
        try grid(torques, actionCount: actionCount)
    }

    /// The states of observations of `space`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the bins do not fit it or are too many.
    public func states(of space: Space) throws(AgentsError) -> StateGrid {
        do {
            return try StateGrid(bins, space: space)
        } catch {
            throw bad("bins", error.parts.value, error.parts.allowed)
        }
    }
}

extension Algorithm {
    /// Q-learning on a table.
    public static let qLearning = Algorithm(
        "q-learning", "Q-learning on a table (Watkins 1989).", QLearningConfiguration(target: .maximum))
    /// Double Q-learning on two tables.
    public static let doubleQLearning = Algorithm(
        "double-q-learning", "Double Q-learning on two tables (van Hasselt 2010).", relative: .qLearning,
        QLearningConfiguration(target: .double))
}

extension QLearningConfiguration: AlgorithmConfiguration {
    /// Q-learning or Double Q-learning.
    public var algorithm: Algorithm { target == .double ? .doubleQLearning : .qLearning }

    /// The most values that a table may have.
    public static let valueLimit = 4_000_000

    /// The keys of the `q-learning` and `double-q-learning` blocks, in the order in which they are written.
    package static let keys: [Key<QLearningConfiguration>] = [
        Key("steps", \.steps, .integer(1...1_000_000_000), "control steps to learn for"),
        Key("torques", \.torques, .torques, Format<ActionLevels>.torquesSummary),
        Key(
            "bins", \.bins, Bins.format,
            "the numbers of the observation that make the state, each with the count of its bins and their range in its unit"
        ),
        Key("discount", \.discount, .number(.within(0, 1)), "gamma, the weight of the next step's value"),
        Key(
            "step_size", \.stepSize.first, .number(.within(0, 1)),
            "how far a value moves to its target at the first visit"),
        Key(
            "step_size_power", \.stepSize.power, .number(.within(0, 1)),
            "the n-th visit's step size is step_size / n^power; 0 is a constant, 1 takes the mean of all targets"
        ),
        Key("initial_value", \.initialValue, .number(.within(-1e9, 1e9)), "all values at the start"),
        Key(
            "epsilon_start", \.epsilon.start, .number(.within(0, 1)),
            "share of random actions at the first step"),
        Key(
            "epsilon_end", \.epsilon.end, .number(.within(0, 1)),
            "share of random actions after epsilon_steps"),
        Key(
            "epsilon_steps", \.epsilon.steps, .integer(0...1_000_000_000),
            "steps in which the share falls in a straight line"),
    ]

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where torques or bins do not fit, or make too many values.
    package func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        let states = try states(of: observationSpace)
        let grid = try grid(actionCount: actuators.count)
        guard states.stateCount * grid.count <= Self.valueLimit else {
            throw bad(
                "bins", "a table of \(states.stateCount) states and \(grid.count) choices",
                "at most \(Self.valueLimit) values; use fewer bins or fewer \(algorithm).torques")
        }
        return TabularAgent(states: states, grid: grid, configuration: self, seed: seed)
    }
}
