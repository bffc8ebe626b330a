// SPDX-License-Identifier: MIT

/// The algorithms that `train --algorithm` names.
public enum Algorithm: String, Sendable, CaseIterable {
    /// Soft actor-critic (arXiv:1812.05905).
    case sac
}

/// An algorithm with its hyperparameters: what a scene's `train` block and `--set` say, and what makes an agent.
public enum AgentConfiguration: Sendable, Equatable {
    case sac(SACConfiguration)

    /// The defaults of an algorithm.
    public init(_ algorithm: Algorithm) {
        switch algorithm {
        case .sac: self = .sac(SACConfiguration())
        }
    }

    /// The algorithm.
    public var algorithm: Algorithm {
        switch self {
        case .sac: .sac
        }
    }

    /// Control steps to learn for.
    public var steps: Int {
        switch self {
        case .sac(let configuration): configuration.steps
        }
    }

    /// All hyperparameters by key, in the order in which they are written.
    public var settings: [(key: String, value: SettingValue)] {
        switch self {
        case .sac(let configuration): configuration.settings
        }
    }

    /// Sets hyperparameters by key.
    ///
    /// - Throws: ``AgentsError`` for an unknown key or a value that is not allowed.
    public mutating func apply(_ settings: [(key: String, value: SettingValue)]) throws(AgentsError) {
        switch self {
        case .sac(var configuration):
            try configuration.apply(settings)
            self = .sac(configuration)
        }
    }

    /// Makes the agent for observations and actions of the given lengths.
    ///
    /// - Throws: ``AgentsError`` where a setting does not fit this machine.
    public func makeAgent(
        observations: Int, actions: Int, seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        switch self {
        case .sac(let configuration):
            try SACAgent(
                observations: observations, actions: actions, configuration: configuration, seed: seed,
                threads: threads)
        }
    }

    /// The threads that pay on a machine of `cores`: two unless an update is so small that handing over takes longer.
    ///
    /// docs/performance.md has the figures.
    public func threads(cores: Int) -> Int {
        switch self {
        case .sac(let configuration):
            let work = configuration.batch * configuration.hidden.reduce(1) { max($0, $1 * $1) }
            return work >= 32_768 ? min(2, cores) : 1
        }
    }
}
