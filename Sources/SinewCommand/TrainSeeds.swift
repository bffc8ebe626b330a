// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Environments
import Foundation
import Training

extension TrainCommand {
    /// Trains each seed in a process of its own.
    ///
    /// What one run would be refused for is refused before any is started, and leaves nothing behind.
    func train(_ seeds: [UInt64], in task: TaskFile) throws {
        let commands = seeds.map { seed in
            var one = self
            (one.seeds, one.seed, one.threads) = (nil, seed, 1)
            one.output = output.map { "\($0)/seed-\(seed)" }
            return one
        }
        let runs = try commands.map { try $0.rehearsed(for: task) }
        try checkAlike(runs)
        if let index = runs.firstIndex(where: \.isNew) {
            _ = try commands[index].makeTrainer(RunFolder(runs[index].folder), runs[index].recipe, task, nil)
        }

        StopSignal.listen()
        let workers = zip(seeds, runs).map { seed, run in
            SeedWorker(seed: seed, folder: run.folder, arguments: arguments(seed: seed, folder: run.folder))
        }
        let training = SeedTraining(
            workers, slots: ProcessInfo.processInfo.activeProcessorCount, steps: runs[0].recipe.agent.steps)
        if let signal = training.run() {
            let words = CommandLine.arguments.dropFirst().filter { $0 != "--resume" } + ["--resume"]
            printError("stopped; go on with: sinew \(words.map(\.shellQuoted).joined(separator: " "))")
            throw ExitCode(max(training.exitCode, 128 + signal))
        }
        try report(training, runs.map(\.recipe))
        if training.exitCode != 0 { throw ExitCode(training.exitCode) }
    }

    /// What the run of one seed is, after all checks that need no training; a lock is not kept.
    private func rehearsed(for task: TaskFile) throws -> (folder: String, recipe: Recipe, isNew: Bool) {
        let (folder, recipe, isNew) = try prepared(for: task)
        if isNew { try folder.checkFree() }
        return (folder.path, recipe, isNew)
    }

    /// Seeds of one command differ in their seed alone: a new one does not join runs that were begun with other settings.
    private func checkAlike(_ runs: [(folder: String, recipe: Recipe, isNew: Bool)]) throws {
        func settings(_ recipe: Recipe) -> Recipe {
            var settings = recipe
            (settings.seed, settings.version, settings.commit) = (0, "", nil)
            return settings
        }
        guard let other = runs.first(where: { settings($0.recipe) != settings(runs[0].recipe) }) else {
            return
        }
        throw Failure(
            .usage,
            "\(other.folder): the settings of its run are not those of \(runs[0].folder); give --steps, --set and the other flags that the runs began with, or other seeds by a command of their own"
        )
    }

    /// The command line of one seed's process.
    private func arguments(seed: UInt64, folder: String) -> [String] {
        var arguments = [
            "train", "--seed=\(seed)", "--output=\(folder)", "--threads=1", "--json",
            "--watched-by=\(ProcessInfo.processInfo.processIdentifier)",
        ]
        if let algorithm { arguments.append("--algorithm=\(algorithm.name)") }
        if let steps { arguments.append("--steps=\(steps)") }
        if resume { arguments.append("--resume") }
        if let from { arguments.append("--from=\(from)") }
        if let untilReturn { arguments.append("--until-return=\(untilReturn)") }
        arguments += settings.map { "--set=\($0)" }
        return arguments + ["--", scene]
    }

    // MARK: How they ended

    /// What one seed came to: its own report, or how far it got.
    private struct SeedReport: Encodable {
        var report: Report
        var exitCode: Int32

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(exitCode, forKey: .exitCode)
        }

        private enum Key: CodingKey { case exitCode }
    }

    private func report(_ training: SeedTraining, _ recipes: [Recipe]) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let reports = recipes.compactMap { recipe -> SeedReport? in
            guard let (worker, code) = training.ended.first(where: { $0.worker.seed == recipe.seed }) else {
                return nil
            }
            let folder = RunFolder(worker.folder)
            let report =
                (try? decoder.decode(Report.self, from: worker.document))
                ?? Report(
                    scene: recipe.scene, algorithm: recipe.agent.algorithm.name, seed: recipe.seed,
                    steps: worker.progress?.steps ?? 0, seconds: worker.progress?.seconds ?? 0,
                    bestMeanReturn: worker.progress?.bestReturn, run: folder.path, policy: folder.bestPolicy)
            return SeedReport(report: report, exitCode: code)
        }
        if json { return try printJSON(reports) }
        for report in reports.filter({ $0.exitCode == 0 }).map(\.report) {
            guard let best = report.bestMeanReturn else { continue }
            print("seed \(report.seed): best mean return \(TrainingDisplay.short(best)): \(report.policy)")
        }
        let failed = reports.filter { $0.exitCode != 0 }.map { "\($0.report.seed)" }
        if !failed.isEmpty { printError("sinew: failed: seed \(failed.joined(separator: ", "))") }
        let best = reports.compactMap(\.report.bestMeanReturn)
        if best.count > 1, let summary = SeedSummary(best) {
            let words = [summary.median, summary.least, summary.greatest].map(TrainingDisplay.short)
            print("\(best.count) seeds: median best mean return \(words[0]) (\(words[1]) to \(words[2]))")
        }
    }
}
