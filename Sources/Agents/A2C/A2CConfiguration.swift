// SPDX-License-Identifier: MIT

public import Environments

/// The hyperparameters of synchronous advantage actor-critic.
///
/// Mnih et al. 2016, arXiv:1602.01783, with generalised advantage estimation, arXiv:1506.02438.
public struct A2CConfiguration: Sendable, Equatable {
    /// How the networks' gradients are turned into steps.
    public enum OptimiserKind: String, Sendable, CaseIterable {
        /// RMSProp as in the paper.
        case rmsprop
        case adam
    }

    /// Control steps to learn for, of all environments together.
    public var steps = 1_000_000
    /// The widths of the hidden layers of actor and critic.
    public var hidden = [64, 64]
    /// The environments that take turns; the paper has 16.
    public var environments = 8
    /// Steps of each environment between two updates; the paper's t_max is 5.
    public var rollout = 8
    /// gamma: how much the next step's value counts.
    public var discount = 0.99
    /// lambda: how much longer returns count, from 0 (one step) to 1 (n steps, as in the paper).
    public var lambda = 0.95
    /// The rate of both networks' optimisers.
    public var learningRate = 7e-4
    /// Which optimiser that is.
    public var optimiser = OptimiserKind.adam
    /// beta: how much the policy's entropy counts (the paper has 0.01 for discrete actions).
    public var entropyWeight = 0.0
    /// How much the critic's loss counts in the gradient whose norm is bounded.
    public var valueWeight = 1.0
    /// The largest norm of the gradient of both networks together; what is longer is shortened to it.
    public var gradientNorm = 0.5
    /// Whether observations are normalised by their running mean and deviation, inside of the policy: ``RunningNormaliser``.
    public var normaliseObservations = true
    /// Whether rewards are divided by the running deviation of the discounted returns.
    public var normaliseReturns = true
    /// Whether the advantages of each rollout are brought to mean 0 and deviation 1.
    public var normaliseAdvantages = false
    /// The grid of discrete actions; nil where actions are continuous, of a squashed Gaussian.
    public var torques: ActionLevels?
    /// sigma of the Gaussian at the start, before squashing.
    public var initialDeviation = 1.0

    /// Makes the default configuration.
    public init() {}
}

extension A2CConfiguration: AlgorithmConfiguration {
    /// Advantage actor-critic.
    public var algorithm: Algorithm { .a2c }

    /// The keys of the `a2c` block, in the order in which they are written.
    public static let hyperparameters: [Hyperparameter<A2CConfiguration>] = [
        .count(
            "steps", \.steps, 1...1_000_000_000, "control steps to learn for, of all environments together"),
        .widths("hidden", \.hidden, "widths of the hidden layers of actor and critic"),
        .count("environments", \.environments, 1...256, "environments that take turns"),
        .count("rollout", \.rollout, 1...65_536, "steps of each environment between two updates"),
        .real("discount", \.discount, 0...1, "gamma, the weight of the next step's value"),
        .real(
            "lambda", \.lambda, 0...1,
            "the weight of longer returns; 0 is one step, 1 as many as the rollout has (arXiv:1506.02438)"),
        .real("learning_rate", \.learningRate, 0...1, "the optimiser's rate for both networks"),
        .choice("optimiser", \.optimiser, "what turns gradients into steps"),
        .real("entropy_weight", \.entropyWeight, 0...1000, "beta, the weight of the policy's entropy"),
        .real("value_weight", \.valueWeight, 0...1000, "the weight of the critic's loss"),
        .real(
            "gradient_norm", \.gradientNorm, 1e-6...1e6,
            "the largest norm of the gradient of both networks together"),
        .flag(
            "normalise_observations", \.normaliseObservations,
            "whether observations are normalised by their running mean and deviation"),
        .flag(
            "normalise_returns", \.normaliseReturns,
            "whether rewards are divided by the running deviation of the discounted returns"),
        .flag(
            "normalise_advantages", \.normaliseAdvantages,
            "whether the advantages of a rollout are brought to mean 0 and deviation 1"),
        Hyperparameter(
            key: "torques",
            summary:
                "the grid of discrete actions, as for DQN; none for continuous actions of a squashed Gaussian",
            allowed: "none, " + Hyperparameter<Self>.allowedTorques,
            read: { $0.torques.map { SettingValue($0) } ?? .text("none") },
            write: { configuration, setting in
                let torques = ActionLevels(setting)
                guard torques != nil || setting == .text("none") else { return false }
                configuration.torques = torques
                return true
            }),
        .real("initial_deviation", \.initialDeviation, 1e-3...7, "sigma of continuous actions at the start"),
    ]

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the grid has too many combinations, or the networks do not fit the
    ///   machine's memory.
    public func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        try A2CAgent(
            observations: observationSpace.count, actions: actuators.count, configuration: self, seed: seed)
    }
}
