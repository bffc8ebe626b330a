// SPDX-License-Identifier: MIT

internal import CPhysics

/// What a world was asked to do, so that it can do it again bare: for benchmarks.
///
/// A run begins where something other than a step changed the world, with its state, and holds the commands of each substep since.
@safe
package struct StepLog {
    private struct Run {
        var state: [UInt8]
        var commands: [Double] = []
        var substeps = 0
    }

    private var runs: [Run] = []
    private var isBroken = true

    /// Makes an empty log; set it as a world's `log` to fill it.
    package init() {}

    /// Notes that the world is changed by something other than a step.
    mutating func breakOff() { isBroken = true }

    /// Notes a step that `world` is about to do.
    mutating func append(_ commands: Span<Double>, substeps: Int, of world: World) throws(PhysicsError) {
        if isBroken { runs.append(Run(state: try world.save())) }
        isBroken = false
        let last = runs.count - 1
        for _ in 0..<substeps {
            for index in commands.indices { runs[last].commands.append(commands[index]) }
        }
        runs[last].substeps += substeps
    }

    /// Does everything again in `world`, by the bare loop.
    ///
    /// - Returns: the seconds in the loop alone, piece by piece; a piece has `substeps` time steps, or what is left of a run.
    /// - Throws: `badState` where the world is of another definition than the one that was logged.
    package func repeatBare(in world: World, pieces substeps: Int) throws(PhysicsError) -> [Double] {
        var times: [Double] = []
        let clock = ContinuousClock()
        let joints = world.definition.joints.count
        for run in runs {
            try world.restore(run.state)
            let commands = run.commands.span
            for first in stride(from: 0, to: run.substeps, by: substeps) {
                let count = min(substeps, run.substeps - first)
                let start = clock.now
                try world.runBare(
                    commands.extracting(first * joints..<(first + count) * joints), substeps: count)
                times.append(start.duration(to: clock.now) / .seconds(1))
            }
        }
        return times
    }
}
