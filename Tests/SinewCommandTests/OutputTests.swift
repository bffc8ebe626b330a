// SPDX-License-Identifier: MIT

import Environments
import Export
import Files
import Foundation
import Policies
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the command writes: nothing that a person made is overwritten, nothing is replaced that is no file, and what stands in a
/// file decides no path.
struct OutputTests {
    private let folder: TemporaryFolder
    private static let pendulum = ExportVerifyTests.pendulum

    init() throws { folder = try TemporaryFolder() }

    /// What each verb that writes a file writes, with the name as its last word.
    private static let writers: [[String]] = [
        ["export", pendulum, "--format", "safetensors", "--output"],
        ["export", pendulum, "--format", "onnx", "--output"],
        ["replay", pendulum, "--episodes", "1", "--record"],
        ["replay", pendulum, "--episodes", "1", "--html"],
        ["replay", pendulum, "--episodes", "1", "--fps", "2", "--gif"],
        ["replay", pendulum, "--episodes", "1", "--png"],
        ["scenes", "pendulum", "--png"],
    ]

    /// The ending that what a verb writes wants.
    private static func ending(of words: [String]) -> String {
        let flag = words.last.map { String($0.dropFirst(2)) } ?? ""
        return ["gif", "png", "html"].contains(flag) ? flag : words.contains("onnx") ? "onnx" : "safetensors"
    }

