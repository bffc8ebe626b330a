// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Settings
import Sweeps

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Train many runs of one task, and find the settings that learn best.",
        usage: "sinew sweep <file> [<options>]",
        discussion: """
            The file says what is tried:

              format: 1
              scene: pendulum
              steps: 20000
              parameters:
                sac.learning_rate: {from: 1e-4, to: 1e-2, log: true}
                sac.batch: [64, 128, 256]
              seeds: 2
              sampler: random
              trials: 20

            Samplers are grid and random, and with a Python that has Optuna: tpe, gp, qmc, cma-es. One trial is trained per core; each \
            is a folder of ordinary runs with a result.json. Stopped or killed anywhere, the same command goes on where it was, and \
            several of them may work in one folder. At the end report.html has curves, what mattered, and the best settings.
            """)

    @Argument(help: "The sweep's file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String
    @Option(help: "The sweep's folder (default: sweeps/NAME, by the file's name).", completion: .directory)
    var output: String?
    @Option(
        parsing: .unconditional, help: "Trials side by side (default: as many as there are cores).",
        transform: whole(1...1000))
    var jobs: Int?
    @Option(
        parsing: .unconditional, help: "Threads of each run, 1 to 16; the result is the same.",
        transform: whole(1...16))
    var threads = 1
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Train only the trials of one task of several, counted from 0; auto: what the scheduler says (Slurm, Kubernetes, Open MPI).",
            valueName: "number|auto"), transform: TaskIndex.init)
    var taskIndex: TaskIndex?
    @Option(
        parsing: .unconditional,
        help:
            "How many tasks share the trials; task I has I, I + COUNT and so on (default: one for each trial, with Open MPI its ranks).",
        transform: whole(1...100_000))
    var taskCount: Int?
    @OptionGroup(title: "On a cluster") var cluster: ClusterOptions
    @Flag(help: "Print one JSON document with the trials, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if taskCount != nil, taskIndex == nil, !cluster.slurm {
            throw ValidationError("--task-count goes with --task-index or --slurm")
        }
        if taskIndex != nil, cluster.slurm || cluster.kubernetes != nil {
            throw ValidationError(
                "--task-index is for the tasks that --slurm and --kubernetes start; leave it out")
        }
        if output == "" { throw ValidationError("--output is empty; name a folder") }
        try cluster.validate()
    }

    func run() throws {
        let plan = try SweepPlan(file, output: output)
        if let manifest = cluster.kubernetes { return try write(manifest, plan) }
        let trials = try trials(of: plan)
        let following = cluster.slurm ? try SlurmFollowing(self, plan) : nil
        StopSignal.listen()
        try plan.folder.begin(plan.file)
        if let following { return try report(plan, write(following.run(), plan)) }
        let work = try SweepWork(
            plan, trials: trials,
            jobs: jobs ?? max(ProcessInfo.processInfo.activeProcessorCount / threads, 1),
            threads: threads)
        let signal = try work.run()
        let results = try write(work.results, plan)
        if let signal {
            printError("stopped; the same command continues")
            throw ExitCode(128 + signal)
        }
        if let code = work.codes.max() {
            printError(
                "sinew: \(counted(work.codes.count, "trial")) ended without a result; the same command continues them"
            )
            throw ExitCode(code)
        }
        try report(plan, results)
    }

    /// Writes the report; the results in their order.
    private func write(_ results: [Int: TrialResult], _ plan: SweepPlan) throws -> [TrialResult] {
        let results = results.values.sorted { $0.trial < $1.trial }
        // Of several tasks the last one draws what all of them did.
        if taskIndex == nil || results.count == plan.file.trialCount {
            let page = SweepReport(name: plan.name, plan.file, results, command: plan.command)
            try plan.folder.write(page.html, to: plan.folder.report)
        }
        return results
    }

    private func write(_ manifest: String, _ plan: SweepPlan) throws {
        let job = KubernetesJob(
            name: plan.name, file: String(decoding: try FileText.read(file), as: UTF8.self),
            trials: plan.file.trialCount,
            parallelism: min(jobs ?? plan.file.trialCount, plan.file.trialCount),
            threads: threads, image: cluster.image ?? "", volumeClaim: cluster.volumeClaim ?? "")
        try OutputFile(manifest, replacing: cluster.force).write(Array(job.yaml.utf8))
        if plan.file.scene.contains("/") {
            printError("note: the scene \(plan.file.scene) must be there in the image \(job.image)")
        }
        print("wrote \(manifest); start it by: kubectl apply -f \(manifest.shellQuoted)")
    }

    /// The trials that this process trains.
    private func trials(of plan: SweepPlan) throws -> [Int] {
        let all = plan.file.trialCount
        guard let taskIndex else { return Array(0..<all) }
        let count = taskCount ?? taskIndex.count ?? all
        guard taskIndex.index < count else {
            throw Failure(
                .usage,
                "--task-index \(taskIndex.index): there are \(count) tasks, counted from 0; allowed: 0 to \(count - 1)"
            )
        }
        return Array(stride(from: taskIndex.index, to: all, by: count))
    }

    // MARK: How it ended

    private struct Report: Encodable {
        struct Trial: Encodable {
            var trial: Int
            var state: String
            var value: Double?
            var steps: Int
            var parameters: [String: String]
        }
        var sweep: String
        var report: String
        var trials: [Trial]
        var best: Int?
        var command: String?
    }

    private func report(_ plan: SweepPlan, _ results: [TrialResult]) throws {
        let ranked = plan.file.ranked(results)
        if json {
            let trials = results.map { result in
                Report.Trial(
                    trial: result.trial, state: result.state.rawValue,
                    value: result.value(plan.file.objective),
                    steps: result.steps,
                    parameters: Dictionary(
                        result.settings.map { ($0.key, $0.value.flowText) }, uniquingKeysWith: { $1 }))
            }
            return try printJSON(
                Report(
                    sweep: plan.folder.path, report: plan.folder.report, trials: trials,
                    best: ranked.first?.trial,
                    command: ranked.first.map(plan.command)))
        }
        guard taskIndex == nil else { return }
        for result in ranked.prefix(5) {
            let trial = Trial(number: result.trial, settings: result.settings)
            let value = result.value(plan.file.objective)?.asReturn ?? ""
            print("trial \(result.trial): \(plan.file.objective.rawValue) return \(value): \(trial.words)")
        }
        if let best = ranked.first { print("the best again: \(plan.command(best))") }
        print("report: \(plan.folder.report)")
    }
}
