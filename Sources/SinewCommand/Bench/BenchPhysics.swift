// SPDX-License-Identifier: MIT

import Environments
import Physics
import Robots
import Scenes
import Tasks

extension BenchCommand {
    /// Physics steps with random actions: no observation, no reward, no reset.
    func measurePhysics() throws -> [BenchFigure] {
        try scenes().map { name in
            let task = try LoadedScene(named: name, overrides: settings)
            let walk = try PhysicsWalk(task)
            var times: [Double] = []
            _ = try walk.run()
            let clock = ContinuousClock()
            let start = clock.now
            for round in 0... {
                times.keepBest(try walk.run())
                if round >= 4, (clock.now - start).inSeconds >= seconds { break }
            }
            var figure = BenchFigure(name: Name.physics.rawValue)
            figure.scene = task.scene.name
            figure.timeStep = task.scene.physics.timeStep
            figure.usPerStep = times.reduce(0, +) / Double(walk.steps) * 1e6
            return figure
        }
    }
}

/// A world that random actions move from the scene's start, several times: the same walks in each round.
private struct PhysicsWalk {
    static let walks = 10
    static let controlSteps = 100
    static let piece = 25
    /// The physics steps of a round.
    let steps: Int
    private let world: World
    private let start: [UInt8]
    private let substeps: Int
    private let commands: [[[Double]]]

    init(_ task: LoadedScene) throws {
        let environment = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        world = environment.world
        start = try world.save()
        substeps = task.scene.physics.substeps
        steps = Self.walks * Self.controlSteps * substeps
        var random = RandomStream(seed: 0, .exploration)
        let scene = task.scene
        commands = (0..<Self.walks).map { _ in
            (0..<Self.controlSteps).map { _ in
                var commands = [Double](repeating: 0, count: scene.robot.joints.count)
                for actuator in scene.actuators {
                    commands[actuator.joint] = actuator.command(random.uniform(-1, 1))
                }
                return commands
            }
        }
    }

    /// Returns the seconds of each piece of each walk.
    func run() throws -> [Double] {
        try commands.flatMap { commands in
            try world.restore(start)
            return try stride(from: 0, to: commands.count, by: Self.piece).map { first in
                try BenchTiming.seconds {
                    for command in commands[first..<first + Self.piece] {
                        try world.step(command.span, substeps: substeps)
                    }
                }
            }
        }
    }
}
