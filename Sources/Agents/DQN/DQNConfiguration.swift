// SPDX-License-Identifier: MIT

public import Environments

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
    public init(target: TargetRule = .maximum) {
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

extension DQNConfiguration: AlgorithmConfiguration {
    /// DQN or Double DQN.
    public var algorithm: Algorithm { target == .double ? .doubleDQN : .dqn }

    /// The keys of the `dqn` and `double-dqn` blocks, in the order in which they are written.
    public static let hyperparameters: [Hyperparameter<DQNConfiguration>] = [
        .count("steps", \.steps, 1...1_000_000_000, "control steps to learn for"),
        .torques(\.torques),
        .widths("hidden", \.hidden, "widths of the hidden layers"),
        .count("batch", \.batch, 1...65_536, "transitions per update"),
        .real("discount", \.discount, 0...1, "gamma, the weight of the next step's value"),
        .real("learning_rate", \.learningRate, 0...1, "Adam's rate"),
        .choice(
            "loss", \.loss,
            "huber, whose gradient is clipped to 1, or squared: what is minimised of the error"),
        .count("warm_up", \.warmUp, 0...1_000_000_000, "steps of random actions before learning begins"),
        .real("epsilon_start", \.epsilon.start, 0...1, "share of random actions at the first step"),
        .real("epsilon_end", \.epsilon.end, 0...1, "share of random actions after epsilon_steps"),
        .count(
            "epsilon_steps", \.epsilon.steps, 0...1_000_000_000,
            "steps in which the share falls in a straight line"),
        .count("updates_per_step", \.updatesPerStep, 1...100, "updates after each step"),
        .flag(
            "replay", \.usesReplay,
            "whether mini-batches are drawn from past transitions; if not, each is learned from once, alone"),
        .count(
            "replay_capacity", \.replayCapacity, 1...100_000_000, "transitions that the replay buffer holds"),
        .flag(
            "target_network", \.usesTargetNetwork,
            "whether targets come from a copy of the network, or from the network that learns"),
        .count(
            "target_interval", \.targetInterval, 1...1_000_000_000, "K, updates between two copies of it"),
    ]

    /// A mini-batch cannot be larger than what it is drawn from.
    public func validate() throws(AgentsError) {
        guard !usesReplay || batch <= replayCapacity else {
            throw bad("batch", "\(batch)", "at most \(path(of: "replay_capacity")), \(replayCapacity)")
        }
    }

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the torques make too many choices, or the replay buffer or the network
    ///   is larger than the machine's memory.
    public func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        try DQNAgent(
            observations: observationSpace.count, grid: grid(actionCount: actuators.count),
            configuration: self, seed: seed)
    }
}
