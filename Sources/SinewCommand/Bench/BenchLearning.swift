// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Scenes
import Tasks

extension BenchCommand {
    /// Updates of soft actor-critic on a mini-batch of random numbers; drawing the noise is part of an update.
    func measureUpdates() throws -> [BenchFigure] {
        func figure(_ observations: Int, _ actions: Int, _ width: Int, _ batch: Int, _ threads: Int)
            throws -> BenchFigure
        {
            var configuration = SACConfiguration()
            configuration.hidden = [width, width]
            configuration.batch = batch
            try SACAgent.checkMemory(configuration, capacity: 1, observations: observations, actions: actions)
            let learner = SACLearner(
                observations: observations, actions: actions, configuration: configuration, threads: threads)
            var random = RandomStream(seed: 0, .initialisation)
            learner.initialise(using: &random)
            learner.batch.observations.fillNormal(using: &random)
            learner.batch.nextObservations.fillNormal(using: &random)
            learner.batch.rewards.fillNormal(using: &random)
            learner.batch.actions.withMutableSpan { actions in
                for i in actions.indices { actions[i] = Float(random.uniform(-1, 1)) }
            }
            var figure = BenchFigure(name: Name.sacUpdate.rawValue)
            (figure.observations, figure.actions, figure.width) = (observations, actions, width)
            (figure.batch, figure.threads) = (batch, threads)
            figure.updatesPerSecond = BenchTiming(seconds: seconds).callsPerSecond { calls in
                for _ in 0..<calls {
                    learner.drawNoise(using: &random)
                    _ = learner.update()
                }
            }
            return figure
        }
        guard name == nil || hasNoSizes else {
            return [try figure(observations ?? 11, actions ?? 3, width ?? 256, batch ?? 256, threads ?? 1)]
        }
        return [
            try figure(11, 3, 256, 256, 1), try figure(11, 3, 256, 256, 2), try figure(3, 1, 64, 100, 1),
            try figure(3, 1, 64, 100, 2),
        ]
    }

    /// Whole training steps: the agent acts, the environment moves, the transition is stored, a mini-batch is drawn and learned.
    func measureTraining() throws -> [BenchFigure] {
        func figure(_ scene: String, _ width: Int, _ batch: Int, _ threads: Int) throws -> BenchFigure {
            var loop = try TrainingLoop(scene, width: width, batch: batch, threads: threads)
            try loop.run(steps: loop.warmUp)
            var figure = BenchFigure(name: Name.trainStep.rawValue)
            (figure.scene, figure.width, figure.batch, figure.threads) = (loop.scene, width, batch, threads)
            figure.stepsPerSecond = try BenchTiming(seconds: seconds).callsPerSecond {
                try loop.run(steps: $0)
            }
            return figure
        }
        guard name == nil || (hasNoSizes && scene == nil) else {
            return [try figure(scene ?? "pendulum", width ?? 64, batch ?? 100, threads ?? 1)]
        }
        return [
            try figure("pendulum", 64, 100, 1), try figure("hopper", 256, 256, 1),
            try figure("hopper", 256, 256, 2),
        ]
    }

    private var hasNoSizes: Bool {
        observations == nil && actions == nil && width == nil && batch == nil && threads == nil
    }
}

/// The loop of a run without its evaluations, logs and checkpoints.
private struct TrainingLoop {
    let scene: String
    let warmUp: Int
    private let agent: SACAgent
    private var rollOut: RollOut

    init(_ name: String, width: Int, batch: Int, threads: Int) throws {
        let task = try LoadedScene(named: name)
        scene = task.scene.name
        let environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        var configuration = SACConfiguration()
        configuration.hidden = [width, width]
        configuration.batch = batch
        configuration.warmUp = max(batch, 200)
        configuration.replayCapacity = 100_000
        warmUp = configuration.warmUp
        agent = try SACAgent(
            observations: environment.observationSpace.count,
            criticObservations: environment.criticSpace.count, actions: environment.actuators.count,
            configuration: configuration, seed: 0, threads: threads)
        rollOut = RollOut(environment, forCritic: agent.criticObservationCount > 0)
        try rollOut.reset()
    }

    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            let step = try rollOut.step { agent.act($0, into: &$1) }
            if !step.isDiverged {
                try agent.learn(
                    observation: rollOut.observation.span, action: rollOut.action.span,
                    reward: Float(step.reward), next: rollOut.next.span, isTerminated: step.isTerminated,
                    isTruncated: step.isTruncated)
            }
            if step.isLast { try rollOut.reset() } else { rollOut.advance() }
        }
    }
}
