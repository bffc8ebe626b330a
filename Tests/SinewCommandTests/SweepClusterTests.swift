// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `sinew sweep` beside other processes of the same sweep, and by a Slurm that a shell script plays.
struct SweepClusterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(program: String, _ script: String) throws {
        try FileManager.default.createDirectory(atPath: folder["bin"], withIntermediateDirectories: true)
        try folder.write("#!/bin/sh\n\(script)\n", to: "bin/\(program)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder["bin/\(program)"])
    }

    @Test func `Slurm is given names with spaces and quotes as they are`() throws {
        try folder.write(
            """
            format: 1
            scene: pendulum
            steps: 400
            set: {sac.warm_up: 200, sac.hidden: [16], evaluate.episodes: 1}
            parameters: {sac.batch: [16, 32]}
            sampler: grid
            """, to: "Ann's 5% grid.yaml")
        // It trains both tasks before it says the job's number; then no job is left.
        try write(
            program: "sbatch",
            """
            printf '%s\\n' "$@" > told
            for script; do :; done
            for task in 0 1; do SLURM_ARRAY_TASK_ID=$task sh "$script" || exit 1; done
            echo 12
            """)
        try write(program: "squeue", "exit 0")
        let outcome = try SinewProcess(
            ["sweep", "Ann's 5% grid.yaml", "--slurm", "--sbatch=--partition=long"], in: folder.path,
            environment: ["PATH": "\(folder["bin"]):/usr/bin:/bin"]
        ).wait(atMost: 120)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("report: sweeps/Ann's 5% grid/report.html"), "\(outcome.output)")
        let told = try String(contentsOfFile: folder["told"], encoding: .utf8)
        #expect(
            told == """
                --parsable
                --job-name=Ann's 5% grid
                --output=sweeps/Ann's 5%% grid/slurm/%A_%a.log
                --partition=long
                sweeps/Ann's 5% grid/slurm/array.sh

                """)
    }

    @Test func `a scene that changes while a sweep trains ends it, and the trials that are done stay`() throws
    {
        let scene = try String(
            contentsOfFile: SinewProcess.repository + "/Scenes/pendulum.yaml", encoding: .utf8)
        try folder.write(scene, to: "mine.yaml")
        try folder.write(
            """
            format: 1
            scene: ./mine.yaml
            steps: 600
            set: {sac.warm_up: 200, sac.hidden: [16], evaluate.every: 300, evaluate.episodes: 1}
            parameters: {sac.learning_rate: {from: 1e-4, to: 1e-2}}
            trials: 1000
            """, to: "long.yaml")
        let process = try SinewProcess(["sweep", "long.yaml", "--jobs", "1"], in: folder.path)
        let result = folder["sweeps/long/trial-0000/result.json"]
        while process.isRunning, !FileManager.default.fileExists(atPath: result) {
            Thread.sleep(forTimeInterval: 0.02)
        }
        // At once: half a scene would be another error.
        try folder.write(scene.replacing("-10]", with: "-9]"), to: "changed.yaml")
        try #require(unsafe rename(folder["changed.yaml"], folder["mine.yaml"]) == 0)
        let outcome = try process.wait(atMost: 60)
        #expect(outcome.code == 64, "\(outcome.errors)")
        #expect(
            outcome.errors.contains("the scene ./mine.yaml or its robot has changed while the sweep trained"),
            "\(outcome.errors)")
        #expect(FileManager.default.fileExists(atPath: result))
    }

    @Test func `a trial is given up by what other processes finish while it trains`() throws {
        try folder.write(
            """
            format: 1
            scene: pendulum
            steps: 400000
            set: {sac.warm_up: 200, sac.hidden: [16], sac.batch: 16, evaluate.every: 1000, evaluate.episodes: 1}
            parameters: {physics.substeps: [1, 2, 3, 4, 5]}
            sampler: grid
            pruning: {startup: 3}
            """, to: "pruned.yaml")
        let process = try SinewProcess(["sweep", "pruned.yaml", "--task-index", "3"], in: folder.path)
        let log = folder["sweeps/pruned/trial-0003/seed-0/evaluations.csv"]
        while process.isRunning,
            (try? String(contentsOfFile: log, encoding: .utf8))?.contains("\n1000,") != true
        {
            Thread.sleep(forTimeInterval: 0.02)
        }
        // The best that the pendulum can have, at each step.
        let evaluations = (1...400).map { "[\($0 * 1000),0]" }.joined(separator: ",")
        for number in 0..<3 {
            try FileManager.default.createDirectory(
                atPath: folder["sweeps/pruned/trial-000\(number)"], withIntermediateDirectories: true)
            try folder.write(
                """
                {"trial":\(number),"state":"finished","parameters":{"physics.substeps":\(number + 1)},\
                "runs":[{"seed":0,"seconds":1,"evaluations":[\(evaluations)]}]}
                """, to: "sweeps/pruned/trial-000\(number)/result.json")
        }
        let outcome = try process.wait(atMost: 60)
        #expect(outcome.code == 0 && outcome.errors.contains("trial 3: given up at"), "\(outcome.errors)")
    }
}
