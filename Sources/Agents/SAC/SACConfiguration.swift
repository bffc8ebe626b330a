// SPDX-License-Identifier: MIT

internal import CLibrary
package import Environments
package import Networks
package import Settings

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
    /// Whether the temperature is tuned.
    public var temperature = TemperatureRule.tuned
    /// The entropy (nats) that a tuned temperature steers to; nil for minus the action count.
    public var targetEntropy: Double?
    /// The same as the standard deviation of a Gaussian of that entropy, for each number of the action; nil where it is not given so.
    public var targetDeviation: Double?
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
    /// The most steps that an exploring action's noise is held for; 1 is new noise in each step.
    ///
    /// It is held for k of them with a probability proportional to 1 / k².
    public var noiseHold = 1
    /// The environments that step side by side and are acted in by one pass of the actor.
    public var environments = 1
    /// Updates after each step, of whichever environment; 0.25 is one after each fourth.
    public var updatesPerStep = 1.0
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
    /// Whether observations are normalised by their running mean and deviation, inside of the policy: `RunningNormaliser`.
    public var normaliseObservations = false
    /// Transitions that the replay buffer holds.
    public var replayCapacity = 1_000_000

    /// Makes the default configuration.
    public init() {}

    /// The entropy that a tuned temperature steers to in a task of so many actions; nil where it is fixed.
    ///
    /// A Gaussian of deviation sigma has ln(sigma) + ln(2 pi e) / 2 nats; tanh's squashing is left out, which is small for small deviations.
    func steeredEntropy(actions: Int) -> Double? {
        guard temperature == .tuned else { return nil }
        if let targetEntropy { return targetEntropy }
        guard let targetDeviation else { return -Double(actions) }
        return Double(actions) * (log(targetDeviation) + 0.5 * (1 + log(2 * Double.pi)))
    }

    /// The rate of all three optimisers; nil where they differ, and then not set.
    var learningRate: Double? {
        get {
            actorLearningRate == criticLearningRate && actorLearningRate == temperatureLearningRate
                ? actorLearningRate : nil
        }
        set {
            guard let newValue else { return }
            (actorLearningRate, criticLearningRate, temperatureLearningRate) = (newValue, newValue, newValue)
        }
    }
}

extension Algorithm {
    /// Soft actor-critic.
    public static let sac = Algorithm(
        "sac", "Soft actor-critic (Haarnoja et al. 2018, arXiv:1812.05905).", SACConfiguration())
}

extension SACConfiguration: AlgorithmConfiguration {
    /// Soft actor-critic.
    public var algorithm: Algorithm { .sac }

