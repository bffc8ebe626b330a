// SPDX-License-Identifier: MIT

package import Environments
package import Networks
package import Settings

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
    /// Whether observations are normalised by their running mean and deviation, inside of the policy: `RunningNormaliser`.
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

extension Algorithm {
    /// Synchronous advantage actor-critic.
    public static let a2c = Algorithm(
        "a2c", "Synchronous advantage actor-critic (Mnih et al. 2016, arXiv:1602.01783).", A2CConfiguration())
}

extension A2CConfiguration: AlgorithmConfiguration {
    /// Advantage actor-critic.
    public var algorithm: Algorithm { .a2c }

    /// The keys of the `a2c` block, in the order in which they are written.
    package static let keys: [Key<A2CConfiguration>] = [
        Key(
            "steps", \.steps, .integer(1...1_000_000_000),
            "control steps to learn for, of all environments together"),
        Key("hidden", \.hidden, .widths, "widths of the hidden layers of actor and critic"),
        Key("environments", \.environments, .integer(1...256), "environments that take turns"),
        Key("rollout", \.rollout, .integer(1...65_536), "steps of each environment between two updates"),
        Key("discount", \.discount, .number(.within(0, 1)), "gamma, the weight of the next step's value"),
        Key(
            "lambda", \.lambda, .number(.within(0, 1)),
            "the weight of longer returns; 0 is one step, 1 as many as the rollout has (arXiv:1506.02438)"),
        Key(
            "learning_rate", \.learningRate, .number(.within(0, 1)), "the optimiser's rate for both networks"),
        Key("optimiser", \.optimiser, .choice, "what turns gradients into steps"),
        Key(
            "entropy_weight", \.entropyWeight, .number(.within(0, 1000)),
            "beta, the weight of the policy's entropy"),
        Key("value_weight", \.valueWeight, .number(.within(0, 1000)), "the weight of the critic's loss"),
        Key(
            "gradient_norm", \.gradientNorm, .number(.within(1e-6, 1e6)),
            "the largest norm of the gradient of both networks together"),
        Key(
            "normalise_observations", \.normaliseObservations, .flag,
            "whether observations are normalised by their running mean and deviation"),
        Key(
            "normalise_returns", \.normaliseReturns, .flag,
            "whether rewards are divided by the running deviation of the discounted returns"),
        Key(
            "normalise_advantages", \.normaliseAdvantages, .flag,
            "whether the advantages of a rollout are brought to mean 0 and deviation 1"),
        Key(
            "torques", \.torques, Format<ActionLevels>.torques.or("none"),
            "the grid of discrete actions, as for DQN; none for continuous actions of a squashed Gaussian"),
        Key(
            "initial_deviation", \.initialDeviation, .number(.within(1e-3, 7)),
            "sigma of continuous actions at the start"),
    ]

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the grid has too many combinations, or the networks do not fit the
    ///   machine's memory.
    package func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        try A2CAgent(
            observations: observationSpace.count, actions: actuators.count, configuration: self, seed: seed)
    }
}
