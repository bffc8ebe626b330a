// SPDX-License-Identifier: MIT

public import Environments

/// The hyperparameters of one algorithm: a value whose keys stand in one table, and which makes the agent.
public protocol AlgorithmConfiguration: Sendable, Equatable {
    /// The algorithm that it is for.
    var algorithm: Algorithm { get }
    /// All keys, in the order in which they are read and written: a later one overrides what an earlier one set.
    static var hyperparameters: [Hyperparameter<Self>] { get }
    /// Control steps to learn for.
    var steps: Int { get }
    /// Steps before learning begins; 0 where it begins at once.
    var warmUp: Int { get }

    /// Refuses settings that contradict each other.
    func validate() throws(AgentsError)

    /// Makes the agent of an environment with these spaces.
    ///
    /// - Throws: ``AgentsError`` where a setting does not fit the spaces or this machine.
    func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent

    /// The threads that pay on a machine of `cores`.
    func threads(cores: Int) -> Int
}

extension AlgorithmConfiguration {
    /// Learning begins at once, unless an algorithm says otherwise.
    public var warmUp: Int { 0 }

    /// No settings contradict each other, unless an algorithm says so.
    public func validate() throws(AgentsError) {}

    /// One thread, unless an algorithm's updates are long enough to share.
    public func threads(cores: Int) -> Int { 1 }

    /// The configuration as settings, in the order of the table.
    public var settings: [(key: String, value: SettingValue)] {
        Self.hyperparameters.map { ($0.key, $0.read(self)) }
    }

    /// Sets hyperparameters by key, in the order of the table whatever the order given.
    ///
    /// - Throws: ``AgentsError`` for an unknown key, a value that is not allowed or a contradiction, named `<algorithm>.<key>`.
    public mutating func apply(_ settings: [(key: String, value: SettingValue)]) throws(AgentsError) {
        let known = Self.hyperparameters.map(\.key)
        for (key, _) in settings where !known.contains(key) {
            throw .unknownSetting(key: path(of: key), known: known)
        }
        for hyperparameter in Self.hyperparameters {
            for (key, value) in settings where key == hyperparameter.key {
                guard hyperparameter.write(&self, value) else {
                    throw bad(key, value.description, hyperparameter.allowed)
                }
            }
        }
        try validate()
    }

    /// As `apply`, on a copy.
    func applying(_ settings: [(key: String, value: SettingValue)]) throws(AgentsError) -> Self {
        var copy = self
        try copy.apply(settings)
        return copy
    }

    /// A key as it is written in files and flags.
    func path(of key: String) -> String { "\(algorithm.rawValue).\(key)" }

    /// The choices that the setting `torques` gives for an action of `actionCount` elements.
    func grid(_ torques: ActionLevels, actionCount: Int) throws(AgentsError) -> ActionGrid {
        do {
            return try ActionGrid(torques, actionCount: actionCount)
        } catch {
            throw bad("torques", torques.description, error.allowed)
        }
    }

    /// The error for a value of `key`.
    func bad(_ key: String, _ value: String, _ allowed: String) -> AgentsError {
        .badSetting(key: path(of: key), value: value, allowed: allowed)
    }
}
