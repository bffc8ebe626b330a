// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// A file system in memory of its own, mounted where that is possible (as root on Linux).
final class SmallDisk {
    let folder: TemporaryFolder

    init(kibibytes: Int) throws {
        folder = try TemporaryFolder()
        try #require(Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", folder.path) == 0)
    }

    deinit { _ = Self.run("umount", "-l", folder.path) }

    func makeReadOnly() throws {
        try #require(Self.run("mount", "-o", "remount,ro", folder.path) == 0)
    }

    /// Fills what is left.
    func fill() throws {
        #expect(FileManager.default.createFile(atPath: folder["filler"], contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: folder["filler"]))
        while (try? handle.write(contentsOf: Data(count: 4096))) != nil {}
        try handle.close()
    }

    /// Frees so many bytes of what filled it, or all of them.
    ///
    /// By cutting the file off: one that is removed keeps its room while a process has it open, such as a child of another test that has not yet
    /// become its program.
    func makeRoom(_ bytes: Int? = nil) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder["filler"])
        let size = try #require(attributes[.size] as? Int)
        try #require(unsafe truncate(folder["filler"], off_t(bytes.map { size - $0 } ?? 0)) == 0)
        if bytes == nil { try FileManager.default.removeItem(atPath: folder["filler"]) }
    }

    static let isPossible: Bool = {
        guard let folder = try? TemporaryFolder() else { return false }
        guard run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path) == 0 else { return false }
        return run("umount", folder.path) == 0
    }()

    private static func run(_ arguments: String...) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

private let whyNot: Comment =
    "no file system can be mounted here; run as root on Linux to test full and read-only ones"

struct UnwritableTests {
    @Test(.enabled(if: SmallDisk.isPossible, whyNot))
    func `a read-only file system is named, and what is on it still plays`() throws {
        let disk = try SmallDisk(kibibytes: 1024)
        try disk.folder.copy(try Runs.finished.get()["run"], to: "run")
        try disk.makeReadOnly()
        let before = disk.folder.files()
        let elsewhere = try TemporaryFolder()
        let run = disk.folder["run"]
        expectFailure(73, "ead-only", from: try sinew(Runs.tiny, in: disk.folder))
        expectFailure(
            73, "ead-only", from: try sinew(Runs.tiny + ["--output", disk.folder["x/y"]], in: elsewhere))
        expectFailure(
            73, "ead-only", from: try sinew("export", run, "--format", "safetensors", in: disk.folder))
        expectFailure(
            73, "ead-only",
            from: try sinew("replay", run, "--record", disk.folder["a.safetensors"], in: elsewhere))
        let arguments = ["train", "pendulum", "--output", run, "--resume"]
        expectFailure(73, "ead-only", from: try sinew(arguments + ["--steps", "900"], in: elsewhere))
        #expect(try sinew("replay", run, "--episodes", "1", in: elsewhere).code == 0)
        #expect(try sinew(arguments, in: elsewhere).code == 0)
        #expect(disk.folder.files() == before)
    }

    @Test(.enabled(if: SmallDisk.isPossible, whyNot))
    func `a full disk stops a new run with one error`() throws {
        let disk = try SmallDisk(kibibytes: 64)
        let outcome = try sinew(
            Runs.tiny + ["--set", "sac.hidden=[64,64]", "--output", "run"], in: disk.folder)
        #expect(outcome.code == 74)
        #expect(outcome.errors.contains("o space left"))
        #expect(outcome.output.isEmpty)
        // With room it starts again in the same folder.
        let full = try SmallDisk(kibibytes: 128)
        try full.fill()
        expectFailure(74, "o space left", from: try sinew(Runs.tiny + ["--output", "run"], in: full.folder))
        try full.makeRoom()
        #expect(try sinew(Runs.tiny + ["--output", "run", "--resume"], in: full.folder).code == 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible, whyNot))
    func `a disk that fills up leaves the run readable, and with room it goes on to the same bytes`() throws {
        let disk = try SmallDisk(kibibytes: 1024)
        try disk.folder.copy(try Runs.finished.get()["run"], to: "run")
        let before = disk.folder.files(below: "run/checkpoints")
        let policies = ["run/best.safetensors", "run/last.safetensors"]
        let bytes = try policies.map { try FileBytes.read(disk.folder[$0]) }
        try disk.fill()

        let arguments = ["train", "pendulum", "--output", "run", "--resume", "--steps", "3000"]
        expectFailure(74, "o space left", from: try sinew(arguments, in: disk.folder))
        #expect(disk.folder.files(below: "run/checkpoints") == before)
        #expect(try policies.map { try FileBytes.read(disk.folder[$0]) } == bytes)
        #expect(try sinew("replay", "run", "--episodes", "1", in: disk.folder).code == 0)
        expectFailure(
            74, "o space left",
            from: try sinew("export", "run", "--format", "safetensors", "--output", "out", in: disk.folder))
        // Room for run.yaml and rows, but for no checkpoint.
        try disk.makeRoom(16384)
        let outcome = try sinew(arguments, in: disk.folder)
        #expect(outcome.code == 74)
        #expect(disk.folder.files(below: "run/checkpoints") == before)

        try disk.makeRoom()
        let goneOn = try sinew(arguments, in: disk.folder)
        #expect(goneOn.code == 0, "\(goneOn.errors)")
        let whole = try TemporaryFolder()
        #expect(try sinew(Runs.arguments(steps: 3000) + ["--output", "run"], in: whole).code == 0)
        #expect(try Runs.Leavings(disk.folder["run"]) == Runs.Leavings(whole["run"]))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "there is no /proc here"))
    func `places of the system that take no files are refused`() throws {
        let folder = try TemporaryFolder()
        let run = try Runs.finished.get()["run"]
        for place in ["/proc/sinew", "/proc/self/sinew/run", "/dev/null", "/dev/null/run"] {
            expectFailure(73, place, from: try sinew(Runs.tiny + ["--output", place], in: folder))
        }
        for place in ["/proc/sinew", "/proc/self/sinew/out"] {
            let arguments = ["export", run, "--format", "safetensors", "--output", place]
            expectFailure(73, place, from: try sinew(arguments, in: folder))
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
    func `a standard output that cannot take the answer is an error`() throws {
        let process = Process()
        process.executableURL = try SinewProcess.executable
        process.arguments = ["replay", try Runs.finished.get()["run"], "--episodes", "1", "--json"]
        process.environment = ["SINEW_HOME": SinewProcess.repository]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 74)
    }
}
