// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry

extension SimulatedEnvironment {
    /// Draws the next command when its time has come.
    func resampleCommand() {
        guard scene.commands?.resampleTime != nil else { return }
        state.episode.stepsToCommand -= 1
        if state.episode.stepsToCommand <= 0 { drawCommand() }
    }

    func drawCommand() {
        guard let settings = commandSettings else { return }
        let command = settings.draw(using: &random)
        let isStanding = random.uniform() < settings.standingFraction
        state.episode.command = isStanding ? .zero : command
        state.episode.stepsToCommand = settings.resampleTime.map(scene.steps(in:)) ?? 0
    }
}

extension CommandSettings {
    /// So many draws that are all too slow: the least speed is next to never reached.
    private static let mostDraws = 1000

    /// A command: forward and sideways speed, turning rate.
    fileprivate func draw(using random: inout RandomStream) -> Vector3 {
        var command = Vector3.zero
        for _ in 0..<(slower == .redraw ? Self.mostDraws : 1) {
            command = Vector3(
                linearVelocityX.draw(using: &random), linearVelocityY.draw(using: &random),
                angularVelocityZ.draw(using: &random))
            if command.x * command.x + command.y * command.y >= leastSpeed * leastSpeed { return command }
        }
        return Vector3(0, 0, command.z)
    }
}

extension SceneState {
    /// Whether there are commands, and the present one is slower than 0.1 m/s and turns by less than 0.1 rad/s (legged_gym).
    var isToldToStand: Bool {
        let command = episode.command
        return scene.commands != nil && command.x * command.x + command.y * command.y < 0.01
            && abs(command.z) < 0.1
    }
}
