// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Foundation
import Training

extension TrainCommand {
    /// The command that trains one of the seeds.
    func one(of seed: UInt64) -> TrainCommand {
        var one = self
        (one.seeds, one.ofSeeds, one.seed, one.threads, one.json) = (nil, nil, seed, 1, true)
        one.output = output.map { "\($0)/seed-\(seed)" }
        return one
    }

    /// Trains each seed in a process of its own.
    ///
    /// What one run would be refused for is refused before any is started, and leaves nothing behind.
    func train(_ seeds: [UInt64]) throws {
        let plans = try rehearsed(seeds)
        StopSignal.listen()
        printError(
            "\(PlannedRun.title(of: plans[0].recipe)), \(counted(plans.count, "seed")), into \(plans[0].folder.path) and others"
        )
        let workers = plans.map { plan in
            SeedWorker(
                seed: plan.recipe.seed, folder: plan.folder.path, arguments: Self.arguments(plan.recipe.seed))
        }
        let training = SeedTraining(
            workers, slots: ProcessInfo.processInfo.activeProcessorCount, steps: plans[0].recipe.agent.steps)
        if let signal = training.run() {
            let words = CommandLine.arguments.dropFirst().filter { $0 != "--resume" } + ["--resume"]
            printError("stopped; continue with: sinew \(words.map(\.shellQuoted).joined(separator: " "))")
            throw ExitCode(max(training.exitCode, 128 + signal))
        }
        try report(training, plans.map(\.recipe))
        if training.exitCode != 0 { throw ExitCode(training.exitCode) }
    }

    /// What the runs are, after all checks that need no training; the locks of those that go on are not kept.
    private func rehearsed(_ seeds: [UInt64]) throws -> [(folder: RunFolder, recipe: Recipe)] {
        var (first, new): (PlannedRun?, PlannedRun?)
        // One run at a time is open: there may be more of them than a process may have files.
        let plans = try seeds.map { seed in
            let run = try PlannedRun(one(of: seed))
            if run.isNew { try run.folder.checkFree() }
            first = first ?? run
            if run.isNew { new = new ?? run }
            return (folder: RunFolder(run.folder.path), recipe: run.recipe)
        }
        try checkAlike(plans)
        first?.printNotes()
        if let new { _ = try makeTrainer(new, nil) }
        return plans
    }

    /// The command line of one seed's process: this one's, with its seed.
    private static func arguments(_ seed: UInt64) -> [String] {
        ["train", "--of-seeds=\(seed)", "--watched-by=\(ProcessInfo.processInfo.processIdentifier)"]
            + CommandLine.arguments.dropFirst(2)
    }

    /// Seeds of one command differ in their seed alone: a new one does not join runs that were begun with other settings.
    private func checkAlike(_ runs: [(folder: RunFolder, recipe: Recipe)]) throws {
        func settings(_ recipe: Recipe) -> Recipe {
            var settings = recipe
            (settings.seed, settings.version, settings.commit) = (0, "", nil)
            return settings
        }
        guard let first = runs.first,
            let other = runs.first(where: { settings($0.recipe) != settings(first.recipe) })
        else { return }
        throw Failure(
            .usage,
            "\(other.folder.path): the settings of its run are not those of \(first.folder.path); give --steps, --set and the other flags that the runs began with, or other seeds by a command of their own"
        )
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
        let reports = recipes.compactMap { recipe -> SeedReport? in
            guard let (worker, code) = training.ended.first(where: { $0.worker.seed == recipe.seed }) else {
                return nil
            }
            return SeedReport(report: Self.report(of: worker, recipe), exitCode: code)
        }
        if json { return try printJSON(reports) }
        for report in reports.filter({ $0.exitCode == 0 }).map(\.report) {
            guard let best = report.bestMeanReturn else { continue }
            print("seed \(report.seed): best mean return \(best.asReturn): \(report.policy)")
        }
        let failed = reports.filter { $0.exitCode != 0 }.map { "\($0.report.seed)" }
        if !failed.isEmpty { printError("sinew: failed: seed \(failed.joined(separator: ", "))") }
        let best = reports.compactMap(\.report.bestMeanReturn)
        if best.count > 1, let summary = SeedSummary(best) {
            let words = [summary.median, summary.least, summary.greatest].map(\.asReturn)
            print("\(best.count) seeds: median best mean return \(words[0]) (\(words[1]) to \(words[2]))")
        }
    }

    /// What a process told at its end, or how far it got.
    private static func report(of worker: SeedWorker, _ recipe: Recipe) -> Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        if let told = try? decoder.decode(Report.self, from: worker.document) { return told }
        return Report(
            scene: recipe.scene, algorithm: recipe.agent.algorithm.name, seed: recipe.seed,
            steps: worker.progress?.steps ?? 0, seconds: worker.progress?.seconds ?? 0,
            bestMeanReturn: worker.progress?.bestReturn, run: worker.folder,
            policy: RunFolder(worker.folder).bestPolicy)
    }
}
