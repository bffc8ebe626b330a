// SPDX-License-Identifier: MIT

internal import CLibrary

extension SACConfiguration {
    /// A mini-batch cannot be larger than what it is drawn from, and a fixed temperature steers to no entropy.
    package static let contradictions: [SettingCheck<SACConfiguration>] = [
        .batch(\.usesReplay, \.batch, capacity: \.replayCapacity),
        .refuse(
            "temperature", "target_entropy", "target_deviation",
            where: "a fixed temperature has a target entropy"
        ) {
            configuration, _ in
            guard configuration.temperature == .fixed,
                configuration.targetEntropy != nil || configuration.targetDeviation != nil
            else { return nil }
            return (
                "a fixed temperature steers to no target entropy",
                configuration.targetDeviation == nil
                    ? "choose temperature: tuned, or target_entropy: auto"
                    : "choose temperature: tuned, or remove target_deviation"
            )
        },
        .refuse("target_deviation", "target_entropy", where: "both are given") { configuration, _ in
            guard configuration.targetDeviation != nil, configuration.targetEntropy != nil else { return nil }
            return (
                "the target entropy is given twice, as a deviation and in nats",
                "remove target_deviation, or choose target_entropy: auto"
            )
        },
        .refuse("noise_hold", "noise_correlation", where: "noise is both held and correlated") {
            configuration, _ in
            guard configuration.noiseHold > 1, configuration.noiseCorrelation > 0 else { return nil }
            return (
                "noise that is held for some steps and then new has no correlation of its own",
                "choose noise_hold: 1, or noise_correlation: 0"
            )
        },
    ]

    /// What settings cannot mean in a task, each of them allowed by itself.
    package static let checks: [SettingCheck<SACConfiguration>] =
        ofRun + [
            .warmUp(\.warmUp),
            highEntropy, lowEntropy,
            .warn("temperature_learning_rate", "temperature", where: "a tuned temperature has a rate of 0") {
                configuration, _ in
                guard configuration.temperature == .tuned, configuration.temperatureLearningRate == 0,
                    configuration.learningRate == nil
                else { return nil }
                return (
                    "a tuned temperature never changes at a rate of 0",
                    "choose temperature: fixed, or a rate above 0"
                )
            },
            .discount(\.discount),
            .rate("actor_learning_rate", \.actorLearningRate, "the actor never changes"),
            .rate("critic_learning_rate", \.criticLearningRate, "the critics never change"),
            .refuse("polyak_rate", where: "it is 0: the target critics stay as they were drawn") {
                configuration, _ in
                guard configuration.polyakRate == 0 else { return nil }
                return (
                    "the target critics never follow the critics at a rate of 0, so that no value is learned",
                    "use a rate above 0, such as 0.005"
                )
            },
            .refuse("layer_norm", "hidden", where: "a layer of one unit is normalised: it is always 0") {
                configuration, _ in
                guard configuration.layerNorm, configuration.hidden.contains(1) else { return nil }
                return ("a hidden layer of one unit is always 0 after normalisation", "widen it")
            },
            .warn("actor_delay", "steps", where: "the run has fewer updates than the actor waits for") {
                configuration, _ in
                let updates = Int(
                    Double(max(0, configuration.steps - configuration.warmUp)) * configuration.updatesPerStep)
                guard updates > 0, configuration.actorDelay > updates else { return nil }
                return (
                    "the actor learns at every update number \(configuration.actorDelay), of which the run has \(updates): it never learns",
                    "lower actor_delay, or give it more --steps"
                )
            },
            .warn("n_step", where: "it is more than an episode has") { configuration, task in
                guard configuration.returnSteps > task.episodeSteps else { return nil }
                return (
                    "no target sums \(configuration.returnSteps) rewards in episodes of \(task.episodeSteps) steps",
                    "lower n_step to \(task.episodeSteps) or less"
                )
            },
            .refuse("n_step", "replay_capacity", where: "it is more than the replay buffer holds") {
                configuration, _ in
                let each = configuration.replayCapacity / configuration.environments
                guard configuration.returnSteps > each else { return nil }
                let share = configuration.environments > 1 ? " of each environment" : ""
                return (
                    "a replay_capacity of \(configuration.replayCapacity) holds no \(configuration.returnSteps) steps in a row\(share)",
                    "raise replay_capacity, or lower n_step"
                )
            },
        ] + SettingCheck.replay(\.usesReplay, batch: \.batch, capacity: \.replayCapacity, warmUp: \.warmUp)

    private static var ofRun: [SettingCheck<SACConfiguration>] { SettingCheck.ofRun }

    /// Always: what is learned is drawn from a buffer.
    private var usesReplay: Bool { true }

    /// The entropy that `target_entropy` steers to for each number of the action; nil where nothing steers.
    private func entropy(in task: SettingsTask) -> Double? {
        guard temperature == .tuned, let targetEntropy else { return nil }
        return targetEntropy / Double(max(task.actions, 1))
    }

    /// The uniform distribution on [-1, 1] has the most entropy, ln 2.
    private static let highEntropy = SettingCheck<SACConfiguration>.refuse(
        "target_entropy", where: "it is above ln 2 = 0.693 nats for each number of the action"
    ) { configuration, task in
        guard let entropy = configuration.entropy(in: task), entropy > log(2) else { return nil }
        let most = (1000 * log(2) * Double(task.actions)).rounded(.down) / 1000
        return (
            "no action in [-1, 1] has more than ln 2 = 0.693 nats for each of its numbers: \(task.actions) can have \(most) together, so the temperature would grow without end",
            "use auto, which is \(-task.actions), or a number well below \(most)"
        )
    }

    /// A Gaussian of the least deviation, exp(-20), has ln sqrt(2 pi e) - 20.
    private static let lowEntropy = SettingCheck<SACConfiguration>.refuse(
        "target_entropy", where: "it is below -18.5 nats for each number of the action"
    ) { configuration, task in
        guard let entropy = configuration.entropy(in: task), entropy < -18.5 else { return nil }
        return (
            "the narrowest action that the actor can draw has -18.5 nats for each of its numbers, so the temperature would fall to 0",
            "use auto, which is \(-task.actions)"
        )
    }
}
