// SPDX-License-Identifier: MIT

#if os(Linux)
    import Files
    import Foundation
    import Testing

    /// Each call about files of a run that goes on fails once, by the library of `make torture`, which tries all verbs so.
    struct FailingCallsTests {
        private static let training = [
            "train", "pendulum", "--algorithm", "q-learning", "--seed", "3", "--set", "evaluate.every=60",
            "--set", "evaluate.episodes=2", "--output", "run",
        ]

        /// What makes calls fail, and a run of 60 steps beside it.
        private static let prepared = Result { () throws -> TemporaryFolder in
            let folder = try TemporaryFolder()
            let compiler = Process()
            compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            let source = SinewProcess.repository + "/scripts/torture/preload.c"
            compiler.arguments = ["cc", "-shared", "-fPIC", "-o", folder["preload.so"], source, "-ldl"]
            try compiler.run()
            compiler.waitUntilExit()
            try #require(compiler.terminationStatus == 0)
            #expect(try sinew(training + ["--steps", "60"], in: folder).code == 0)
            return folder
        }

        /// The run goes on to its 120th step, and its `number`-th call of a kind fails; whether it came so far, and how it ended.
        private func goOn(
            _ call: String, _ number: Int, _ code: Int32, in folder: TemporaryFolder
        ) throws -> (outcome: SinewProcess.Outcome, hasFailed: Bool) {
            let prepared = try Self.prepared.get()
            try folder.copy(prepared["run"], to: "run")
            let environment = [
                "LD_PRELOAD": prepared["preload.so"], "TORTURE_AT": "\(call):\(number):\(code)",
                "TORTURE_LOG": folder["log"],
            ]
            let outcome = try SinewProcess(
                Self.training + ["--steps", "120", "--resume"], in: folder.path, environment: environment
            ).wait()
            let log = try String(contentsOfFile: folder["log"], encoding: .utf8)
            return (outcome, log.contains("acted"))
        }

        @Test(arguments: [
            ("open", EDQUOT, "checkpoints: cannot open the folder"),
            ("fsync", EIO, "checkpoints: cannot write the folder to the disk"),
            ("rename", EDQUOT, "cannot give the finished file its name"),
            ("mkdir", ENOSPC, "cannot make the folder"),
        ])
        func
            `a call that fails is said in the system's words with what to do, and the run ends as if it had not`(
                call: String, code: Int32, wanted: String
            ) throws
        {
            let whole = try TemporaryFolder()
            try #require(try goOn("none", 1, 0, in: whole).outcome.code == 0)
            var said = ""
            for number in 1... {
                let folder = try TemporaryFolder()
                let (outcome, hasFailed) = try goOn(call, number, code, in: folder)
                guard hasFailed else { break }
                try #require(number < 500)
                if outcome.code != 0 {
                    let reason = unsafe String(cString: strerror(code)).lowercased()
                    let line = outcome.errorLines.last { $0.hasPrefix("sinew: ") } ?? ""
                    #expect(line.contains("\(reason); "), "\(call) \(number): \(outcome.errors)")
                    said += outcome.errors
                }
                let again = try sinew(Self.training + ["--steps", "120", "--resume"], in: folder)
                #expect(again.code == 0, "\(call) \(number): \(again.errors)")
                #expect(try Runs.Leavings(folder["run"]) == Runs.Leavings(whole["run"]), "\(call) \(number)")
                #expect(try Self.checkpoints(folder) <= 2, "\(call) \(number)")
            }
            #expect(said.contains(wanted), "\(said)")
        }

        @Test func `a failed flush of the folder that one stands in names it`() throws {
            let prepared = try Self.prepared.get()
            let folder = try TemporaryFolder()
            let environment = [
                "LD_PRELOAD": prepared["preload.so"], "TORTURE_AT": "fsync:2:\(EIO)",
                "TORTURE_LOG": folder["log"],
            ]
            let arguments = [
                "export", prepared["run"], "--format", "safetensors", "--output", "o.safetensors",
            ]
            let outcome = try SinewProcess(arguments, in: folder.path, environment: environment).wait()
            expectFailure(74, ".: cannot write the folder to the disk", from: outcome)
        }

        @Test func `a start whose files cannot be opened says why, and can begin`() throws {
            let library = try Self.prepared.get()["preload.so"]
            let arguments = Self.training + ["--steps", "60", "--resume"]
            for number in 1... {
                let folder = try TemporaryFolder()
                let environment = [
                    "LD_PRELOAD": library, "TORTURE_AT": "open:\(number):\(ENOSPC)",
                    "TORTURE_LOG": folder["log"],
                ]
                let outcome = try SinewProcess(arguments, in: folder.path, environment: environment).wait()
                guard try String(contentsOfFile: folder["log"], encoding: .utf8).contains("acted") else {
                    break
                }
                try #require(number < 500)
                #expect(
                    outcome.code == 0 || outcome.errors.contains("o space left on device"),
                    "open \(number): \(outcome.errors)")
                #expect(try sinew(arguments, in: folder).code == 0, "open \(number)")
            }
        }

        @Test func `a start that is killed again while it clears what a killed one left can begin once more`()
            throws
        {
            let library = try Self.prepared.get()["preload.so"]
            func begin(_ order: String, in folder: TemporaryFolder) throws -> SinewProcess.Outcome {
                try SinewProcess(
                    Self.training + ["--steps", "60", "--resume"], in: folder.path,
                    environment: ["LD_PRELOAD": library, "TORTURE_AT": order, "TORTURE_LOG": folder["log"]]
                ).wait()
            }
            for number in 1... {
                let folder = try TemporaryFolder()
                // All is there but that run.yaml has no name yet.
                #expect(try begin("rename:3:before", in: folder).signal == SIGKILL)
                try #require(
                    Set(FileManager.default.contentsOfDirectory(atPath: folder["run"])) == [
                        ".run.yaml.partial", "scene",
                    ])
                guard try begin("unlink:\(number):after", in: folder).signal == SIGKILL else { break }
                try #require(number < 50)
                let again = try begin("none:1:after", in: folder)
                #expect(again.code == 0, "unlink \(number): \(again.errors)")
            }
        }

        private static func checkpoints(_ folder: TemporaryFolder) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: folder["run/checkpoints"]).count
        }
    }
#endif
