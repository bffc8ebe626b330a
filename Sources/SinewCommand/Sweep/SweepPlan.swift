// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Settings
import Sweeps
import Tasks
import Training

/// A sweep that was found to be right: nothing is written yet.
struct SweepPlan {
    let file: SweepFile
    let folder: SweepFolder
    /// What the sweep is called: its file's name.
    let name: String

    /// Reads the file, and tries out that each value of each parameter can be trained with.
    init(_ path: String, output: String?) throws {
        let named = path.pathName.withoutEnding
        name = named
        folder = SweepFolder(output ?? "sweeps/\(named)")
        var file: SweepFile
        do throws(DescriptionError) {
            file = try SweepFile(yaml: FileText.read(path), file: path)
        } catch {
            guard error.kind == .invalid else { throw error }
            // All that is wrong: no other command lists what is in a sweep's file.
            throw Failure(.badData, error.description)
        }
        file.sceneChecksum = try LoadedScene(named: file.scene).checksum
        self.file = file
        // What goes on was tried out when it began.
        if (try? folder.begun())?.yaml != file.yaml { try rehearse(path) }
    }

    /// All checks of the trials that need no training.
    ///
    /// The first values of all parameters are tried together, then each other value in place of the first: as with a person's
    /// flags, what a value cannot be together with another one is found out only by the trial.
    private func rehearse(_ path: String) throws {
        let usual = file.parameters.map { Setting.Entry(key: $0.key, value: $0.probes[0]) }
        let first = try run(usual, path)
        let every = first.recipe.evaluation.every
        guard file.pruning == nil || every < file.steps else {
            throw Failure(
                .badData,
                "\(path): pruning: a run of \(file.steps) steps is evaluated at its end alone, since evaluate.every is \(every); write more steps, or set: {evaluate.every: \(max(file.steps / 5, 1))}"
            )
        }
        first.printNotes()
        for (index, parameter) in file.parameters.enumerated() {
            for probe in parameter.probes.dropFirst() {
                var settings = usual
                settings[index].value = probe
                _ = try run(settings, path)
            }
        }
    }

    /// A run of these settings; what a flag is refused for is said of the line of the file.
    private func run(_ settings: [Setting.Entry], _ path: String) throws -> PlannedRun {
        do {
            return try PlannedRun(
                TrainCommand.parse(
                    file.arguments(settings, seed: file.seeds[0]) + ["--output", "/nonexistent/sweep"]))
        } catch let error as DescriptionError {
            throw DescriptionError(error.kind, error.diagnostics.map { moved($0, to: path, settings) })
        }
    }

    /// What is said of a flag, said of the line that it comes from.
    private func moved(_ found: Diagnostic, to path: String, _ settings: [Setting.Entry]) -> Diagnostic {
        func isMeant(_ entry: Setting.Entry) -> Bool {
            found.file == "--set " + "\(entry.key)=\(entry.value.flowText)".shortened
        }
        guard let entry = (settings + file.fixed).last(where: isMeant) else { return found }
        let parameter = file.parameters.first { $0.key == entry.key }
        let place = found.path.isEmpty || found.path.hasSuffix(entry.key) ? "" : " (\(found.path))"
        var moved = found
        (moved.file, moved.line) = (path, parameter?.line ?? entry.value.line)
        (moved.path, moved.isOfFlag) = (
            "\(parameter == nil ? "set" : "parameters").\(entry.key)\(place)", false
        )
        return moved
    }

    /// Checks that the scene and its robot are what the sweep began with: a trial in another scene would be compared with what it is not.
    func checkScene() throws {
        guard try LoadedScene(named: file.scene).checksum != file.sceneChecksum else { return }
        throw Failure(
            .usage,
            "the scene \(file.scene) or its robot has changed while the sweep trained; undo that, then the same command continues"
        )
    }

    /// What a person types to train with a trial's settings.
    func command(_ result: TrialResult) -> String {
        let arguments = file.arguments(result.settings, seed: file.seeds[0])
        return "sinew train " + arguments.map(\.shellQuoted).joined(separator: " ")
    }
}
