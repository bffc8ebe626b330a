// SPDX-License-Identifier: MIT

extension DQNConfiguration {
    /// A mini-batch cannot be larger than what it is drawn from.
    package static let contradictions: [SettingCheck<DQNConfiguration>] = [
        .batch(\.usesReplay, \.batch, capacity: \.replayCapacity)
    ]

    /// What settings cannot mean in a task, each of them allowed by itself.
    package static let checks: [SettingCheck<DQNConfiguration>] =
        SettingCheck.ofRun + [
            .warmUp(\.warmUp),
            .torques(\.levels),
            .discount(\.discount),
            .rate("learning_rate", \.learningRate, "the network never changes"),
            .warn("target_interval", "steps", where: "the run has fewer updates than lie between two copies")
            {
                configuration, _ in
                let updates =
                    max(0, configuration.steps - configuration.warmUp) * configuration.updatesPerStep
                guard configuration.usesTargetNetwork, updates > 0, configuration.targetInterval > updates
                else { return nil }
                return (
                    "the target network is copied every \(configuration.targetInterval) updates, of which the run has \(updates): it stays as it was drawn",
                    "lower target_interval, or give it more --steps"
                )
            },
        ] + SettingCheck.epsilon(\.epsilon) + [.epsilon(\.epsilon, after: \.warmUp)]
        + SettingCheck.replay(\.usesReplay, batch: \.batch, capacity: \.replayCapacity, warmUp: \.warmUp)

    private var levels: ActionLevels? { torques }
}
