// SPDX-License-Identifier: MIT

public import Environments

/// The hyperparameters of soft actor-critic.
///
/// Defaults are those of arXiv:1812.05905, table 1, except where a comment
/// says otherwise.
public struct SACConfiguration: Sendable, Equatable {
    /// Control steps to learn for.
    public var steps = 100_000
    /// The widths of the hidden layers of actor and critics.
    public var hidden = [256, 256]
    /// Transitions per update.
    public var batch = 256
    /// gamma: how much the next step's value counts.
    public var discount = 0.99
    /// tau: the step of the target critics towards the critics, per update.
    public var polyakRate = 0.005
    /// Adam's rate for the actor.
    public var actorLearningRate = 3e-4
    /// Adam's rate for the critics.
    public var criticLearningRate = 3e-4
    /// Adam's rate for log alpha.
    public var temperatureLearningRate = 3e-4
    /// Whether the temperature is tuned, and to what entropy.
    public var temperature = TemperatureRule.tuned(targetEntropy: nil)
    /// alpha at the start, and for ever where it is fixed.
    public var initialTemperature = 1.0
    /// Steps of uniformly random actions before the actor acts and learning begins.
    public var warmUp = 1000
    /// How far the warm-up's actions lie out: 1 makes them uniform in [-1, 1], more drives them towards the ends.
    ///
    /// Full efforts that last bring a weakly driven robot into states that uniform ones do not reach.
    public var warmUpSpread = 1.0
    /// rho: how much the noise of an exploring action resembles that of the step before, from 0 (white, as in the paper) to below 1.
    ///
    /// Its distribution in each step stays the policy's own. Noise that lasts swings a slow robot further (arXiv:2210.03022
    /// shows it for pink noise; this is the simplest kind, a first-order autoregressive process).
    public var noiseCorrelation = 0.0
    /// Updates after each step.
    public var updatesPerStep = 1
    /// k: critic updates to one update of actor and temperature; 1 as in the paper, 2 as in TD3 (arXiv:1802.09477, section 5.2).
    public var actorDelay = 1
    /// n: rewards that a target sums before it asks the target critics; 1 as in the paper.
    ///
    /// Rewards then reach the critics faster; the actions between are those of older policies and are not corrected for (arXiv:1710.02298,
    /// arXiv:2006.12692).
    public var returnSteps = 1
    /// The critics whose smaller value is learned from and climbed: 2 as in the paper; 1 shows what the second is for.
    public var critics = 2
    /// Whether the critics' hidden layers are normalised before their ReLU: bounds what critics make of unseen actions
    /// (arXiv:2302.02948, section 4.2; arXiv:2403.00514).
    public var layerNorm = false
    /// Whether observations are normalised by their running mean and deviation, inside of the policy: ``RunningNormaliser``.
    public var normaliseObservations = false
    /// Transitions that the replay buffer holds.
    public var replayCapacity = 1_000_000

    /// Makes the default configuration.
    public init() {}
}

extension SACConfiguration: AlgorithmConfiguration {
    /// Soft actor-critic.
    public var algorithm: Algorithm { .sac }

