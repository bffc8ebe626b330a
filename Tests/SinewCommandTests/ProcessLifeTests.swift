// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What parents, terminals, readers and the system's limits do to a process, and what it says then.
struct ProcessLifeTests {
    private let folder: TemporaryFolder
    private static let endless = Runs.arguments(steps: 100_000_000) + ["--output", "run"]

    init() throws { folder = try TemporaryFolder() }

    private func waitUntil(_ process: SinewProcess, _ condition: () -> Bool) throws {
        while !condition() {
            try #require(process.isRunning, "it ended too early")
            Thread.sleep(forTimeInterval: 0.005)
        }
    }

    private func rows(_ log: String) -> Int {
        let text = try? String(contentsOfFile: folder["run/\(log).csv"], encoding: .utf8)
        return text.map { $0.split(separator: "\n").count } ?? 0
    }

    private var newestCheckpoint: Int? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder["run/checkpoints"])
        return names?.compactMap { Int($0.dropFirst(5)) }.max()
    }

    @Test func `under nohup a run outlives its terminal`() throws {
        let process = try SinewProcess(Self.endless, in: folder.path, after: "trap '' HUP")
        try waitUntil(process) { rows("progress") > 2 }
        process.send(SIGHUP)
        let before = rows("progress")
        try waitUntil(process) { rows("progress") > before + 2 }
        process.send(SIGTERM)
        #expect(try process.wait().code == 143)
    }

    @Test func `a signal that comes twice at once, as timeout sends it, is one`() throws {
        let process = try SinewProcess(Self.endless, in: folder.path)
        try waitUntil(process) { rows("progress") > 2 }
        process.send(SIGTERM)
        Thread.sleep(forTimeInterval: 0.001)
        process.send(SIGTERM)
        #expect(try process.wait().code == 143)
    }

    @Test func `a run whose reader goes away stops with a checkpoint`() throws {
        // The reader takes two lines, of which the second tells the first evaluation, and leaves.
        let script = "{ \"$0\" \"$@\"; echo $? > code; } 2>&1 | head -2; exit 0"
        let process = try SinewProcess(Self.endless, in: folder.path, after: script)
        let outcome = try process.wait(atMost: 120)
        #expect(outcome.code == 0)
        #expect(outcome.output.split(separator: "\n").count == 2)
        #expect(try String(contentsOfFile: folder["code"], encoding: .utf8) == "141\n")
        #expect(try #require(newestCheckpoint) > 300)
    }

    @Test func `what is printed for nobody ends quietly`() throws {
        // The exit code is that of a signal, whether it was one or the parent has it ignored.
        for ignored in ["", "trap '' PIPE; "] {
            let script = "\(ignored){ sleep 0.1; \"$0\" \"$@\"; echo $? > code; } | true; exit 0"
            let outcome = try SinewProcess(["scenes"], in: folder.path, after: script).wait()
            #expect(outcome.errors.isEmpty)
            #expect(try String(contentsOfFile: folder["code"], encoding: .utf8) == "141\n")
        }
    }

    @Test func `a file beyond the limit of its size is an error in words`() throws {
        let outcome = try SinewProcess(Self.endless, in: folder.path, after: "ulimit -f 16").wait(atMost: 120)
        #expect(outcome.code == 74, "\(outcome.errors)")
        #expect(outcome.errors.contains("file too large") && outcome.errors.contains("ulimit -f"))
    }

    #if os(Linux)
        @Test func `a run whose reader does not read still stops`() throws {
            let process = Process()
            let pipe = Pipe()
            // F_SETPIPE_SZ: a pipe of two pages, one of which is full; the other takes what begins, and no more.
            _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 8192)
            try pipe.fileHandleForWriting.write(contentsOf: Data(count: 4096))
            process.executableURL = try SinewProcess.executable
            process.arguments = Self.endless
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.environment = ["SINEW_HOME": SinewProcess.repository]
            process.standardError = pipe
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            // It waits for its reader with its first evaluation.
            while rows("evaluations") < 2, process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
            Thread.sleep(forTimeInterval: 0.5)
            process.terminate()
            let end = Date(timeIntervalSinceNow: 20)
            while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
            let hasEnded = !process.isRunning
            if !hasEnded { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            #expect(hasEnded && process.terminationStatus == 143)
            #expect(try #require(newestCheckpoint) > 0)
        }
    #endif

    @Test func `a step of many slow updates is given up`() throws {
        #if DEBUG
            let batch = 64
        #else
            let batch = 4096
        #endif
        let arguments =
            Self.endless
            + ["sac.updates_per_step=100", "sac.hidden=[512,512]", "sac.batch=\(batch)"]
            .flatMap { ["--set", $0] }
        let process = try SinewProcess(arguments, in: folder.path)
        // The warm-up is as long as the first episode.
        try waitUntil(process) { rows("progress") > 1 }
        process.send(SIGTERM)
        let outcome = try process.wait(atMost: 60)
        #expect(outcome.code == 143, "\(outcome.errors)")
        let line = try #require(outcome.errorLines.last)
        let step = try #require(line.prefixMatch(of: /stopped at step (\d+);/))
        #expect(Int(step.1) == newestCheckpoint)
    }

    @Test func `more seeds than a process may have files are trained`() throws {
        let arguments = Runs.arguments(steps: 100) + ["--seeds", "0-15", "--output", "runs"]
        let outcome = try SinewProcess(arguments, in: folder.path, after: "ulimit -n 24").wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        // Also where they go on, and each run is locked for a moment.
        let again = try SinewProcess(arguments + ["--resume"], in: folder.path, after: "ulimit -n 24").wait()
        #expect(again.code == 0, "\(again.errors)")
    }

    @Test(arguments: ["ulimit -n 4", "ulimit -n 6", "ulimit -n 8", "ulimit -n 10", "ulimit -v 262144"])
    func `tight limits are an error in the system's words, or enough`(limit: String) throws {
        for arguments in [
            Runs.tiny + ["--output", "run"], Runs.tiny + ["--seeds", "0-1", "--output", "runs"],
        ] {
            let outcome = try SinewProcess(arguments, in: folder.path, after: limit).wait(atMost: 60)
            #expect(outcome.signal == nil, "\(outcome.errors)")
            #expect(!outcome.errors.contains("NSCocoa") && !outcome.errors.contains("Fatal"))
            if outcome.code != 0 {
                #expect(outcome.errors.contains("oo many open files"), "\(outcome.errors)")
            }
        }
    }
}
