// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `sinew sweep`: many runs of one task, each as it would be alone, whatever happens to the processes.
struct SweepTests {
    private let folder: TemporaryFolder

    /// Four trials of two seeds, each a tenth of a second.
    private static let grid = """
        format: 1
        scene: pendulum
        steps: 600
        set: {sac.warm_up: 200, sac.hidden: [16], evaluate.every: 300, evaluate.episodes: 2}
        parameters:
          sac.batch: [16, 32]
          physics.substeps: [2, 4]
        seeds: 2
        sampler: grid
        """

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.grid, to: "grid.yaml")
    }

    private func sweep(_ arguments: String...) throws -> SinewProcess.Outcome {
        try sinew(["sweep"] + arguments, in: folder)
    }

    /// What each trial came to, without what a clock says.
    private func table(_ sweep: String) throws -> [String: String] {
        var table: [String: String] = [:]
        for (name, bytes) in folder.files(below: sweep) where name.hasSuffix("/result.json") {
            let text = String(decoding: bytes, as: UTF8.self)
            table[name] = text.replacing(/"seconds":[-+.e0-9]+/, with: "")
        }
        return table
    }

    private func hasClaim(_ process: SinewProcess, in sweep: String) -> Bool {
        folder.files(below: sweep).contains { name, bytes in
            name.contains("/claim-")
                && String(decoding: bytes, as: UTF8.self).contains(" \(process.identifier) ")
        }
    }

    private func leavings(_ sweep: String) throws -> [String: Runs.Leavings] {
        var all: [String: Runs.Leavings] = [:]
        for name in try table(sweep).keys {
            let trial = "\(sweep)/\(name.dropLast("/result.json".count))"
            for run in try FileManager.default.contentsOfDirectory(atPath: folder[trial])
            where run.hasPrefix("seed-") {
                all["\(name)\(run)"] = try Runs.Leavings(folder["\(trial)/\(run)"])
            }
        }
        return all
    }

    @Test func `each run has the bytes that train gives it alone, and the report is there`() throws {
        let outcome = try sweep("grid.yaml", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let trials = try #require(report["trials"] as? [[String: Any]])
        #expect(trials.map { $0["trial"] as? Int } == [0, 1, 2, 3])
        #expect(trials.allSatisfy { $0["state"] as? String == "finished" && $0["steps"] as? Int == 1200 })
        #expect(
            trials.compactMap {
                ($0["parameters"] as? [String: String]).map {
                    "\($0["sac.batch"] ?? "") \($0["physics.substeps"] ?? "")"
                }
            }
                == ["16 2", "16 4", "32 2", "32 4"])
        let best = try #require(report["best"] as? Int)
        let values = trials.compactMap { $0["value"] as? Double }
        #expect(values.max() == values[best])

        // What the report says of the best is what one types, with a seed of one's own.
        let command = try #require(report["command"] as? String)
        #expect(command.hasPrefix("sinew train pendulum --algorithm sac --steps 600 --seed 0 "))
        let script =
            "set -f; exec \"$0\" \(command.dropFirst("sinew ".count).replacing("--seed 0", with: "--seed 1")) --output alone"
        let alone = try SinewProcess([], in: folder.path, after: script).wait()
        #expect(alone.code == 0, "\(alone.errors)")
        #expect(
            try Runs.Leavings(folder["alone"]) == Runs.Leavings(folder["sweeps/grid/trial-000\(best)/seed-1"])
        )
        let page = try String(contentsOfFile: folder["sweeps/grid/report.html"], encoding: .utf8)
        #expect(page.contains("sac.batch") && page.contains("4 trials, 4 finished"))

        // Once finished, it is left as it is.
        let before = folder.files(below: "sweeps")
        let again = try sweep("grid.yaml")
        #expect(again.code == 0 && again.output.contains("report: sweeps/grid/report.html"))
        #expect(folder.files(below: "sweeps") == before)
    }

    @Test func `stopped and killed again and again, it ends with the same bytes`() throws {
        #expect(try sweep("grid.yaml", "--output", "whole").code == 0)
        for (index, signal) in [SIGTERM, SIGKILL, SIGKILL, SIGINT, SIGKILL].enumerated() {
            let process = try SinewProcess(
                ["sweep", "grid.yaml", "--output", "cut", "--jobs", "2"], in: folder.path)
            // From its first claim on.
            while process.isRunning, !hasClaim(process, in: "cut") { Thread.sleep(forTimeInterval: 0.01) }
            Thread.sleep(forTimeInterval: 0.07 * Double(index))
            process.send(signal)
            let outcome = try process.wait()
            let codes: [Int32?] = signal == SIGKILL ? [nil, 0] : [128 + signal, 0]
            #expect(codes.contains(outcome.code), "\(outcome.errors)")
            if outcome.code == 128 + signal {
                #expect(outcome.errorLines.last == "stopped; the same command continues")
            }
        }
        let outcome = try sweep("grid.yaml", "--output", "cut")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try table("cut") == table("whole") && table("cut").count == 4)
        #expect(try leavings("cut") == leavings("whole"))
        let names = folder.files(below: "cut").keys
        #expect(!names.contains { $0.contains("claim-") }, "\(names.filter { $0.contains("claim") })")
    }

    @Test func `two in one folder share the work, and no trial is trained twice`() throws {
        let both = try (0..<2).map { _ in
            try SinewProcess(["sweep", "grid.yaml", "--output", "both", "--jobs", "1"], in: folder.path)
        }
        let outcomes = try both.map { try $0.wait() }
        #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errors))")
        let begun = outcomes.flatMap(\.errorLines).filter { $0.contains("begins:") }.map { $0.prefix(8) }
        #expect(begun.sorted() == (0..<4).map { "trial \($0):" }, "\(outcomes.map(\.errors))")
        #expect(try table("both").count == 4)
    }

    @Test func `a task trains its own trials, by the number that its scheduler says`() throws {
        func task(_ environment: [String: String], _ arguments: String...) throws -> SinewProcess.Outcome {
            try SinewProcess(
                ["sweep", "grid.yaml", "--task-index"] + arguments, in: folder.path, environment: environment
            ).wait()
        }
        func done() throws -> [String] {
            try table("sweeps/grid").keys.map { String($0.prefix(10)) }.sorted()
        }
        #expect(try task(["SLURM_ARRAY_TASK_ID": "2"], "auto").code == 0)
        #expect(try done() == ["trial-0002"])
        #expect(try task(["JOB_COMPLETION_INDEX": "0"], "auto").code == 0)
        #expect(try done() == ["trial-0000", "trial-0002"])
        let ranks = ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"]
        #expect(try task(ranks, "auto").code == 0)
        #expect(try done() == (0..<4).map { "trial-000\($0)" })
        expectFailure(64, "--task-index 4", "allowed: 0 to 3", from: try task([:], "4"))
        expectFailure(64, "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX", from: try task([:], "auto"))
        expectFailure(64, "'x', which is no number", from: try task(["SLURM_ARRAY_TASK_ID": "x"], "auto"))
    }

    @Test func `settings that cannot be trained with fail by themselves, the others go on`() throws {
        try folder.write(
            Self.grid.replacing("[2, 4]", with: "[2, 4]\n  sac.replay_capacity: [1000, 20]").replacing(
                "seeds: 2", with: "seeds: 1"),
            to: "some.yaml")
        let outcome = try sweep("some.yaml", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let results = try table("sweeps/some")
        #expect(results.count == 8)
        let failed = results.filter { $0.value.contains("\"state\":\"failed\"") }
        #expect(failed.keys.sorted() == ["trial-0005/result.json", "trial-0007/result.json"])
        #expect(failed.values.allSatisfy { $0.contains("replay_capacity") && !$0.contains("final_return") })
    }

    @Test func `a run whose log is gone makes a failed trial, not one of no return`() throws {
        #expect(try sweep("grid.yaml").code == 0)
        let trial = folder["sweeps/grid/trial-0002"]
        try FileManager.default.removeItem(atPath: trial + "/result.json")
        try FileManager.default.removeItem(atPath: trial + "/seed-1/evaluations.csv")
        #expect(try sweep("grid.yaml").code == 0)
        let result = try #require(try table("sweeps/grid")["trial-0002/result.json"])
        #expect(
            result.contains("\"state\":\"failed\"") && result.contains("no evaluation is left"), "\(result)")
    }

    @Test func `a trial is given up where its evaluations are below the others' median, each time the same`()
        throws
    {
        try folder.write(
            """
            format: 1
            scene: pendulum
            steps: 1500
            set: {sac.warm_up: 200, sac.hidden: [16], sac.batch: 16, evaluate.every: 300, evaluate.episodes: 2}
            parameters: {physics.gravity: [[0, 0, -2], [0, 0, -3], [0, 0, -4], [0, 0, -30], [0, 0, -5]]}
            sampler: grid
            pruning: {startup: 3}
            """, to: "pruned.yaml")
        for output in ["a", "b"] {
            let outcome = try sweep("pruned.yaml", "--output", output, "--jobs", "1")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("trial 3: given up at"), "\(outcome.errors)")
        }
        #expect(try table("a") == table("b"))
        let result = try #require(try table("a")["trial-0003/result.json"])
        #expect(result.contains("\"state\":\"pruned\"") && result.contains("\"steps\":300,"), "\(result)")
    }

    @Test func `what is wrong in a sweep is said with its line, before anything is made`() throws {
        for (code, words, old, new) in [
            (
                65,
                "bad.yaml:6: parameters.sac.bacth: there is no key 'bacth' in 'train.sac'; did you mean 'batch'?",
                "sac.batch: [", "sac.bacth: ["
            ),
            (65, "bad.yaml:6: parameters.sac.batch: 0 is not", "[16, 32]", "[16, 0]"),
            (
                65, "bad.yaml:6: parameters.sac.batch: 22.11 is not", "[16, 32]",
                "{from: 16.0, to: 32.0, points: 3}"
            ),
            (65, "bad.yaml:3: steps: ", "steps: 600", "steps: 2000000000"),
            (65, "bad.yaml:7: parameters.physics.substeps: ", "[2, 4]", "[2, x]"),
            (65, "bad.yaml:4: set.sac.warm_upp: ", "sac.warm_up:", "sac.warm_upp:"),
            (
                65, "write more steps, or set: {evaluate.every: 40}", "steps: 600",
                "pruning: {startup: 2}\nsteps: 200"
            ),
            (65, "bad.yaml:9: sampler: 'gird' is not one of", "grid", "gird"),
            (66, "did you mean 'pendulum'", "pendulum", "pendulm"),
        ] as [(Int32, String, String, String)] {
            try folder.write(Self.grid.replacing(old, with: new), to: "bad.yaml")
            expectFailure(code, words, from: try sweep("bad.yaml"))
        }
        // All that is wrong, since nothing else lists it.
        try folder.write(
            Self.grid.replacing("seeds: 2", with: "seedz: 2").replacing("steps: 600", with: "stepz: 600"),
            to: "bad.yaml")
        let many = try sweep("bad.yaml")
        #expect(many.code == 65)
        for words in [
            "bad.yaml:3: stepz: unknown key; did you mean 'steps'?",
            "bad.yaml:8: seedz: unknown key; did you mean 'seeds'?",
        ] {
            #expect(many.errors.contains(words), "\(many.errors)")
        }
        expectFailure(64, "--output is empty", from: try sweep("grid.yaml", "--output", ""))
        expectFailure(66, "absent.yaml", from: try sweep("absent.yaml"))
        expectFailure(64, "--task-count", from: try sweep("grid.yaml", "--task-count", "2"))
        expectFailure(64, "--image", from: try sweep("grid.yaml", "--kubernetes", "job.yaml"))
        expectFailure(
            69, "slurm-client",
            from: try SinewProcess(
                ["sweep", "grid.yaml", "--slurm"], in: folder.path, environment: ["PATH": "/nowhere"]
            ).wait())
        #expect(!FileManager.default.fileExists(atPath: folder["sweeps"]))
        // Another folder's things stay what they are.
        try FileManager.default.createDirectory(atPath: folder["mine"], withIntermediateDirectories: false)
        try folder.write("mine", to: "mine/file")
        expectFailure(
            64, "not the folder of a sweep", "--output", from: try sweep("grid.yaml", "--output", "mine"))
    }

    @Test func `a sweep goes on with its own settings alone, and with more trials`() throws {
        let random = Self.grid.replacing("grid", with: "random\ntrials: 2").replacing(
            "seeds: 2", with: "seeds: 1")
        try folder.write(random, to: "grid.yaml")
        #expect(try sweep("grid.yaml").code == 0)
        let before = try table("sweeps/grid")
        try folder.write(random.replacing("600", with: "900"), to: "grid.yaml")
        expectFailure(
            64, "sweeps/grid: the sweep began otherwise: steps was 600, and is 900 now",
            from: try sweep("grid.yaml"))
        try folder.write(random.replacing("trials: 2", with: "trials: 1"), to: "grid.yaml")
        expectFailure(64, "trials cannot be reduced below 2", from: try sweep("grid.yaml"))
        try folder.write(random.replacing("trials: 2", with: "trials: 3"), to: "grid.yaml")
        #expect(try sweep("grid.yaml").code == 0)
        let after = try table("sweeps/grid")
        #expect(after.count == 3 && after.merging(before) { $1 } == after)
    }

    @Test func `a Python without Optuna is said to have none`() throws {
        try folder.write(
            Self.grid.replacing("grid", with: "tpe\ntrials: 2"), to: "tpe.yaml")
        try folder.write("#!/bin/sh\necho python\n", to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder["python"])
        func sweep(_ python: String, _ file: String = "tpe.yaml") throws -> SinewProcess.Outcome {
            try SinewProcess(["sweep", file], in: folder.path, environment: ["SINEW_PYTHON": python])
                .wait()
        }
        expectFailure(
            69, "has no Optuna; install it by `python3 -m pip install optuna`",
            from: try sweep(folder["python"]))
        expectFailure(64, "SINEW_PYTHON: '/bin/false' is no Python", from: try sweep("/bin/false"))
        // What a sampler needs beside it is named before anything is trained.
        try folder.write(Self.grid.replacing("grid", with: "gp\ntrials: 2"), to: "gp.yaml")
        expectFailure(69, "has no Optuna with scipy and torch", from: try sweep(folder["python"], "gp.yaml"))
        for name in ["tpe", "gp"] {
            #expect(!FileManager.default.fileExists(atPath: folder["sweeps/\(name)/trial-0000"]))
        }
    }

    @Test func `the manifest has a pod for each trial, and what each exit code leads to`() throws {
        let outcome = try sweep(
            "grid.yaml", "--kubernetes", "job.yaml", "--image", "i", "--volume-claim", "v", "--jobs", "2")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let manifest = try String(contentsOfFile: folder["job.yaml"], encoding: .utf8)
        for words in [
            "completions: 4\n", "parallelism: 2\n", "values: [64, 65, 66, 69]", "values: [129, 130, 143]",
            "sac.batch: [16, 32]",
        ] {
            #expect(manifest.contains(words), "\(words)")
        }
        expectFailure(
            73, "--force",
            from: try sweep("grid.yaml", "--kubernetes", "job.yaml", "--image", "i", "--volume-claim", "v"))
    }
}
