// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Scenes
import Tasks

extension BenchCommand {
    /// Control steps with random actions and resets.
    func measureEnvironments() throws -> [BenchFigure] {
        try scenes().map { try measureEnvironment(named: $0) }
    }

    /// The scene that was asked for, or all.
    func scenes() throws -> [String] {
        let names = scene.map { [$0] } ?? Scene.available().map(\.name)
        if names.isEmpty {
            throw Failure(
                .missingInput, "no scenes here; run this in a folder with Scenes/, or set SINEW_HOME to one")
        }
        return names
    }

    private func measureEnvironment(named name: String) throws -> BenchFigure {
        let task = try LoadedScene(named: name)
        let walk = try RandomWalk(task)
        // The same walk again and again, in pieces: of each piece the best time counts, so that other work on the machine
        // has to miss it only once, and no easy part of a walk counts for the rest.
        var times: [Double] = []
        _ = try walk.run()
        let clock = ContinuousClock()
        let start = clock.now
        for round in 0... {
            times.keepBest(try walk.run())
            if round >= 4, (clock.now - start).inSeconds >= seconds { break }
        }
        var figure = BenchFigure(name: Name.environment.rawValue)
        figure.scene = task.scene.name
        figure.stepsPerSecond = Double(RandomWalk.steps) / times.reduce(0, +)
        return figure
    }
}

/// An environment that random actions move: the same walk each time.
private final class RandomWalk {
    static let steps = 1000
    static let piece = 10
    private let environment: SimulatedEnvironment
    private let actions: [[Float]]

    init(_ task: LoadedScene) throws {
        environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        var random = RandomStream(seed: 0, .exploration)
        let count = environment.actuators.count
        // Drawn beforehand: random numbers are no part of an environment's step.
        actions = (0..<Self.steps).map { _ in (0..<count).map { _ in Float(random.uniform(-1, 1)) } }
    }

    /// Walks from the first episode on; returns the seconds of each piece.
    func run() throws -> [Double] {
        environment.random = RandomStream(seed: 0, .environment)
        var rollOut = RollOut(environment)
        var times: [Double] = []
        let clock = ContinuousClock()
        var start = clock.now
        try rollOut.reset()
        for index in actions.indices {
            let step = try rollOut.step { _, action in
                for element in action.indices { action[element] = actions[index][element] }
            }
            if step.isLast { try rollOut.reset() } else { rollOut.advance() }
            guard (index + 1) % Self.piece == 0 else { continue }
            let end = clock.now
            times.append((end - start).inSeconds)
            start = end
        }
        return times
    }
}

extension [Double] {
    /// Takes the smaller of each pair; everything the first time.
    mutating func keepBest(_ times: [Double]) {
        self = isEmpty ? times : zip(self, times).map { Swift.min($0, $1) }
    }
}