    @Test(arguments: writers)
    func `a pipe is written through, and its reader gets all of it`(words: [String]) throws {
        try #require(unsafe mkfifo(folder["pipe"], 0o600) == 0)
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: "/bin/sh")
        reader.arguments = ["-c", "exec cat pipe >got"]
        reader.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try reader.run()
        let outcome = try sinew(words + ["pipe"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        // One that nothing was written to would wait for ever.
        if FileKind(at: folder["pipe"]) != .pipe { kill(reader.processIdentifier, SIGKILL) }
        reader.waitUntilExit()
        #expect(FileKind(at: folder["pipe"]) == .pipe)
        let file = "file.\(Self.ending(of: words))"
        #expect(try sinew(words + [file], in: folder).code == 0)
        #expect(try FileBytes.read(folder["got"]) == FileBytes.read(folder[file]))
        #expect(!folder.files().keys.contains { $0.hasPrefix("pipe.") || $0.hasPrefix(".") })
    }

    @Test(arguments: writers + [["plot", "RUN", "--output"]])
    func `a device stays a device`(words: [String]) throws {
        let words = try words.map { $0 == "RUN" ? try Runs.finished.get()["run"] : $0 }
        // A device of our own, where one can be made, so that a failure does not cost the machine its own.
        guard unsafe mknod(folder["null"], S_IFCHR | 0o666, dev_t(0x103)) == 0 else { return }
        let outcome = try sinew(words + ["null"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(FileKind(at: folder["null"]) == .device)
        #expect(Set(folder.files().keys) == ["null"])
    }

    @Test func `standard output takes the file, and nothing else then`() throws {
        let process = Process()
        process.executableURL = try SinewProcess.executable
        process.arguments = ["export", Self.pendulum, "--format", "safetensors", "--output", "/dev/stdout"]
        // A file behind it, which is written to as every program would, and not put in its place.
        try folder.write("", to: "got")
        let got = try FileHandle(forWritingTo: URL(fileURLWithPath: folder["got"]))
        try got.write(contentsOf: Data("before".utf8))
        process.standardOutput = got
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try FileBytes.read(folder["got"]) == Array("before".utf8) + FileBytes.read(Self.pendulum))
    }

    @Test func `folders, sockets and links to nothing are refused`() throws {
        let endings = Set(Self.writers.map(Self.ending))
        for ending in endings {
            try FileManager.default.createDirectory(
                atPath: folder["d.\(ending)"], withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: folder["l.\(ending)"], withDestinationPath: "absent")
        }
        for words in Self.writers {
            for name in ["d.\(Self.ending(of: words))", "l.\(Self.ending(of: words))"] {
                for force in [[], ["--force"]] {
                    expectFailure(73, name, from: try sinew(words + [name] + force, in: folder))
                }
            }
        }
        #expect(folder.files().count == 2 * endings.count)
    }

    @Test func `nothing is overwritten without --force`() throws {
        let run = try Runs.finished.get()["run"]
        try folder.write("<robot name='r'><link name='a'/></robot>", to: "r.urdf")
        try folder.copy(SinewProcess.repository + "/Robots/pendulum.urdf", to: "p.urdf")
        try FileManager.default.createDirectory(atPath: folder["c"], withIntermediateDirectories: false)
        for (target, words) in [
            ("a.onnx", ["export", run, "--format", "onnx", "--output", "a.onnx"]),
            ("pendulum-sac-0.safetensors", ["export", run, "--format", "safetensors"]),
            ("c/policy.c", ["export", run, "--format", "c", "--output", "c"]),
            ("e.safetensors", ["replay", run, "--episodes", "1", "--record", "e.safetensors"]),
            ("f.svg", ["replay", run, "--episodes", "1", "--record", "f.safetensors"]),
            ("e.csv", ["replay", run, "--episodes", "1", "--record", "e.csv"]),
            ("h.html", ["replay", run, "--episodes", "1", "--html", "h.html"]),
            ("f.gif", ["replay", run, "--episodes", "1", "--fps", "2", "--gif", "f.gif"]),
            ("f.png", ["replay", run, "--episodes", "1", "--png", "f.png"]),
            ("s.png", ["scenes", "pendulum", "--png", "s.png"]),
            ("g.svg", ["plot", run, "--output", "g.svg"]),
            ("pendulum-sac-0.svg", ["plot", run]),
            ("p.yaml", ["scenes", "--new", "p.urdf"]),
        ] {
            try folder.write("mine", to: target)
            let before = folder.files()
            expectFailure(
                73, "\(target): exists; pass --force to replace it", from: try sinew(words, in: folder))
            #expect(folder.files() == before)
            let forced = try sinew(words + ["--force"], in: folder)
            #expect(forced.code == 0, "\(words) \(forced.errors)")
            #expect(try FileBytes.read(folder[target]) != Array("mine".utf8))
        }
    }

    @Test(arguments: ["a", "a.csvs", "a.svg", "a.safetensor", "a.SAFETENSORS.txt"])
    func `an ending of --record that nothing is written as is an error`(name: String) throws {
        expectFailure(
            64, "ends in .safetensors", from: try sinew("replay", Self.pendulum, "--record", name, in: folder)
        )
        #expect(folder.files().isEmpty)
    }

    @Test(arguments: [
        "/elsewhere/pwned", "../escaped", "in/ner", ".hidden", "-option", "line\nbreak", "bell\u{7}",
        "turned\u{202E}txt", "", String(repeating: "n", count: 300),
    ])
    func `the scene that a policy names is a name or refused, never a path`(scene: String) throws {
        let sound = try PolicyFile(contentsOf: Self.pendulum)
        var contract = sound.contract
        contract.scene = scene
        try PolicyFile(network: sound.network, contract: contract).write(to: folder["p.safetensors"])
        try FileManager.default.createDirectory(atPath: folder["here"], withIntermediateDirectories: false)
        for format in ["safetensors", "onnx", "c"] {
            let outcome = try SinewProcess(
                ["export", "../p.safetensors", "--format", format], in: folder["here"]
            ).wait()
            expectFailure(65, "--output", from: outcome)
            #expect(!outcome.errors.contains("\u{7}") && !outcome.errors.contains("\u{202E}"))
        }
        #expect(Set(folder.files().keys) == ["here", "p.safetensors"])
        #expect(!FileManager.default.fileExists(atPath: "/elsewhere"))
        let played = try sinew("replay", "p.safetensors", in: folder)
        #expect(played.code == 65 || scene == "bell", "\(played.errors)")
        let named = try sinew(
            "export", "p.safetensors", "--format", "safetensors", "--output", "q", in: folder)
        #expect(named.code == 0 && named.output == "q\n", "\(named.errors)")
    }

    @Test func `what comes from files cannot move the cursor`() throws {
        try folder.write("format: 1\n\"\\e[2J\\u202Etxt\": 1\n", to: "s.yaml")
        let outcome = try sinew("scenes", "--check", "s.yaml", in: folder)
        for text in [outcome.output, outcome.errors] {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        }
        #expect(outcome.output.contains("\\u{1B}[2J\\u{202E}txt"))
        let json = try sinew("status", "--json", "x\u{1B}[2J", in: folder)
        #expect(!json.errors.contains("\u{1B}"))
    }

    @Test func `C source is not compiled and run unless that is asked for`() throws {
        #expect(try sinew("export", Self.pendulum, "--format", "c", "--output", "c", in: folder).code == 0)
        let source = try String(contentsOfFile: folder["c/policy.c"], encoding: .utf8)
        try folder.write(
            source
                + "\n#include <stdio.h>\n__attribute__((constructor)) static void run(void) { fclose(fopen(\"\(folder["ran"])\", \"w\")); }\n",
            to: "c/policy.c")
        let outcome = try sinew("verify", "c", in: folder)
        #expect(outcome.code == 64 && outcome.errors.contains("--run"), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder["ran"]))
        _ = try sinew("verify", "c", "--run", in: folder)
        #expect(FileManager.default.fileExists(atPath: folder["ran"]))
    }

    @Test func `instructions that the machine does not have are refused`() throws {
        for name in ["bogus", "AVX2", "avx1024"] {
            let outcome = try SinewProcess(
                ["scenes"], in: folder.path, environment: ["SINEW_ISA": name]
            ).wait()
            expectFailure(64, "SINEW_ISA", "portable", from: outcome)
        }
    }

    @Test func `neither a Python nor a module of the folder one stands in runs`() throws {
        #expect(
            try sinew("export", Self.pendulum, "--format", "onnx", "--output", "p.onnx", in: folder).code == 0
        )
        try FileManager.default.createDirectory(
            atPath: folder[".venv/bin"], withIntermediateDirectories: true)
        try folder.write("#!/bin/sh\ntouch '\(folder["ran"])'\n", to: ".venv/bin/python")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder[".venv/bin/python"])
        for name in ["numpy.py", "onnxruntime.py", "site.py"] {
            try folder.write("open('\(folder["ran"])', 'w')\n", to: name)
        }
        try folder.copy(folder[".venv/bin/python"], to: "python3")
        for environment in [
            [:], ["PATH": ".::/usr/bin:/bin"], ["VIRTUAL_ENV": ".venv"], ["PYTHONPATH": folder.path],
        ] {
            _ = try SinewProcess(["verify", "p.onnx"], in: folder.path, environment: environment).wait()
            #expect(!FileManager.default.fileExists(atPath: folder["ran"]), "\(environment)")
        }
        for python in ["/bin/true", "/absent/python", "."] {
            let outcome = try SinewProcess(
                ["verify", "p.onnx"], in: folder.path, environment: ["SINEW_PYTHON": python]
            ).wait()
            #expect(outcome.code == 64 && outcome.errors.contains("SINEW_PYTHON: '\(python)' is no Python"))
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "no file system can be mounted here"))
    func `a new scene on a full disk says so and leaves no file`() throws {
        let disk = try SmallDisk(kibibytes: 64)
        try disk.folder.copy(SinewProcess.repository + "/Robots/pendulum.urdf", to: "p.urdf")
        try disk.fill()
        expectFailure(
            74, "no space left on device", from: try sinew("scenes", "--new", "p.urdf", in: disk.folder))
        #expect(Set(disk.folder.files().keys) == ["filler", "p.urdf"])
        try disk.makeRoom()
        #expect(try sinew("scenes", "--new", "p.urdf", in: disk.folder).code == 0)
    }
}
