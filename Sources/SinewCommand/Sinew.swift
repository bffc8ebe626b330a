// SPDX-License-Identifier: MIT

// The `sinew` command: one file per subcommand. It puts the parts together: a scene from Descriptions becomes an environment
// of Simulation, in which Training trains an agent and replays its policy.

import ArgumentParser

/// The version of Sinew, written into runs and policies.
let sinewVersion = "0.1.0"

@main
struct Sinew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sinew",
        abstract: "Train a robot controller, replay a saved policy, export its weights to a file.",
        discussion: """
            A robot (URDF) stands in a scene (YAML); ODE moves it; soft actor-critic learns to move its joints.

              sinew train pendulum
              sinew replay runs/pendulum-sac-0
              sinew export runs/pendulum-sac-0 --format safetensors
            """,
        version: sinewVersion,
        subcommands: [
            TrainCommand.self, ReplayCommand.self, ExportCommand.self, ScenesCommand.self,
            BenchCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard let failure = Failure(error) else { exit(withError: error) }
            failure.exitProcess()
        }
    }
}
