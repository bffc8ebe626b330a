// SPDX-License-Identifier: MIT

import Files
import Foundation
import Processes
import Sweeps
import Training

/// A trial at work in this process: its claim, and the `sinew train` of one seed after the other.
final class TrialWork {
    enum Step {
        /// It goes on.
        case working
        /// It is at its end, and its result is written.
        case done(TrialResult)
        /// Its process ended by no fault of its settings: there is no result, and the same command goes on from its checkpoint.
        case left(code: Int32)
        /// Another process took it for left behind, and has it now.
        case lost
    }

    let trial: Trial
    private let plan: SweepPlan
    private let threads: Int
    private let claim: Claim
    private var worker: SeedWorker?
    /// The results of the seeds before the one at work.
    private var runs: [RunResult] = []
    /// The run at work was told to stop: others were better.
    private var pruned: RunResult?
    private var wasStopped = false
    private var hasFailed = false
    /// What its process said of why it ended, or the last that it said.
    private(set) var problem: String?

    init(_ trial: Trial, _ plan: SweepPlan, _ claim: Claim, threads: Int) {
        (self.trial, self.plan, self.claim, self.threads) = (trial, plan, claim, threads)
    }

    private var seed: UInt64 { plan.file.seeds[runs.count] }
    private var run: String { plan.folder.run(trial.number, seed: seed) }
    var descriptors: [Int32] { worker?.descriptors ?? [] }
    var claimIsHeld: Bool { (try? claim.isHeld()) ?? true }

    /// How much of the trial is done, from 0 to 1.
    var share: Double {
        let steps = worker?.progress.map { Double($0.steps) / Double(max($0.totalSteps, 1)) } ?? 0
        return (Double(runs.count) + min(steps, 1)) / Double(plan.file.seeds.count)
    }

    func refresh() { try? claim.refresh() }

    /// Asks its process to write a checkpoint and end.
    func stop(_ signal: Int32) {
        wasStopped = true
        worker?.send(signal == SIGPIPE ? SIGTERM : signal)
    }

    /// Goes on: starts the next process, takes in what the last one came to.
    ///
    /// - Parameter others: the results of other trials, for pruning.
    /// - Returns: whether it goes on, and else how it ended.
    /// - Throws: where a log or the claim cannot be read or written, or the scene has changed.
    func advance(_ others: [TrialResult]) throws -> Step {
        guard let worker else { return wasStopped ? try leave(128 + SIGTERM) : try start() }
        guard worker.hasEnded else { return .working }
        let code = worker.wait()
        self.worker = nil
        // The log of one that was killed may end amid its first line, which the next process puts right.
        if pruned == nil, code == 0 { try review(others) }
        if let pruned { return try finish(.pruned, runs + [pruned]) }
        switch code {
        case 0:
            let result = try RunResult(seed: seed, run: run)
            guard !result.evaluations.isEmpty else {
                return try finish(
                    .failed, runs + [result], problem: "\(run): no evaluation is left in its log")
            }
            runs.append(result)
            return runs.count == plan.file.seeds.count ? try finish(.finished, runs) : .working
        // What depends on its settings alone ends the same each time.
        case Failure.Code.usage.rawValue, Failure.Code.badData.rawValue,
            Failure.Code.diverged.rawValue
        where !worker.wasKilled:
            let result =
                (try? RunResult(seed: seed, run: run)) ?? RunResult(seed: seed, evaluations: [], seconds: 0)
            return try finish(.failed, runs + [result], problem: problem)
        default: return try leave(code)
        }
    }

    /// Takes in what its process wrote; where it was evaluated, the trial may be given up.
    func read(_ descriptor: Int32, _ others: [TrialResult]) throws {
        guard let worker else { return }
        for line in worker.read(from: descriptor) {
            if line.hasPrefix(SeedProgress.evaluationMark) {
                if pruned == nil { try review(others) }
            } else {
                let head = "sinew: "
                // What is said after it is how to see more.
                if line.hasPrefix(head) {
                    problem = String(line.dropFirst(head.count))
                    hasFailed = true
                } else if !hasFailed {
                    problem = line
                }
            }
        }
    }

    private func review(_ others: [TrialResult]) throws {
        guard let pruning = plan.file.pruning else { return }
        let so = try RunResult(seed: seed, run: run)
        guard let end = MedianRule(pruning, steps: plan.file.steps).end(of: so, among: others) else { return }
        pruned = RunResult(seed: seed, evaluations: Array(so.evaluations.prefix(end)), seconds: so.seconds)
        worker?.send(SIGTERM)
    }

    private func start() throws -> Step {
        // The process of a sweep that was killed writes its checkpoint first.
        guard !RunFolder(run).isBusy else { return .working }
        try plan.checkScene()
        let arguments =
            ["train"] + plan.file.arguments(trial.settings, seed: seed)
            + ["--output", run, "--resume", "--json", "--threads", "\(threads)"]
            + ["--watched-by", "\(ProcessInfo.processInfo.processIdentifier)"]
        let worker = SeedWorker(seed: seed, folder: run, arguments: arguments)
        do {
            try worker.start()
        } catch {
            problem = "cannot be started: \(systemReason(error.code))"
            return try leave(Failure.Code.inputOutput.rawValue)
        }
        self.worker = worker
        return .working
    }

    private func finish(_ state: TrialResult.State, _ runs: [RunResult], problem: String? = nil) throws
        -> Step
    {
        guard claimIsHeld else { return .lost }
        let result = TrialResult(trial, state, runs, problem: problem)
        try plan.folder.write(result)
        try claim.remove()
        return .done(result)
    }

    private func leave(_ code: Int32) throws -> Step {
        try claim.release()
        return .left(code: code)
    }

    /// Ends its process at once: what it writes is another's now.
    func abandon() {
        worker?.send(SIGKILL)
        _ = worker?.wait()
        worker = nil
    }
}
