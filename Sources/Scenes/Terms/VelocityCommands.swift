// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// What the robot is told to do.
struct VelocityCommands: ObservationTerm {
    static let name = "velocity_commands"
    static let summary = "The commanded forward and sideways speed (m/s) and turning rate (rad/s)."
    static let unit = "m/s, m/s, rad/s"
    static let needs: [TermNeed] = [.commands]
    static let synonyms = ["commands", "generated_commands"]

    func elements(in scene: Scene) -> [ObservationElement] {
        [("lin_vel_x", "m/s"), ("lin_vel_y", "m/s"), ("ang_vel_z", "rad/s")].map {
            ObservationElement(name: "\(Self.name).\($0.0)", unit: $0.1, frame: .base)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        numbers.append(state.episode.command.x)
        numbers.append(state.episode.command.y)
        numbers.append(state.episode.command.z)
    }
}
