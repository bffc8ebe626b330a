// SPDX-License-Identifier: MIT

package import Environments

/// The task that settings are to be used in: what decides whether they can mean what they say.
package struct SettingsTask: Sendable {
    /// What an agent sees.
    package var observations: Space
    /// The numbers of an action.
    package var actions: Int
    /// The control steps after which an episode is cut.
    package var episodeSteps: Int
    /// The control steps between two evaluations.
    package var evaluationInterval: Int

    /// No task: for what does not depend on one.
    static let none = SettingsTask(
        observations: Space([]), actions: 1, episodeSteps: 1, evaluationInterval: 1)

    package init(observations: Space, actions: Int, episodeSteps: Int, evaluationInterval: Int) {
        self.observations = observations
        self.actions = actions
        self.episodeSteps = episodeSteps
        self.evaluationInterval = evaluationInterval
    }
}

/// What settings cannot mean though each of them is allowed: a case that is refused or warned of before a run begins.
///
/// Declared once, beside the algorithm: training, `scenes --check` and the reference of settings take it from there.
package struct SettingCheck<Configuration>: Sendable {
    /// What is said of a case that holds: what is the matter, and what to do.
    package typealias Finding = (message: String, remedy: String)

    /// The keys that decide it, that which a person should change first.
    package let keys: [String]
    /// The case, for the reference: "batch is larger than replay_capacity".
    package let summary: String
    /// Whether the run is refused; otherwise a person is warned.
    package let isRefused: Bool
    let find: @Sendable (Configuration, SettingsTask) -> Finding?

    private init(
        _ keys: [String], _ summary: String, isRefused: Bool,
        _ find: @escaping @Sendable (Configuration, SettingsTask) -> Finding?
    ) {
        self.keys = keys
        self.summary = summary
        self.isRefused = isRefused
        self.find = find
    }

    static func refuse(
        _ keys: String..., where summary: String,
        _ find: @escaping @Sendable (Configuration, SettingsTask) -> Finding?
    ) -> SettingCheck {
        SettingCheck(keys, summary, isRefused: true, find)
    }

    static func warn(
        _ keys: String..., where summary: String,
        _ find: @escaping @Sendable (Configuration, SettingsTask) -> Finding?
    ) -> SettingCheck {
        SettingCheck(keys, summary, isRefused: false, find)
    }
}

/// A case of settings that holds in a task.
package struct SettingFinding: Sendable, Equatable {
    /// The keys that decide it, such as `target_entropy`; of the run's evaluations, `evaluate.every`.
    package var keys: [String]
    /// Whether the run is refused.
    package var isRefused: Bool
    /// What is the matter.
    package var message: String
    /// What to do.
    package var remedy: String
}

extension AlgorithmConfiguration {
    /// What the settings cannot mean in a task, in the order of the checks.
    func findings(in task: SettingsTask) -> [SettingFinding] {
        Self.checks.compactMap { check in
            check.find(self, task).map {
                SettingFinding(
                    keys: check.keys, isRefused: check.isRefused, message: $0.message, remedy: $0.remedy)
            }
        }
    }

    /// The checks as the reference shows them.
    var checkTable: String {
        "| settings | what they cannot mean | then |\n|---|---|---|\n"
            + (Self.contradictions + Self.checks).map { check in
                let keys = check.keys.map { "`\($0)`" }.joined(separator: ", ")
                return "| \(keys) | \(check.summary) | \(check.isRefused ? "refused" : "warned") |\n"
            }.joined()
    }
}

extension AgentConfiguration {
    /// What the settings cannot mean in a task; those that are refused come first.
    package func findings(in task: SettingsTask) -> [SettingFinding] {
        let findings = hyperparameters.findings(in: task)
        return findings.filter(\.isRefused) + findings.filter { !$0.isRefused }
    }
}
