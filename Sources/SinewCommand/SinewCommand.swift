// SPDX-License-Identifier: MIT

// The `sinew` command: a folder for each of its verbs, and Terminal/ for what all of them write and read. A verb reads its flags,
// asks the modules below to do the work (a `LoadedScene` of Tasks, a `Trainer`, an `Evaluation`, an `ExportFormat`, a `Study`), and
// tells a person or a script what came of it. What goes wrong becomes a `Failure`: a line or two on standard error, and an exit code.

import ArgumentParser
import Files
import Foundation
import Networks
import Robots
import Scenes
import Settings
import Tasks
import Training

@main
struct Sinew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sinew",
        abstract: "Train a robot controller, replay a saved policy, export its weights to a file.",
        discussion: """
            A robot (URDF) stands in a scene (YAML), rigid-body physics moves it, and an algorithm learns to drive its joints.

              sinew train pendulum
              sinew replay runs/pendulum-sac-0
              sinew export runs/pendulum-sac-0 --format onnx
            """,
        version: sinewVersion,
        subcommands: [
            TrainCommand.self, StatusCommand.self, ReplayCommand.self, ViewCommand.self, ExportCommand.self,
            VerifyCommand.self, ScenesCommand.self, SweepCommand.self, PlotCommand.self, StudyCommand.self,
            BenchCommand.self,
        ])

    static func main() {
        openStandardFiles()
        StopSignal.unblock()
        // A file that grows beyond `ulimit -f` is then an error like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        do {
            guard CoreSpeed.isRequestValid else {
                let names = CoreSpeed.instructionSets.joined(separator: ", ")
                throw Failure(.usage, "SINEW_ISA: this machine has no such instructions; allowed: \(names)")
            }
            var command = try parseAsRoot()
            try command.run()
            try finishOutput()
        } catch {
            failure(error)?.exitProcess()
            exit(withError: error)
        }
    }

    /// Writes what was printed; a reader that went away has read what it wanted.
    private static func finishOutput() throws {
        guard fflush(nil) != 0 else { return }
        if errno == EPIPE { throw ExitCode(128 + SIGPIPE) }
        throw Failure(.inputOutput, "standard output cannot be written: \(systemReason(errno))")
    }

    /// The failure that an error is; nil for help, version and plain exit codes.
    static func failure(_ error: any Error) -> Failure? {
        if let failure = Failure(error) { return failure }
        // What a command wanted to say it has said; its code says how it ended.
        if error is ExitCode { return nil }
        switch exitCode(for: error) {
        case .validationFailure:
            let given = CommandLine.arguments.dropFirst().first
            let names = configuration.subcommands.map { $0._commandName }
            if let given, !given.hasPrefix("-"), !names.contains(given) {
                let remedy = NearestName.remedy(given, in: names)
                return Failure(.usage, "there is no command '\(given)'; \(remedy) (see `sinew --help`)")
            }
            let help = names.contains { $0 == given } ? "sinew \(given ?? "") --help" : "sinew --help"
            let lines = message(for: error).split(separator: "\n").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            var text = lines.joined(separator: " ")
            if text.hasSuffix(".") { text.removeLast() }
            return Failure(.usage, "\(text); see `\(help)`")
        case .failure: return Failure(.inputOutput, error.reason)
        default: return nil
        }
    }
}