    /// The keys of the `sac` block, in the order in which they are written.
    package static let keys: [Key<SACConfiguration>] = [
        Key("steps", \.steps, .integer(1...1_000_000_000), "control steps to learn for"),
        Key("hidden", \.hidden, .widths, "widths of the hidden layers of actor and critics"),
        Key("batch", \.batch, .integer(1...65_536), "transitions per update"),
        Key("discount", \.discount, .number(.within(0, 1)), "gamma, the weight of the next step's value"),
        Key(
            "polyak_rate", \.polyakRate, .number(.within(0, 1)),
            "tau, the target critics' step towards the critics per update"),
        Key(
            "learning_rate", rate.shape, "Adam's rate for actor, critics and log alpha",
            encode: { $0.learningRate.flatMap(rate.encode) }
        ) {
            configuration, setting, decoder in
            configuration.learningRate = rate.decode(setting, decoder) ?? configuration.learningRate
        },
        rate("actor_learning_rate", \.actorLearningRate, "Adam's rate for the actor"),
        rate("critic_learning_rate", \.criticLearningRate, "Adam's rate for the critics"),
        rate("temperature_learning_rate", \.temperatureLearningRate, "Adam's rate for log alpha"),
        Key(
            "temperature", \.temperature, .choice,
            "whether alpha is tuned to the target entropy or keeps its initial value"),
        Key(
            "target_entropy", \.targetEntropy, Format<Double>.number(.within(-1000, 1000)).or("auto"),
            "the entropy (nats) that a tuned temperature steers to; auto is minus the action count"),
        Key(
            "target_deviation", \.targetDeviation, .number(.within(0.001, 0.48)),
            "the target entropy as a Gaussian's standard deviation, such as 0.15, in place of target_entropy",
            absent: "target_entropy"),
        Key("initial_temperature", \.initialTemperature, .number(.within(1e-6, 1e6)), "alpha at the start"),
        Key(
            "warm_up", \.warmUp, .integer(0...1_000_000_000),
            "steps of uniformly random actions before learning begins"),
        Key(
            "warm_up_spread", \.warmUpSpread, .number(.within(0.01, 100)),
            "how far the warm-up's actions lie out; 1 is uniform in [-1, 1]"),
        Key(
            "noise_correlation", \.noiseCorrelation, .number(.within(0, 0.999)),
            "rho, how much exploring noise resembles that of the step before; 0 is white noise"),
        Key(
            "noise_hold", \.noiseHold, .integer(1...1000),
            "the most steps that exploring noise is held for, k of them with probability ~ 1/k²; 1 holds none"
        ),
        Key(
            "environments", \.environments, .integer(1...256),
            "environments that step side by side; steps count over all of them"),
        Key(
            "updates_per_step", \.updatesPerStep, .number(.within(0.001, 100)),
            "updates after each step; 0.25 is one after each fourth"),
        Key(
            "actor_delay", \.actorDelay, .integer(1...100),
            "critic updates to one of actor and temperature (arXiv:1802.09477)"),
        Key(
            "n_step", \.returnSteps, .integer(1...100),
            "rewards that a target sums before it asks the target critics (arXiv:1710.02298)"),
        Key(
            "critics", \.critics, .integer(1...2),
            "critics whose smaller value counts; 1 to see what the second is for"),
        Key(
            "layer_norm", \.layerNorm, .flag,
            "whether the critics' hidden layers are normalised (arXiv:2302.02948, arXiv:2403.00514)"),
        Key(
            "normalise_observations", \.normaliseObservations, .flag,
            "whether observations are normalised by their running mean and deviation (arXiv:2410.09754)"),
        Key(
            "replay_capacity", \.replayCapacity, .integer(1...100_000_000),
            "transitions that the replay buffer holds"),
    ]

    private static let rate = Format<Double>.number(.within(0, 1))

    /// The rate of one of the three optimisers, written only where they differ.
    private static func rate(
        _ name: String, _ path: any WritableKeyPath<SACConfiguration, Double> & Sendable, _ summary: String
    ) -> Key<SACConfiguration> {
        Key(
            name, rate.shape, summary, absent: "learning_rate",
            encode: { $0.learningRate == nil ? rate.encode($0[keyPath: path]) : nil },
            decode: { configuration, setting, decoder in
                if let rate = rate.decode(setting, decoder) { configuration[keyPath: path] = rate }
            })
    }

    /// Makes the agent.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where the replay buffer is larger than the machine's memory.
    package func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        try makeAgent(
            observationSpace: observationSpace, criticSpace: Space([]), actuators: actuators, seed: seed,
            team: team)
    }

    /// Makes the agent, whose critics see `criticSpace` too.
    ///
    /// - Throws: as above.
    package func makeAgent(
        observationSpace: Space, criticSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        try SACAgent(
            observations: observationSpace.count, criticObservations: criticSpace.count,
            actions: actuators.count, configuration: self, seed: seed, team: team)
    }

    /// The twin critics.
    package var showsCritic: Bool { true }

    /// As many as an update is long enough for, against handing over and packing for each.
    public func threads(cores: Int) -> Int {
        // Two paid from 32 wide with a batch of 32 on, and cost at 16 with 16: docs/performance.md.
        let work = batch * hidden.reduce(1) { max($0, $1 * $1) }
        return min(cores, work < 32_768 ? 1 : work < 1 << 21 ? 2 : work < 1 << 23 ? 4 : 8)
    }
}
