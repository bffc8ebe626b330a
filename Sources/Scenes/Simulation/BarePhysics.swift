// SPDX-License-Identifier: MIT

internal import Physics

extension SimulatedEnvironment {
    /// Begins to write down what the physics is asked to do; for benchmarks.
    package func beginRecordingPhysics() {
        world.log = StepLog()
    }

    /// Does the recorded physics again, by the bare ODE loop and without anything of the environment.
    ///
    /// The recording stays as it is; `reset` must be called before the next step.
    ///
    /// - Returns: the seconds in the bare loop, in pieces of `steps` control steps or less.
    package func repeatPhysicsBare(pieces steps: Int) throws -> [Double] {
        guard let log = world.log else { return [] }
        world.log = nil
        defer { world.log = log }
        state.episode.isOver = true
        return try log.repeatBare(in: world, pieces: steps * scene.physics.substeps)
    }

    /// Does `body` without recording what it asks of the physics.
    package func withoutRecordingPhysics<Result>(_ body: () throws -> Result) rethrows -> Result {
        let log = world.log
        world.log = nil
        defer { world.log = log }
        return try body()
    }
}
