// SPDX-License-Identifier: MIT

import Descriptions
import Environments
import Foundation
import Simulation

extension BenchCommand {
    /// Control steps with random actions and resets, and the same physics by a bare ODE loop, in turns.
    func measureEnvironments() throws -> [BenchFigure] {
        let names = scene.map { [$0] } ?? Scene.available().map(\.name)
        if names.isEmpty {
            throw Failure(.missingInput, "no scenes here; run this in a folder with Scenes/, or set SINEW_HOME to one")
        }
        return try names.map { try measureEnvironment(named: $0) }
    }

    private func measureEnvironment(named name: String) throws -> BenchFigure {
        let task = try TaskFile(named: name)
        let walk = try RandomWalk(task)
        let timing = BenchTiming(seconds: seconds / 2)
        let steps = try timing.callsPerRound { try walk.run(steps: $0) }
        walk.environment.beginRecordingPhysics()
        try walk.run(steps: steps)
        var (best, bareBest) = (Double.infinity, Double.infinity)
        for _ in 0..<BenchTiming.rounds {
            bareBest = min(bareBest, try walk.environment.repeatPhysicsBare().inSeconds)
            best = min(best, try walk.measureUnrecorded(steps: steps))
        }
        var figure = BenchFigure(name: Name.environment.rawValue)
        figure.scene = task.scene.name
        figure.stepsPerSecond = Double(steps) / best
        figure.bareOdeStepsPerSecond = Double(steps) / bareBest
        return figure
    }
}

/// An environment that random actions move: the same walk each time.
private final class RandomWalk {
    let environment: SimulatedEnvironment
    private let actions: [[Float]]

    init(_ task: TaskFile) throws {
        environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        var random = RandomStream(seed: 0, .exploration)
        let count = environment.actuators.count
        // Drawn beforehand: random numbers are no part of an environment's step.
        actions = (0..<4096).map { _ in (0..<count).map { _ in Float(random.uniform(-1, 1)) } }
    }

    /// Runs from the first episode on.
    func run(steps: Int) throws {
        environment.random = RandomStream(seed: 0, .environment)
        var observation = [Float](repeating: 0, count: environment.observationSpace.count)
        var span = observation.mutableSpan
        try environment.reset(into: &span)
        for index in 0..<steps {
            let action = actions[index & 4095]
            let step = try environment.step(action.span, into: &span)
            if step.isLast { try environment.reset(into: &span) }
        }
    }

    /// The seconds of the recorded walk, without recording.
    func measureUnrecorded(steps: Int) throws -> Double {
        try environment.withoutRecordingPhysics { try BenchTiming.seconds { try run(steps: steps) } }
    }
}
