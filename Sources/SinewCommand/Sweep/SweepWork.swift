// SPDX-License-Identifier: MIT

import Files
import Foundation
import Sweeps

/// Trains the trials of a sweep, as many side by side as it may, beside other processes that do the same in its folder.
final class SweepWork {
    private let plan: SweepPlan
    private let jobs: Int
    private let threads: Int
    private let study: OptunaStudy?
    private let display: SweepDisplay
    /// The trials that this process cares for and that have no result yet, in their order.
    private var waiting: [Int]
    private var working: [TrialWork] = []
    private(set) var results: [Int: TrialResult] = [:]
    /// The exit codes of processes that ended without a result.
    private(set) var codes: [Int32] = []
    private var signal: Int32?
    private var refreshed = ContinuousClock.now
    private var looked = ContinuousClock.now - .seconds(60)

    init(_ plan: SweepPlan, trials: [Int], jobs: Int, threads: Int) throws {
        (self.plan, self.jobs, self.threads) = (plan, max(jobs, 1), threads)
        waiting = trials
        study = plan.file.sampler.isOptunas ? try OptunaStudy(plan.file, plan.folder, name: plan.name) : nil
        display = SweepDisplay(total: plan.file.trialCount, cared: trials.count)
    }

    /// Trains until all have a result, or a signal asks to stop; returns the signal.
    func run() throws -> Int32? {
        try look()
        looked = .now - .seconds(60)
        while !waiting.isEmpty || !working.isEmpty {
            forwardSignal()
            refreshClaims()
            if signal == nil { try startSome() }
            if signal != nil, working.isEmpty { break }
            try takeIn()
            try advance()
            display.show(results, shares: working.map(\.share), waiting: waiting.count)
        }
        display.clear()
        if signal == nil {
            try look()
            try study?.ask(nil, telling: Array(results.values), while: { StopSignal.current == nil })
        }
        return signal
    }

    /// Takes in what other processes finished.
    private func look() throws {
        looked = .now
        for number in 0..<plan.file.trialCount where results[number] == nil {
            results[number] = try plan.folder.result(number)
        }
        waiting.removeAll { results[$0] != nil }
    }

    private func startSome() throws {
        // Others are not asked all the time what they have finished.
        guard working.count < jobs, !waiting.isEmpty, .now - looked > .seconds(2) else { return }
        try look()
        for number in waiting where working.count < jobs {
            let path = plan.folder.trial(number)
            try Folder.make(path)
            guard let claim = try Claim(Folder(path)) else { continue }
            // Another process may have finished it before this one had the claim.
            if let result = try plan.folder.result(number) {
                results[number] = result
                try claim.remove()
                continue
            }
            let told = Array(results.values)
            guard
                let trial = try plan.file.trial(number)
                    ?? study?.ask(number, telling: told, while: { isToWait(with: claim) })
            else {
                try claim.release()
                break
            }
            working.append(TrialWork(trial, plan, claim, threads: threads))
            display.began(trial)
        }
        waiting.removeAll { number in results[number] != nil || working.contains { $0.trial.number == number }
        }
    }

    private func forwardSignal() {
        guard signal == nil, let received = StopSignal.current else { return }
        signal = received
        for work in working { work.stop(received) }
    }

    private func refreshClaims() {
        guard .now - refreshed > .seconds(Claim.interval) else { return }
        refreshed = .now
        for work in working where work.claimIsHeld { work.refresh() }
        for work in working where !work.claimIsHeld {
            work.abandon()
            display.print("another process has taken it up", trial: work.trial.number)
            waiting.append(work.trial.number)
        }
        working.removeAll { waiting.contains($0.trial.number) }
    }

    /// Whether Optuna is still waited for, where no signal has come; it may take minutes, and the claims are refreshed meanwhile.
    private func isToWait(with claim: Claim) -> Bool {
        if .now - refreshed > .seconds(Claim.interval) {
            refreshed = .now
            try? claim.refresh()
            for work in working where work.claimIsHeld { work.refresh() }
        }
        return StopSignal.current == nil
    }

    /// Waits a moment for what the processes write, and takes it in.
    private func takeIn() throws {
        // Trials are given up by what other processes finish, too.
        if plan.file.pruning != nil, .now - looked > .seconds(5) { try look() }
        let others = Array(results.values)
        var descriptors = working.flatMap(\.descriptors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard unsafe poll(&descriptors, nfds_t(descriptors.count), 100) > 0 else { return }
        for descriptor in descriptors where descriptor.revents != 0 {
            for work in working where work.descriptors.contains(descriptor.fd) {
                try work.read(descriptor.fd, others)
            }
        }
    }

    private func advance() throws {
        let others = Array(results.values)
        working = try working.filter { work in
            switch try work.advance(others) {
            case .working: return true
            case .done(let result):
                results[result.trial] = result
                display.ended(result, plan.file)
            case .left(let code):
                codes.append(code)
                if signal == nil {
                    display.print(
                        work.problem ?? "its process ended with code \(code)", trial: work.trial.number)
                }
            case .lost: waiting.append(work.trial.number)
            }
            looked = .now - .seconds(60)
            return false
        }
    }
}
