// SPDX-License-Identifier: MIT

public import Environments

/// The algorithms that `train --algorithm` names.
public enum Algorithm: String, Sendable, CaseIterable {
    /// Q-learning on a table (Watkins 1989).
    case qLearning = "q-learning"
    /// Double Q-learning on two tables (van Hasselt 2010).
    case doubleQLearning = "double-q-learning"
    /// Deep Q-networks (Mnih et al. 2015).
    case dqn
    /// Double DQN (arXiv:1509.06461).
    case doubleDQN = "double-dqn"
    /// Synchronous advantage actor-critic (arXiv:1602.01783).
    case a2c
    /// Soft actor-critic (arXiv:1812.05905).
    case sac
}

extension Algorithm {
    /// The algorithm whose settings in a scene hold for this one too where it has none of its own: the double ones differ by a rule, not
    /// by a setting.
    public var relative: Algorithm? {
        switch self {
        case .doubleQLearning: .qLearning
        case .doubleDQN: .dqn
        default: nil
        }
    }
}

/// An algorithm with its hyperparameters: what a scene's `train` block and `--set` say, and what makes an agent.
///
/// A new algorithm is a case of ``Algorithm``, a case here, and its line in each of the three switches.
public enum AgentConfiguration: Sendable, Equatable {
    /// Q-learning or Double Q-learning; the configuration says which.
    case qLearning(QLearningConfiguration)
    /// DQN or Double DQN; the configuration says which.
    case dqn(DQNConfiguration)
    case a2c(A2CConfiguration)
    case sac(SACConfiguration)

    /// The defaults of an algorithm.
    public init(_ algorithm: Algorithm) {
        switch algorithm {
        case .qLearning: self = .qLearning(QLearningConfiguration(target: .maximum))
        case .doubleQLearning: self = .qLearning(QLearningConfiguration(target: .double))
        case .dqn: self = .dqn(DQNConfiguration(target: .maximum))
        case .doubleDQN: self = .dqn(DQNConfiguration(target: .double))
        case .a2c: self = .a2c(A2CConfiguration())
        case .sac: self = .sac(SACConfiguration())
        }
    }

    /// The hyperparameters, whichever algorithm's they are.
    public var hyperparameters: any AlgorithmConfiguration {
        switch self {
        case .qLearning(let configuration): configuration
        case .dqn(let configuration): configuration
        case .a2c(let configuration): configuration
        case .sac(let configuration): configuration
        }
    }

    /// Sets hyperparameters by key.
    ///
    /// - Throws: ``AgentsError`` for an unknown key or a value that is not allowed.
    public mutating func apply(_ settings: [(key: String, value: SettingValue)]) throws(AgentsError) {
        switch self {
        case .qLearning(let configuration): self = .qLearning(try configuration.applying(settings))
        case .dqn(let configuration): self = .dqn(try configuration.applying(settings))
        case .a2c(let configuration): self = .a2c(try configuration.applying(settings))
        case .sac(let configuration): self = .sac(try configuration.applying(settings))
        }
    }

    /// The algorithm.
    public var algorithm: Algorithm { hyperparameters.algorithm }

    /// Control steps to learn for.
    public var steps: Int { hyperparameters.steps }

    /// Steps before learning begins; 0 where it begins at once.
    public var warmUp: Int { hyperparameters.warmUp }

    /// All hyperparameters by key, in the order in which they are written.
    public var settings: [(key: String, value: SettingValue)] { hyperparameters.settings }

    /// Makes the agent of an environment with these spaces.
    ///
    /// - Throws: ``AgentsError`` where a setting does not fit the spaces or this machine.
    public func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        try hyperparameters.makeAgent(
            observationSpace: observationSpace, actuators: actuators, seed: seed, threads: threads)
    }

    /// The threads that pay on a machine of `cores`: two unless an update is so small that handing over takes longer.
    ///
    /// docs/performance.md has the figures.
    public func threads(cores: Int) -> Int { hyperparameters.threads(cores: cores) }
}
