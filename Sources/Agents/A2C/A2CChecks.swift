// SPDX-License-Identifier: MIT

extension A2CConfiguration {
    /// What settings cannot mean in a task, each of them allowed by itself.
    package static let checks: [SettingCheck<A2CConfiguration>] =
        SettingCheck.ofRun + [
            .warn("rollout", "environments", "steps", where: "the run ends before the first update") {
                configuration, _ in
                let rows = configuration.rows
                guard rows > configuration.steps else { return nil }
                return (
                    "the first update takes \(rows) steps, \(configuration.rollout) of each of \(configuration.environments) environments, and the run has \(configuration.steps): nothing is learned",
                    "give it more --steps, or lower rollout"
                )
            },
            .torques(\.torques),
            .discount(\.discount),
            .rate("learning_rate", \.learningRate, "neither network ever changes"),
            .warn("value_weight", where: "it is 0: the critic never learns") { configuration, _ in
                guard configuration.valueWeight == 0 else { return nil }
                return ("the critic never learns at a weight of 0", "use a weight above 0, such as 1")
            },
            .refuse(
                "normalise_advantages", "rollout", "environments",
                where: "an update has one step: its advantage would always be 0"
            ) { configuration, _ in
                guard configuration.normaliseAdvantages, configuration.rows == 1 else { return nil }
                return (
                    "the advantage of a single step is always 0 once it is normalised, so that nothing is learned",
                    "raise rollout or environments, or set normalise_advantages: false"
                )
            },
        ]

    /// The steps of an update.
    private var rows: Int { environments * rollout }
}
