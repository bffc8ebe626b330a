// SPDX-License-Identifier: MIT

public import Environments

/// The algorithms that `train --algorithm` names.
public enum Algorithm: String, Sendable, CaseIterable {
    /// Soft actor-critic (arXiv:1812.05905).
    case sac
}

/// An algorithm with its hyperparameters: what a scene's `train` block and `--set` say, and what makes an agent.
///
/// A new algorithm is a case of ``Algorithm``, a case here, and its line in each of the three switches.
public enum AgentConfiguration: Sendable, Equatable {
    case sac(SACConfiguration)

    /// The defaults of an algorithm.
    public init(_ algorithm: Algorithm) {
        switch algorithm {
        case .sac: self = .sac(SACConfiguration())
        }
    }

    /// The hyperparameters, whichever algorithm's they are.
    public var hyperparameters: any AlgorithmConfiguration {
        switch self {
        case .sac(let configuration): configuration
        }
    }

    /// Sets hyperparameters by key.
    ///
    /// - Throws: ``AgentsError`` for an unknown key or a value that is not allowed.
    public mutating func apply(_ settings: [(key: String, value: SettingValue)]) throws(AgentsError) {
        switch self {
        case .sac(let configuration): self = .sac(try configuration.applying(settings))
        }
    }

    /// The algorithm.
    public var algorithm: Algorithm { hyperparameters.algorithm }

    /// Control steps to learn for.
    public var steps: Int { hyperparameters.steps }

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
    public func threads(cores: Int) -> Int { hyperparameters.threads(cores: cores) }
}
