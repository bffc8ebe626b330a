// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// `sinew train --seeds`: several runs side by side, each as it would be alone.
struct SeedsTests {
    private let folder: TemporaryFolder
    /// Steps that take a second or two, so that there is something to interrupt.
    private static let long = Runs.arguments(steps: 20_000) + ["--set", "evaluate.every=5000"]

    init() throws { folder = try TemporaryFolder() }

    private func reports(_ outcome: SinewProcess.Outcome) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    }

    private func best(_ run: String) throws -> [UInt8] {
        try FileBytes.read(folder["\(run)/best.safetensors"])
    }

    @Test func `each seed has the bytes of its run alone, and the list names them in order`() throws {
        let outcome = try sinew(Runs.tiny + ["--seeds", "3,0-1", "--json"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let reports = try reports(outcome)
        #expect(reports.map { $0["seed"] as? Int } == [3, 0, 1])
        #expect(reports.allSatisfy { $0["exit_code"] as? Int == 0 && $0["steps"] as? Int == 600 })
        for report in reports {
            let run = try #require(report["run"] as? String)
            let seed = try #require(report["seed"] as? Int)
            #expect(run == "runs/pendulum-sac-\(seed)")
            let alone = try sinew(Runs.tiny + ["--seed", "\(seed)", "--output", "alone\(seed)"], in: folder)
            #expect(alone.code == 0)
            #expect(try Runs.Leavings(folder[run]) == Runs.Leavings(folder["alone\(seed)"]))
        }
        #expect(try best("alone0") != best("alone1"))
        #expect(outcome.errors.contains("seed 1: step 300: mean return"))
        #expect(!outcome.errors.contains("@progress"))
    }

    @Test func `without --json it ends with the policies and the median over the seeds`() throws {
        let outcome = try sinew(Runs.tiny + ["--seeds", "0-2", "--output", "three"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        for seed in 0...2 { #expect(outcome.output.contains("three/seed-\(seed)/best.safetensors")) }
        let pattern = /3 seeds: median best mean return (-\d+)\S* \((-\d+)\S* to (-\d+)\S*\)/
        let match = try #require(outcome.output.firstMatch(of: pattern))
        let numbers = try [match.1, match.2, match.3].map { try #require(Int($0)) }
        #expect(numbers[1] <= numbers[0] && numbers[0] <= numbers[2] && numbers[1] < numbers[2])
    }

    @Test func `one that fails does not keep the others from their ends`() throws {
        // A file stands where the folder of seed 1 should be made.
        try FileManager.default.createDirectory(atPath: folder["runs"], withIntermediateDirectories: false)
        try folder.write("mine", to: "runs/pendulum-sac-1")
        let outcome = try sinew(Runs.tiny + ["--seeds", "0-2", "--json"], in: folder)
        #expect(outcome.code == 73, "\(outcome.errors)")
        #expect(outcome.errors.contains("seed 1: runs/pendulum-sac-1: cannot be created"))
        #expect(try reports(outcome).map { $0["exit_code"] as? Int } == [0, 73, 0])
        #expect(try !best("runs/pendulum-sac-0").isEmpty && !best("runs/pendulum-sac-2").isEmpty)
        #expect(try String(contentsOfFile: folder["runs/pendulum-sac-1"], encoding: .utf8) == "mine")
    }

    @Test func `Ctrl-C stops all with checkpoints, and what it says to type goes on to the same bytes`()
        throws
    {
        let arguments = Self.long + ["--seeds", "0-1", "--output", "it's"]
        let process = try SinewProcess(arguments, in: folder.path)
        try waitUntil(process) { (0...1).allSatisfy { hasLearned("it's/seed-\($0)") } }
        process.send(SIGINT)
        let outcome = try process.wait()
        #expect(outcome.code == 130, "\(outcome.errors)")
        for seed in 0...1 {
            #expect(outcome.errors.contains(try Regex("seed \(seed): stopped at step \\d+\n")))
            #expect(!FileManager.default.fileExists(atPath: folder["it's/seed-\(seed)/last.safetensors"]))
        }
        let last = try #require(outcome.errorLines.last)
        #expect(last.hasPrefix("stopped; continue with: sinew train pendulum") && last.hasSuffix("--resume"))
        #expect(last.contains("--output 'it'\\''s'"))

        let resumed = try sinew(arguments + ["--resume"], in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
        for seed in 0...1 {
            let alone = try sinew(Self.long + ["--seed", "\(seed)", "--output", "alone\(seed)"], in: folder)
            #expect(alone.code == 0)
            #expect(try Runs.Leavings(folder["it's/seed-\(seed)"]) == Runs.Leavings(folder["alone\(seed)"]))
        }
        // Once finished, they are left as they are.
        let before = folder.files()
        let again = try sinew(arguments + ["--resume"], in: folder)
        #expect(again.code == 0 && again.errors.contains("nothing was changed"))
        #expect(folder.files() == before)
    }

    @Test func `what one run is refused for is said once, before any begins`() throws {
        for (code, mention, extra) in [
            (64, "--seeds", ["--seeds", ""]), (64, "--seeds", ["--seeds", "a"]),
            (64, "--seeds", ["--seeds", "4-0"]), (64, "--seeds", ["--seeds", "1-"]),
            (64, "--seeds", ["--seeds", "0,0"]), (64, "--seeds", ["--seeds", "0-1000"]),
            (64, "--seeds", ["--seeds", "0-18446744073709551615"]),
            (64, "--seed and --seeds", ["--seeds", "0-1", "--seed", "0"]),
            (64, "--threads", ["--seeds", "0-1", "--threads", "2"]),
            (64, "sac.batch", ["--seeds", "0-1", "--set", "sac.batch=0"]),
            (66, "absent", ["--seeds", "0-1", "--from", "absent"]),
        ] as [(Int32, String, [String])] {
            expectFailure(code, mention, from: try sinew(["train", "pendulum"] + extra, in: folder))
        }
        #expect(folder.files().isEmpty)
        try FileManager.default.createDirectory(atPath: folder["runs"], withIntermediateDirectories: false)
        try folder.copy(try Runs.finished.get()["run"], to: "runs/seed-1")
        let before = folder.files()
        expectFailure(
            73, "runs/seed-1", "--resume",
            from: try sinew(Runs.tiny + ["--seeds", "0-1", "--output", "runs"], in: folder))
        expectFailure(
            64, "seed cannot become 1", "run.yaml",
            from: try sinew(Runs.tiny + ["--seeds", "0-1", "--output", "runs", "--resume"], in: folder))
        #expect(folder.files() == before)
    }

    @Test func `a new seed does not join runs that began with other settings`() throws {
        let first = try sinew(Runs.tiny + ["--seeds", "0", "--output", "some"], in: folder)
        #expect(first.code == 0, "\(first.errors)")
        let before = folder.files()
        let more = ["--seeds", "0-1", "--output", "some", "--resume"]
        expectFailure(
            64, "some/seed-1", "some/seed-0", "--set",
            from: try sinew(["train", "pendulum"] + more, in: folder))
        #expect(folder.files() == before)
        let alike = try sinew(Runs.tiny + more, in: folder)
        #expect(alike.code == 0, "\(alike.errors)")
        #expect(try !best("some/seed-1").isEmpty)
    }

    #if os(Linux)
        @Test func `one that a signal kills leaves the others alone, and resumes`() throws {
            let arguments = Self.long + ["--seeds", "0-1", "--output", "runs"]
            let process = try SinewProcess(arguments, in: folder.path)
            try waitUntil(process) { (0...1).allSatisfy { hasLearned("runs/seed-\($0)") } }
            for child in children(of: process.identifier, with: "--of-seeds=1") { kill(child, SIGKILL) }
            let outcome = try process.wait()
            #expect(outcome.code == 128 + SIGKILL, "\(outcome.errors)")
            #expect(outcome.errors.contains("seed 1: its process was ended by signal 9"))
            #expect(FileManager.default.fileExists(atPath: folder["runs/seed-0/last.safetensors"]))
            #expect(!FileManager.default.fileExists(atPath: folder["runs/seed-1/last.safetensors"]))
            #expect(try sinew(arguments + ["--resume"], in: folder).code == 0)
            #expect(FileManager.default.fileExists(atPath: folder["runs/seed-1/last.safetensors"]))
        }

        @Test func `where the watching process is killed, the runs stop with a checkpoint`() throws {
            let endless = Runs.arguments(steps: 100_000_000) + ["--seeds", "0-1", "--output", "runs"]
            let process = try SinewProcess(endless, in: folder.path)
            try waitUntil(process) { (0...1).allSatisfy { hasLearned("runs/seed-\($0)") } }
            let workers = children(of: process.identifier, with: "--of-seeds=")
            #expect(workers.count == 2)
            process.send(SIGKILL)
            _ = try process.wait()
            var patience = 3000
            while workers.contains(where: { kill($0, 0) == 0 }), patience > 0 {
                Thread.sleep(forTimeInterval: 0.01)
                patience -= 1
            }
            #expect(patience > 0, "they train on")
            for worker in workers { kill(worker, SIGKILL) }
            let checkpoints = try FileManager.default.contentsOfDirectory(
                atPath: folder["runs/seed-1/checkpoints"])
            #expect(checkpoints.contains { $0.hasPrefix("step-") && $0 != "step-000000000" })
        }

        /// The processes that `parent` started with this word in their command lines.
        private func children(of parent: Int32, with word: String) -> [Int32] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { Int32($0) }.filter { process in
                let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
                // "pid (name) state ppid ...": the name may have any characters.
                let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
                guard fields.count > 1, Int32(fields[1]) == parent else { return false }
                let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))) ?? Data()
                return String(decoding: line, as: UTF8.self).contains(word)
            }
        }
    #endif

    private func waitUntil(_ process: SinewProcess, _ condition: () -> Bool) throws {
        while !condition() {
            try #require(process.isRunning, "it ended too early")
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    /// Whether a run is past its warm-up: episodes are 200 steps.
    private func hasLearned(_ run: String) -> Bool {
        let log = try? String(contentsOfFile: folder["\(run)/progress.csv"], encoding: .utf8)
        return log.map { $0.split(separator: "\n").count > 5 } ?? false
    }
}
