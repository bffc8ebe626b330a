// SPDX-License-Identifier: MIT

package import Environments
package import Networks
package import Settings

/// What DQN's regression minimises.
public enum DQNLoss: String, Sendable, CaseIterable {
    /// e²/2 up to |e| = 1, then |e| - 1/2: large errors pull no harder than small ones (Mnih et al. 2015 clip the error's gradient).
    case huber
    /// e²/2: the article's 2.4 with a half, as its (4.19) has one, so that the gradient is the error.
    case squared
}

/// The hyperparameters of DQN and of Double DQN, which differ by ``target`` alone.
///
/// Defaults are those of Stable-Baselines3 and RL Zoo for small tasks, scaled to runs of minutes.
public struct DQNConfiguration: Sendable, Equatable {
    /// How the next state's value is estimated: DQN or Double DQN, as the algorithm's name says.
    public var target: TargetRule
    /// Control steps to learn for.
    public var steps = 50_000
    /// The actions that each actuator may take.
    public var torques = ActionLevels.even(5)
    /// The widths of the hidden layers.
    public var hidden = [64, 64]
    /// Transitions per update.
    public var batch = 64
    /// gamma: how much the next step's value counts.
    public var discount = 0.99
    /// Adam's rate.
    public var learningRate = 1e-3
    /// What an update minimises.
    public var loss = DQNLoss.huber
    /// Steps of random actions before learning begins.
    public var warmUp = 1000
    /// How often an action is random.
    public var epsilon = EpsilonSchedule(start: 1, end: 0.05, steps: 10_000)
    /// Updates after each step.
    public var updatesPerStep = 1
    /// Whether transitions are kept and drawn at random; otherwise each is learned from once, as it comes, alone.
    public var usesReplay = true
    /// Transitions that the replay buffer holds.
    public var replayCapacity = 100_000
    /// Whether targets come from a copy of the network; otherwise from the network itself.
    public var usesTargetNetwork = true
    /// K: updates between two copies.
    public var targetInterval = 500

    /// Makes the default configuration.
    public init() {
        self.init(target: .maximum)
    }

    /// Makes the default configuration of one of the two.
    public init(target: TargetRule) {
        self.target = target
    }

    /// The transitions of an update: one where there is no replay.
    var rows: Int { usesReplay ? batch : 1 }

    /// The choices for an action of `actionCount` elements.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where there are too many.
    public func grid(actionCount: Int) throws(AgentsError) -> ActionGrid {
        try grid(torques, actionCount: actionCount)
    }
}

extension Algorithm {
    /// Deep Q-networks.
    public static let dqn = Algorithm(
        "dqn", "Deep Q-networks, DQN (Mnih et al. 2015).", DQNConfiguration(target: .maximum))
    /// Double DQN.
    public static let doubleDQN = Algorithm(
        "double-dqn", "Double DQN (van Hasselt et al. 2016, arXiv:1509.06461).", relative: .dqn,
        DQNConfiguration(target: .double))
}

extension DQNConfiguration: AlgorithmConfiguration {
    /// DQN or Double DQN.
    public var algorithm: Algorithm { target == .double ? .doubleDQN : .dqn }

    /// The keys of the `dqn` and `double-dqn` blocks, in the order in which they are written.
    package static let keys: [Key<DQNConfiguration>] = [
        Key("steps", \.steps, .integer(1...1_000_000_000), "control steps to learn for"),
        Key("torques", \.torques, .torques, Format<ActionLevels>.torquesSummary),
        Key("hidden", \.hidden, .widths, "widths of the hidden layers"),
        Key("batch", \.batch, .integer(1...65_536), "transitions per update"),
        Key("discount", \.discount, .number(.within(0, 1)), "gamma, the weight of the next step's value"),
        Key("learning_rate", \.learningRate, .number(.within(0, 1)), "Adam's rate"),
        Key(
            "loss", \.loss, .choice,
            "huber, whose gradient is clipped to 1, or squared: what is minimised of the error"),
        Key(
            "warm_up", \.warmUp, .integer(0...1_000_000_000), "steps of random actions before learning begins"
        ),
        Key(
            "epsilon_start", \.epsilon.start, .number(.within(0, 1)),
            "share of random actions at the first step"),
        Key(
            "epsilon_end", \.epsilon.end, .number(.within(0, 1)),
            "share of random actions after epsilon_steps"),
        Key(
            "epsilon_steps", \.epsilon.steps, .integer(0...1_000_000_000),
            "steps in which the share falls in a straight line"),
        Key("updates_per_step", \.updatesPerStep, .integer(1...100), "updates after each step"),
        Key(
            "replay", \.usesReplay, .flag,
            "whether mini-batches are drawn from past transitions; if not, each is learned from once, alone"),
        Key(
            "replay_capacity", \.replayCapacity, .integer(1...100_000_000),
            "transitions that the replay buffer holds"),
        Key(
            "target_network", \.usesTargetNetwork, .flag,
            "whether targets come from a copy of the network, or from the network that learns"),
        Key(
            "target_interval", \.targetInterval, .integer(1...1_000_000_000),
            "K, updates between two copies of it"),
    ]

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the torques make too many choices, or the replay buffer or the network
    ///   is larger than the machine's memory.
    package func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        try DQNAgent(
            observations: observationSpace.count, grid: grid(actionCount: actuators.count),
            configuration: self, seed: seed)
    }
}
