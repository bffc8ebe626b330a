// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Foundation
internal import Policies
internal import Settings
internal import Training

/// A run as `sinew train` does it, by the same ``Trainer``, in a folder that goes when it ends.
struct RobotRun: Sendable {
    /// The shipped scene.
    var scene: String
    /// The algorithm with its hyperparameters; its steps are those of the run.
    var agent: AgentConfiguration
    /// Control steps between evaluations.
    var evaluationInterval: Int
    /// Episodes of one evaluation.
    var evaluationEpisodes: Int

    /// What the rewards are multiplied by, in evaluations too; ``score(_:in:episodes:)`` takes the scene's own.
    var rewardFactor = 1.0
    /// The deviation of noise in the rewards, in evaluations too.
    var rewardNoise = 0.0

    private func makeEnvironment(_ random: RandomStream, in setting: StudySetting) throws -> any Environment {
        let environment = try setting.makeEnvironment(scene, random)
        guard rewardFactor != 1 || rewardNoise != 0 else { return environment }
        var draws = random
        return ChangedRewards(
            environment, factor: rewardFactor, noise: rewardNoise,
            draws: RandomStream(seed: draws.next(), name: "reward noise"))
    }

    /// What a run gave.
    struct Outcome: Sendable {
        /// The control steps after which it was evaluated.
        var steps: [Double] = []
        /// The seconds of training until then, evaluations included.
        var seconds: [Double] = []
        /// The mean return of each evaluation.
        var returns: [Double] = []
        /// The policy of the best evaluation.
        var best: PolicyFile
        /// The policy at the end.
        var last: PolicyFile
    }

    /// Trains with `seed`, on one thread.
    ///
    /// - Throws: what the trainer throws.
    func train(seed: UInt64, in setting: StudySetting) throws -> Outcome {
        try train(seed: seed, in: setting) { outcome, _ in outcome }
    }

    /// Trains with `seed`, on one thread, and has a look at the agent as it is at the end.
    ///
    /// - Throws: what the trainer or `examine` throw.
    func train<Result>(
        seed: UInt64, in setting: StudySetting, examine: (Outcome, any Agent) throws -> Result
    ) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "sinew-study-\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = RunFolder(path)
        try folder.create()
        let probe = try makeEnvironment(RandomStream(seed: seed, .environment), in: setting)
        let (space, actuators, timing) = (probe.observationSpace, probe.actuators, probe.timing)
        let watcher = Watcher()
        var recipe = Recipe(scene: scene, agent: agent, seed: seed)
        recipe.evaluation = EvaluationPlan(every: evaluationInterval, episodes: evaluationEpisodes)
        let trainer = try Trainer(
            folder: folder, recipe: recipe, threads: 1,
            makeEnvironment: { try makeEnvironment($0, in: setting) },
            makeContract: { [scene] training in
                Contract(
                    scene: scene, robot: scene, versions: [:], training: training, timing: timing,
                    observations: space, actuators: actuators)
            }, observer: watcher, stopSignal: { nil })
        watcher.secondsOfTraining = { [unowned trainer] in trainer.seconds }
        _ = try trainer.run(isResumed: false)
        let outcome = Outcome(
            steps: watcher.steps, seconds: watcher.seconds, returns: watcher.returns,
            best: try PolicyFile(contentsOf: folder.bestPolicy),
            last: try PolicyFile(contentsOf: folder.lastPolicy))
        return try examine(outcome, trainer.agent)
    }

    /// The mean return of a policy over fresh episodes, each with a start of its own.
    ///
    /// - Throws: what policy or environment throw.
    static func score(
        _ policy: PolicyFile, in environment: any Environment, episodes: Int
    ) throws -> Double {
        try Evaluation(of: NetworkPolicy(policy), in: environment, episodes: episodes).meanReturn
    }
}

/// Notes the evaluations of a run.
private final class Watcher: TrainingObserver {
    var steps: [Double] = []
    var seconds: [Double] = []
    var returns: [Double] = []
    var secondsOfTraining: () -> Double = { 0 }

    func progressed(_ progress: TrainingProgress) {}

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        steps.append(Double(step))
        seconds.append(secondsOfTraining())
        returns.append(evaluation.meanReturn)
    }

    func warned(_ text: String) {}
}