    /// The keys of the `sac` block, in the order in which they are written.
    public static let hyperparameters: [Hyperparameter<SACConfiguration>] = [
        .count("steps", \.steps, 1...1_000_000_000, "control steps to learn for"),
        .widths("hidden", \.hidden, "widths of the hidden layers of actor and critics"),
        .count("batch", \.batch, 1...65_536, "transitions per update"),
        .real("discount", \.discount, 0...1, "gamma, the weight of the next step's value"),
        .real(
            "polyak_rate", \.polyakRate, 0...1, "tau, the target critics' step towards the critics per update"
        ),
        Hyperparameter(
            key: "learning_rate", summary: "Adam's rate for all three; the keys below override it",
            allowed: "a number from 0 to 1",
            read: { .number($0.actorLearningRate) },
            write: { configuration, setting in
                guard let rate = setting.realNumber, (0...1).contains(rate) else { return false }
                configuration.actorLearningRate = rate
                configuration.criticLearningRate = rate
                configuration.temperatureLearningRate = rate
                return true
            }),
        .real("actor_learning_rate", \.actorLearningRate, 0...1, "Adam's rate for the actor"),
        .real("critic_learning_rate", \.criticLearningRate, 0...1, "Adam's rate for the critics"),
        .real("temperature_learning_rate", \.temperatureLearningRate, 0...1, "Adam's rate for log alpha"),
        Hyperparameter(
            key: "temperature",
            summary: "whether alpha is tuned to the target entropy or keeps its initial value",
            allowed: "tuned or fixed",
            read: { .text($0.temperature == .fixed ? "fixed" : "tuned") },
            write: { configuration, setting in
                switch setting {
                case .text("fixed"): configuration.temperature = .fixed
                case .text("tuned"):
                    if configuration.temperature == .fixed {
                        configuration.temperature = .tuned(targetEntropy: nil)
                    }
                default: return false
                }
                return true
            }),
        Hyperparameter(
            key: "target_entropy",
            summary: "the entropy (nats) that a tuned temperature steers to; auto is minus the action count",
            allowed: "auto, or a number from -1000 to 1000, with temperature: tuned",
            read: {
                guard case .tuned(let target?) = $0.temperature else { return .text("auto") }
                return .number(target)
            },
            write: { configuration, setting in
                if setting == .text("auto") {
                    if configuration.temperature != .fixed {
                        configuration.temperature = .tuned(targetEntropy: nil)
                    }
                    return true
                }
                guard let target = setting.realNumber, abs(target) <= 1000,
                    configuration.temperature != .fixed
                else { return false }
                configuration.temperature = .tuned(targetEntropy: target)
                return true
            }),
        .real("initial_temperature", \.initialTemperature, 1e-6...1e6, "alpha at the start"),
        .count(
            "warm_up", \.warmUp, 0...1_000_000_000, "steps of uniformly random actions before learning begins"
        ),
        .real(
            "warm_up_spread", \.warmUpSpread, 0.01...100,
            "how far the warm-up's actions lie out; 1 is uniform in [-1, 1]"),
        .real(
            "noise_correlation", \.noiseCorrelation, 0...0.999,
            "rho, how much exploring noise resembles that of the step before; 0 is white noise"),
        .count("updates_per_step", \.updatesPerStep, 1...100, "updates after each step"),
        .count(
            "actor_delay", \.actorDelay, 1...100,
            "critic updates to one of actor and temperature (arXiv:1802.09477)"),
        .count(
            "n_step", \.returnSteps, 1...100,
            "rewards that a target sums before it asks the target critics (arXiv:1710.02298)"),
        .count(
            "critics", \.critics, 1...2, "critics whose smaller value counts; 1 to see what the second is for"
        ),
        .flag(
            "layer_norm", \.layerNorm,
            "whether the critics' hidden layers are normalised (arXiv:2302.02948, arXiv:2403.00514)"),
        .flag(
            "normalise_observations", \.normaliseObservations,
            "whether observations are normalised by their running mean and deviation (arXiv:2410.09754)"),
        .count(
            "replay_capacity", \.replayCapacity, 1...100_000_000, "transitions that the replay buffer holds"),
    ]

    /// A mini-batch cannot be larger than what it is drawn from.
    public func validate() throws(AgentsError) {
        guard batch <= replayCapacity else {
            throw bad("batch", "\(batch)", "at most sac.replay_capacity, \(replayCapacity)")
        }
    }

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the replay buffer is larger than the machine's memory.
    public func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        try SACAgent(
            observations: observationSpace.count, actions: actuators.count, configuration: self, seed: seed,
            threads: threads)
    }

    /// Two where an update is long against waking a thread.
    public func threads(cores: Int) -> Int {
        // Two lanes paid from 32 wide with a batch of 32 on, and cost at 16 with 16: docs/performance.md.
        let work = batch * hidden.reduce(1) { max($0, $1 * $1) }
        return work >= 32_768 ? min(2, cores) : 1
    }
}
