// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// Signals, and going on after them.
struct InterruptionTests {
    /// Steps that take a second or two, so that there is something to interrupt.
    private static let steps = 60_000
    private static let long = Runs.arguments(steps: steps) + ["--set", "evaluate.every=5000"]

    /// A run of these steps that nobody interrupted.
    private static let whole = Result { () throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        let outcome = try sinew(long + ["--output", "run"], in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return folder
    }

    private func waitUntil(_ process: SinewProcess, _ condition: () -> Bool) throws {
        while !condition() {
            try #require(process.isRunning, "it ended too early")
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    private func checkpoints(_ folder: TemporaryFolder, of run: String = "run") -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder["\(run)/checkpoints"])
        return (names ?? []).filter { $0.hasPrefix("step-") }.sorted()
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func `a signal writes a checkpoint, says how to go on, and the resumed run has the same bytes`(
        signal: Int32, code: Int32
    ) throws {
        let folder = try TemporaryFolder()
        let process = try SinewProcess(Self.long + ["--output", "my run", "--json"], in: folder.path)
        // Past the warm-up: episodes are 200 steps.
        try waitUntil(process) {
            let log = try? String(contentsOfFile: folder["my run/progress.csv"], encoding: .utf8)
            return log.map { $0.split(separator: "\n").count > 7 } ?? false
        }
        process.send(signal)
        let outcome = try process.wait()
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let last = try #require(outcome.errorLines.last)
        let step = try #require(last.wholeMatch(of: /stopped at step (\d+); continue with: sinew (.*)/))
        let newest = try #require(checkpoints(folder, of: "my run").last)
        #expect(newest.hasSuffix(String(repeating: "0", count: 9 - step.1.count) + step.1))
        #expect(!FileManager.default.fileExists(atPath: folder["my run/last.safetensors"]))

        // The words it says are the ones to type.
        #expect(step.2.contains("'my run'"))
        let words = step.2.replacing("'my run'", with: "my+run").split(separator: " ").map {
            $0 == "my+run" ? "my run" : String($0)
        }
        let resumed = try sinew(words, in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try Runs.Leavings(folder["my run"]) == Runs.Leavings(Self.whole.get()["run"]))
    }

    @Test func `a run killed again and again ends with the bytes of one never stopped`() throws {
        let folder = try TemporaryFolder()
        let arguments = Self.long + ["--output", "run", "--resume"]
        // Before anything is written, then around checkpoints.
        for delay in [0.0, 0.01] {
            let process = try SinewProcess(arguments, in: folder.path)
            Thread.sleep(forTimeInterval: delay)
            process.send(SIGKILL)
            #expect(try process.wait().signal == SIGKILL)
        }
        for round in 0..<3 {
            let before = checkpoints(folder).last
            let process = try SinewProcess(arguments, in: folder.path)
            while process.isRunning, checkpoints(folder).last == before || checkpoints(folder).isEmpty {
                Thread.sleep(forTimeInterval: 0.0005)
            }
            process.send(SIGKILL)
            let outcome = try process.wait()
            // Only the last one may find the run at its end.
            if round < 2 { #expect(outcome.signal == SIGKILL) }
        }
        let outcome = try sinew(arguments, in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try Runs.Leavings(folder["run"]) == Runs.Leavings(Self.whole.get()["run"]))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder["run/checkpoints"])
        #expect(left.count == 2 && left.allSatisfy { $0.hasPrefix("step-") })
        #expect(left.contains("step-0000\(Self.steps)"))
    }

    @Test func `two processes do not train in the same run`() throws {
        let folder = try TemporaryFolder()
        let process = try SinewProcess(
            Runs.arguments(steps: 10_000_000) + ["--output", "run"], in: folder.path)
        try waitUntil(process) { FileManager.default.fileExists(atPath: folder["run/progress.csv"]) }
        expectFailure(
            73, "another process",
            from: try sinew("train", "pendulum", "--output", "run", "--resume", in: folder))
        expectFailure(73, "run", from: try sinew("train", "pendulum", "--output", "run", in: folder))
        #expect(process.isRunning)
        process.send(SIGTERM)
        #expect(try process.wait().code == 143)
        // Steps that grow write run.yaml anew: the lock must outlive that.
        let second = try SinewProcess(
            ["train", "pendulum", "--output", "run", "--resume", "--steps", "20000000"], in: folder.path)
        try waitUntil(second) {
            let recipe = try? String(contentsOfFile: folder["run/run.yaml"], encoding: .utf8)
            return recipe?.contains("20000000") ?? false
        }
        expectFailure(
            73, "another process",
            from: try sinew("train", "pendulum", "--output", "run", "--resume", in: folder))
        second.send(SIGINT)
        #expect(try second.wait().code == 130)
    }

    @Test func `what a resumed run may not change is refused, and nothing is touched`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        let before = folder.files()
        for (extra, name) in [
            (["--steps", "599"], "--steps cannot be reduced below 600"),
            (["--seed", "1"], "seed cannot become 1"),
            (["--until-return", "0"], "until_return"), (["--algorithm", "dqn"], "algorithm"),
            (["--set", "sac.batch=17"], "train.sac.batch cannot become 17, run.yaml has 16"),
            (["--set", "evaluate.every=7"], "evaluate.every"),
            (["--from", "run/best.safetensors"], "from cannot become"),
        ] {
            let arguments = ["train", "pendulum", "--output", "run", "--resume"] + extra
            expectFailure(64, name, "run.yaml", from: try sinew(arguments, in: folder))
        }
        // What is said again unchanged is no change, wherever else the run differs from the defaults.
        for extra in [
            ["--seed", "0"], ["--steps", "600"], ["--set", "sac.batch=16"], ["--set", "evaluate.episodes=2"],
        ] {
            let outcome = try sinew(["train", "pendulum", "--output", "run", "--resume"] + extra, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("nothing was changed"))
        }
        #expect(folder.files() == before)
    }

    @Test func `a run whose steps grow has the last policy of one that had them at once`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        let grown = try sinew(
            "train", "pendulum", "--output", "run", "--resume", "--steps", "900", in: folder)
        #expect(grown.code == 0, "\(grown.errors)")
        let whole = try sinew(Runs.arguments(steps: 900) + ["--output", "whole"], in: folder)
        #expect(whole.code == 0, "\(whole.errors)")
        #expect(try Runs.Leavings(folder["run"]) == Runs.Leavings(folder["whole"]))
    }
}
