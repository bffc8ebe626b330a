// SPDX-License-Identifier: MIT

public import Environments
package import Networks
package import Settings

/// An algorithm with its hyperparameters: what a scene's `train` block and `--set` say, and what makes an agent.
public struct AgentConfiguration: Sendable {
    /// The hyperparameters, whichever algorithm's they are.
    package var hyperparameters: any AlgorithmConfiguration

    /// The defaults of an algorithm.
    public init(_ algorithm: Algorithm) { hyperparameters = algorithm.defaults }

    package init(_ hyperparameters: any AlgorithmConfiguration) { self.hyperparameters = hyperparameters }

    /// What a block of a file says over the defaults of an algorithm; what is wrong in it is reported to the decoder.
    ///
    /// The keys in `known` are read elsewhere.
    package init(
        _ algorithm: Algorithm, decoding setting: Setting?, _ decoder: Decoder, besides known: [String] = []
    ) {
        hyperparameters = algorithm.defaults
        if let setting { hyperparameters.decode(setting, decoder, besides: known) }
    }

    /// The algorithm.
    public var algorithm: Algorithm { hyperparameters.algorithm }

    /// Control steps to learn for.
    public var steps: Int {
        get { hyperparameters.steps }
        set { hyperparameters.steps = newValue }
    }

    /// Steps before learning begins; 0 where it begins at once.
    public var warmUp: Int { hyperparameters.warmUp }

    /// The keys of the algorithm's block.
    package var shape: SettingShape { .block(hyperparameters.keyDescriptions) }

    /// Takes over what a block of a file says; what is wrong in it is reported to the decoder.
    package mutating func decode(_ setting: Setting, _ decoder: Decoder) {
        hyperparameters.decode(setting, decoder)
    }

    /// All hyperparameters by key, as a file says them.
    package var encoded: Setting { hyperparameters.encoded }

    /// Sets keys to what stands after their names, such as `"batch: 32"` and `"hidden: [64, 64]"`.
    package mutating func apply(_ settings: [String]) throws(DescriptionError) {
        try hyperparameters.apply(settings)
    }

    /// Makes the agent of an environment with these spaces.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where a setting does not fit the spaces or this machine.
    public func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, threads: Int
    ) throws(AgentsError) -> any Agent {
        try makeAgent(
            observationSpace: observationSpace, actuators: actuators, seed: seed, team: Team(threads: threads)
        )
    }

    /// The same on the threads of a team that does other work between the agent's.
    package func makeAgent(
        observationSpace: Space, criticSpace: Space = Space([]), actuators: [Actuator], seed: UInt64,
        team: Team
    ) throws(AgentsError) -> any Agent {
        try hyperparameters.makeAgent(
            observationSpace: observationSpace, criticSpace: criticSpace, actuators: actuators, seed: seed,
            team: team)
    }

    /// Whether a critic of it sees what a scene shows to that alone.
    package var showsCritic: Bool { hyperparameters.showsCritic }

    /// The threads that pay on a machine of `cores`: one where an update is so small that handing over takes longer.
    ///
    /// docs/performance.md has the figures.
    public func threads(cores: Int) -> Int { hyperparameters.threads(cores: cores) }
    /// The instructions that agents compute with; others round otherwise.
    package static var instructionSet: String { CoreSpeed.instructionSet }
}

extension AgentConfiguration: Equatable {
    /// Whether both say the same, key by key.
    public static func == (left: AgentConfiguration, right: AgentConfiguration) -> Bool {
        left.algorithm == right.algorithm && left.encoded.means(right.encoded)
    }
}
