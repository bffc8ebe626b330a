// SPDX-License-Identifier: MIT

/// What several algorithms' settings cannot mean.
extension SettingCheck where Configuration: AlgorithmConfiguration {
    typealias Path<Value> = any KeyPath<Configuration, Value> & Sendable

    /// Of every algorithm.
    static var ofRun: [SettingCheck] {
        [
            .warn("evaluate.every", "steps", where: "evaluations are further apart than the run is long") {
                configuration, task in
                guard task.evaluationInterval > configuration.steps else { return nil }
                return (
                    "the run ends after \(configuration.steps) steps and is to be evaluated every \(task.evaluationInterval): it is evaluated once, at its end",
                    "lower evaluate.every, or give it more --steps"
                )
            }
        ]
    }

    /// A first step that never comes.
    static func warmUp(_ warmUp: Path<Int>) -> SettingCheck {
        .warn("warm_up", "steps", where: "the run ends within its warm-up") { configuration, _ in
            guard configuration[keyPath: warmUp] >= configuration.steps else { return nil }
            return (
                "the run ends after \(configuration.steps) steps, within its warm-up of \(configuration[keyPath: warmUp]): nothing is learned",
                "give it more --steps, or lower warm_up"
            )
        }
    }

    /// A rate of 0.
    static func rate(_ key: String, _ rate: Path<Double>, _ what: String) -> SettingCheck {
        .warn(key, where: "it is 0") { configuration, _ in
            guard configuration[keyPath: rate] == 0 else { return nil }
            return ("\(what) at a rate of 0", "use a rate above 0, such as 3e-4")
        }
    }

    /// A value without end.
    static func discount(_ discount: Path<Double>) -> SettingCheck {
        .warn("discount", where: "it is 1: after a time limit value goes on, without end") {
            configuration, task in
            guard configuration[keyPath: discount] == 1, task.episodeSteps > 1 else { return nil }
            return (
                "with a discount of 1 the value of an episode that its time limit cuts has no bound",
                "use one below 1, such as 0.99"
            )
        }
    }

    /// A mini-batch larger than what it is drawn from.
    static func batch(_ uses: Path<Bool>, _ batch: Path<Int>, capacity: Path<Int>) -> SettingCheck {
        .refuse("batch", "replay_capacity", where: "it is larger than the replay buffer") {
            configuration, _ in
            guard configuration[keyPath: uses],
                configuration[keyPath: batch] > configuration[keyPath: capacity]
            else { return nil }
            return (
                "a batch of \(configuration[keyPath: batch]) is larger than the replay_capacity of \(configuration[keyPath: capacity])",
                "lower the one or raise the other"
            )
        }
    }

    /// Mini-batches drawn from a buffer.
    static func replay(
        _ uses: Path<Bool>, batch: Path<Int>, capacity: Path<Int>, warmUp: Path<Int>
    ) -> [SettingCheck] {
        [
            .warn("batch", "steps", where: "it is larger than all that the run will have seen") {
                configuration, _ in
                guard configuration[keyPath: uses], configuration[keyPath: batch] > configuration.steps else {
                    return nil
                }
                return (
                    "a batch of \(configuration[keyPath: batch]) is larger than all \(configuration.steps) transitions of the run: each is drawn several times",
                    "lower batch, or give it more --steps"
                )
            },
            .warn("replay_capacity", "warm_up", where: "it is smaller than the warm-up") { configuration, _ in
                guard configuration[keyPath: uses],
                    configuration[keyPath: capacity]
                        < min(configuration[keyPath: warmUp], configuration.steps)
                else {
                    return nil
                }
                return (
                    "a replay_capacity of \(configuration[keyPath: capacity]) forgets most of the warm_up of \(configuration[keyPath: warmUp]) steps before anything is learned of it",
                    "raise replay_capacity, or lower warm_up"
                )
            },
        ]
    }

    /// Random actions by a schedule.
    static func epsilon(_ path: Path<EpsilonSchedule>) -> [SettingCheck] {
        [
            .warn("epsilon_end", "epsilon_start", where: "epsilon_end is above epsilon_start") {
                configuration, _ in
                let epsilon = configuration[keyPath: path]
                guard epsilon.end > epsilon.start else { return nil }
                return (
                    "the share of random actions rises from \(epsilon.start) to \(epsilon.end)",
                    "swap epsilon_start and epsilon_end"
                )
            },
            .warn("epsilon_end", where: "it is 1: every action is random to the end") { configuration, _ in
                let epsilon = configuration[keyPath: path]
                guard epsilon.end == 1, epsilon.start == 1 else { return nil }
                return ("every action is random, whatever is learned", "use one below 1, such as 0.05")
            },
            .warn("epsilon_start", where: "it and epsilon_end are 0: nothing new is ever tried") {
                configuration, _ in
                let epsilon = configuration[keyPath: path]
                guard epsilon.start == 0, epsilon.end == 0 else { return nil }
                return ("no action is ever random: nothing new is tried", "use an epsilon_start of 1")
            },
            .warn("epsilon_steps", "epsilon_start", where: "it is 0: epsilon_start is never used") {
                configuration, _ in
                let epsilon = configuration[keyPath: path]
                guard epsilon.steps == 0, epsilon.start != epsilon.end else { return nil }
                return (
                    "the share falls in 0 steps: epsilon_start \(epsilon.start) is never used",
                    "raise epsilon_steps"
                )
            },
            .warn("epsilon_steps", "steps", where: "the run ends before epsilon does") { configuration, _ in
                let epsilon = configuration[keyPath: path]
                guard epsilon.steps > configuration.steps, epsilon.start != epsilon.end else { return nil }
                let last = Float(epsilon.value(at: configuration.steps))
                return (
                    "the run ends after \(configuration.steps) of the \(epsilon.steps) steps in which the share of random actions falls: it only gets to \(last), never to \(epsilon.end)",
                    "lower epsilon_steps, or give it more --steps"
                )
            },
        ]
    }

    /// Random actions by a schedule that the warm-up hides.
    static func epsilon(_ path: Path<EpsilonSchedule>, after warmUp: Path<Int>) -> SettingCheck {
        .warn("epsilon_steps", "warm_up", where: "epsilon has fallen before the warm-up ends") {
            configuration, _ in
            let (steps, warmUp) = (configuration[keyPath: path].steps, configuration[keyPath: warmUp])
            guard steps > 0, warmUp >= steps else { return nil }
            return (
                "the share of random actions falls in \(steps) steps, all of them within the warm-up of \(warmUp), whose actions are random anyway",
                "raise epsilon_steps above warm_up"
            )
        }
    }

    /// Choices of which there is one.
    static func torques(_ path: Path<ActionLevels?>) -> SettingCheck {
        .refuse("torques", where: "there is one choice only") { configuration, task in
            guard let levels = configuration[keyPath: path],
                let grid = try? ActionGrid(levels, actionCount: task.actions), grid.count == 1
            else { return nil }
            return ("one choice for all actuators is none", "give one of them at least two torques")
        }
    }
}
