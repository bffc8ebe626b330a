// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Processes
import Sweeps
import Training

/// A sweep that Slurm trains: its job array is submitted and followed, and again for what it left, until all trials have a result.
struct SlurmFollowing {
    private let plan: SweepPlan
    private let tasks: Int
    private let atOnce: Int?
    private let threads: Int
    private let command: [String]
    private let options: [String]
    private let (sbatch, squeue): (Program, Program)
    private let display: SweepDisplay

    init(_ sweep: SweepCommand, _ plan: SweepPlan) throws {
        guard let sbatch = Program("sbatch"), let squeue = Program("squeue") else {
            throw Failure(
                .missingProgram,
                "--slurm: there is no sbatch and squeue in PATH; on Debian they are in the package slurm-client"
            )
        }
        (self.sbatch, self.squeue, self.plan) = (sbatch, squeue, plan)
        (tasks, atOnce, threads) = (sweep.taskCount ?? plan.file.trialCount, sweep.jobs, sweep.threads)
        options = sweep.cluster.sbatch
        command =
            [Bundle.main.executablePath ?? CommandLine.arguments[0], "sweep", sweep.file]
            + ["--output", plan.folder.path, "--task-index", "auto", "--task-count", "\(tasks)"]
            + ["--jobs", "1", "--threads", "\(threads)"]
        display = SweepDisplay(total: plan.file.trialCount, cared: plan.file.trialCount)
    }

    private var folder: String { "\(plan.folder.path)/slurm" }
    /// The number of the job that was submitted last.
    private var memo: String { "\(folder)/job" }

    /// Follows until all trials have a result, and returns these.
    func run() throws -> [Int: TrialResult] {
        try Folder.make(folder)
        var results: [Int: TrialResult] = [:]
        var before: Int?
        while true {
            try look(&results)
            let left = (0..<plan.file.trialCount).filter { results[$0] == nil }
            if left.isEmpty { return results }
            if let job = try current() {
                try follow(job, &results)
                continue
            }
            // A job of which nothing came will not do better a second time.
            let progress = progress(results)
            if progress == before {
                throw Failure(
                    .inputOutput,
                    "\(folder): the job ended without any progress; its logs are there, `sacct` may say more")
            }
            before = progress
            let job = try submit(Set(left.map { $0 % tasks }).sorted())
            printError("submitted job \(job): \(counted(left.count, "trial")), messages in \(folder)")
        }
    }

    private func submit(_ tasks: [Int]) throws -> String {
        let script = SlurmScript(
            tasks: tasks, atOnce: atOnce, name: plan.name, logs: folder, threads: threads,
            command: command.map(\.shellQuoted).joined(separator: " "))
        let path = "\(folder)/array.sh"
        try AtomicFile.write(Array(script.text.utf8), to: path)
        let told = try call(sbatch, ["--parsable"] + script.options + options + [path])
        // "12" or "12;cluster".
        let job = String(told.split(separator: "\n").last?.prefix { $0.isNumber } ?? "")
        guard !job.isEmpty else {
            throw Failure(.inputOutput, "sbatch tells no number of a job: \(told.prefix(200))")
        }
        try AtomicFile.write(Array(job.utf8), to: memo)
        return job
    }

    /// The job that was submitted last, while Slurm has it.
    private func current() throws -> String? {
        guard let bytes = try FileBytes.readIfThere(memo) else { return nil }
        let job = String(decoding: bytes, as: UTF8.self)
        return try isActive(job) ? job : nil
    }

    /// Whether a job waits or works; Slurm may not answer for a while.
    private func isActive(_ job: String) throws -> Bool {
        for attempt in 0... {
            do {
                return try !squeue.run(["--noheader", "--jobs", job, "--format", "%T"]).isEmpty
            } catch {
                // Slurm forgets a job some minutes after its end.
                if error.description.contains("Invalid job id") { return false }
                guard attempt < 12 else { throw Failure(.inputOutput, error.description) }
                sleep(5)
            }
        }
        return false
    }

    private func follow(_ job: String, _ results: inout [Int: TrialResult]) throws {
        while try isActive(job) {
            for _ in 0..<10 {
                usleep(200_000)
                guard let signal = StopSignal.current else { continue }
                display.clear()
                printError("job \(job) goes on; the same command follows it again, `scancel \(job)` ends it")
                throw ExitCode(128 + signal)
            }
            try look(&results)
            display.show(results, shares: [], waiting: plan.file.trialCount - results.count)
        }
        display.clear()
    }

    private func look(_ results: inout [Int: TrialResult]) throws {
        for number in 0..<plan.file.trialCount where results[number] == nil {
            guard let result = try plan.folder.result(number) else { continue }
            results[number] = result
            display.ended(result, plan.file)
        }
    }

    /// A number that grows with what is done.
    private func progress(_ results: [Int: TrialResult]) -> Int {
        let left = (0..<plan.file.trialCount).filter { results[$0] == nil }
        return left.reduce(results.count) { sum, number in
            plan.file.seeds.reduce(sum) {
                $0 + RunStatus(of: RunFolder(plan.folder.run(number, seed: $1))).steps
            }
        }
    }

    private func call(_ program: Program, _ arguments: [String]) throws -> String {
        do {
            return try program.run(arguments)
        } catch {
            throw Failure(.inputOutput, error.description.split(separator: "\n").joined(separator: "; "))
        }
    }
}
