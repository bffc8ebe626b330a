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
        var file = try SweepFile(yaml: FileText.read(path), file: path)
        file.sceneChecksum = try Self.rehearsed(file, path)
        self.file = file
    }

    /// The checksum of the scene and its robot, after all checks that need no training.
    ///
    /// The first values of all parameters are tried together, then each other value in place of the first: as with a person's
    /// flags, what a value cannot be together with another one is found out only by the trial.
    private static func rehearsed(_ file: SweepFile, _ path: String) throws -> String {
        let usual = file.parameters.map { Setting.Entry(key: $0.key, value: $0.probes[0]) }
        let first = try plan(file, path, usual, in: file.parameters)
        if let every = Optional(first.recipe.evaluation.every), every > file.steps {
            throw Failure(
                .badData,
                "\(path): steps: a run of \(file.steps) steps has no evaluation, of which there is one every \(every); write more steps, or set: {evaluate.every: \(max(file.steps / 5, 1))}"
            )
        }
        for (index, parameter) in file.parameters.enumerated() {
            for probe in parameter.probes.dropFirst() {
                var settings = usual
                settings[index].value = probe
                _ = try plan(file, path, settings, in: [parameter])
            }
        }
        return try LoadedScene(named: file.scene).checksum
    }

    /// A run of these settings; what a flag is refused for is said of the line of the file.
    private static func plan(
        _ file: SweepFile, _ path: String, _ settings: [Setting.Entry], in parameters: [Parameter]
    ) throws -> PlannedRun {
        do {
            return try PlannedRun(
                TrainCommand.parse(
                    file.arguments(settings, seed: file.seeds[0]) + ["--output", "/nonexistent/sweep"]))
        } catch let error as DescriptionError {
            throw DescriptionError(
                error.kind,
                error.diagnostics.map { found in
                    var found = found
                    guard found.file.hasPrefix("--set ") else { return found }
                    let key = found.file.dropFirst("--set ".count).prefix { $0 != "=" }
                    let parameter =
                        parameters.first { $0.key == key } ?? file.parameters.first { $0.key == key }
                    found.message =
                        "\(found.path.isEmpty || found.path == key ? key : "\(key) (\(found.path))"): \(found.message)"
                    (found.file, found.path, found.line) = (
                        path, parameter == nil ? "set" : "parameters", parameter?.line
                    )
                    found.isOfFlag = false
                    return found
                })
        }
    }

    /// What a person types to train with a trial's settings.
    func command(_ result: TrialResult) -> String {
        let arguments = file.arguments(result.settings, seed: file.seeds[0])
        return "sinew train " + arguments.map(\.shellQuoted).joined(separator: " ")
    }
}
