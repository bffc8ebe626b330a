// SPDX-License-Identifier: MIT

package import Environments
package import Networks
package import Settings

/// The hyperparameters of one algorithm: a value whose keys stand in one list, and which makes the agent.
package protocol AlgorithmConfiguration: Configurable, Equatable {
    /// The algorithm that it is for.
    var algorithm: Algorithm { get }
    /// Control steps to learn for.
    var steps: Int { get set }
    /// Steps before learning begins; 0 where it begins at once.
    var warmUp: Int { get }
    /// Keys that contradict each other whatever the task: errors wherever they are read.
    static var contradictions: [SettingCheck<Self>] { get }
    /// What settings cannot mean in a task, each of them allowed by itself.
    static var checks: [SettingCheck<Self>] { get }

    /// Makes the agent of an environment with these spaces, which may share its work among the threads of `team`.
    ///
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)`` where a setting does not fit the spaces or this machine.
    func makeAgent(
        observationSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent

    /// The same with what the environment shows to a critic alone, which an algorithm without such a critic leaves aside.
    func makeAgent(
        observationSpace: Space, criticSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent

    /// Whether a critic of it sees that.
    var showsCritic: Bool { get }

    /// The threads that pay on a machine of `cores`.
    func threads(cores: Int) -> Int
}

extension AlgorithmConfiguration {
    /// Learning begins at once, unless an algorithm says otherwise.
    package var warmUp: Int { 0 }

    /// No critic, unless an algorithm has one.
    package var showsCritic: Bool { false }

    /// Leaves aside what is a critic's, unless an algorithm has one.
    package func makeAgent(
        observationSpace: Space, criticSpace: Space, actuators: [Actuator], seed: UInt64, team: Team
    ) throws(AgentsError) -> any Agent {
        try makeAgent(observationSpace: observationSpace, actuators: actuators, seed: seed, team: team)
    }

    /// No keys contradict each other, unless an algorithm's do.
    package static var contradictions: [SettingCheck<Self>] { [] }

    /// Reports keys that contradict each other.
    package func check(_ setting: Setting, _ decoder: Decoder) {
        for check in Self.contradictions {
            guard let finding = check.find(self, .none) else { continue }
            decoder.report(setting.place(ofOneOf: check.keys), finding.message, finding.remedy)
        }
    }

    /// One thread, unless an algorithm's updates are long enough to share.
    package func threads(cores: Int) -> Int { 1 }

    /// All keys as a file says them.
    package var encoded: Setting { Setting(encoding: self) }

    /// The keys as the reference shows them, with the values that they have here as defaults.
    var keyDescriptions: [SettingShape.KeyDescription] { Self.keys.map { $0.description(of: self) } }

    /// Takes over what a block of a file says; what is wrong in it is reported to the decoder.
    mutating func decode(_ setting: Setting, _ decoder: Decoder, besides known: [String] = []) {
        self = decoder.decode(setting, self, besides: known) ?? self
    }

    /// Sets keys to what stands after their names, such as `"batch: 32"` and `"hidden: [64, 64]"`; of two for one key the
    /// later holds.
    package mutating func apply(_ settings: [String]) throws(DescriptionError) {
        var entries: [Setting.Entry] = []
        for text in settings {
            for entry in try Setting(yaml: Array(text.utf8), file: algorithm.name).entries ?? [] {
                entries.removeAll { $0.key == entry.key }
                entries.append(entry)
            }
        }
        let findings = Findings(file: algorithm.name)
        decode(Setting(.mapping(entries)), Decoder(findings: findings))
        try findings.throwErrors()
    }

    /// The choices that the setting `torques` gives for an action of `actionCount` elements.
    func grid(_ torques: ActionLevels, actionCount: Int) throws(AgentsError) -> ActionGrid {
        do {
            return try ActionGrid(torques, actionCount: actionCount)
        } catch {
            throw bad("torques", torques.description, error.allowed)
        }
    }

    /// The error for a value of `key` that does not fit the environment or this machine.
    func bad(_ key: String, _ value: String, _ allowed: String) -> AgentsError {
        .badSetting(key: "\(algorithm.name).\(key)", value: value, allowed: allowed)
    }
}

extension Format<[Int]> {
    /// The widths of hidden layers.
    static var widths: Format {
        .list(of: .integer(1...4096), count: 1...7)
    }
}
