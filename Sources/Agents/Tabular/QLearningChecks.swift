// SPDX-License-Identifier: MIT

internal import Environments

extension QLearningConfiguration {
    /// What settings cannot mean in a task, each of them allowed by itself.
    package static let checks: [SettingCheck<QLearningConfiguration>] =
        SettingCheck.ofRun + [
            .torques(\.levels),
            .discount(\.discount),
            .rate("step_size", \.stepSize.first, "no value of the table ever changes"),
            .refuse("bins", where: "a range holds nothing that the scene's number can be") {
                configuration, task in
                for bins in configuration.bins {
                    guard let range = bins.range,
                        let element = task.observations.elements.first(where: { $0.name == bins.name }),
                        range.upperBound <= element.low || range.lowerBound >= element.high
                    else { continue }
                    return (
                        "'\(bins.name)' is always within \(element.low) to \(element.high), outside of its bins from \(range.lowerBound) to \(range.upperBound)",
                        "give it a range that holds its values"
                    )
                }
                return nil
            },
            .warn("bins", where: "there is one state only") { configuration, _ in
                guard !configuration.bins.isEmpty, configuration.bins.allSatisfy({ $0.count == 1 }) else {
                    return nil
                }
                return (
                    "one bin of each number makes one state, in which nothing is told apart", "use more bins"
                )
            },
        ] + SettingCheck.epsilon(\.epsilon)

    private var levels: ActionLevels? { torques }
}
