// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What is refused before it takes minutes or memory, or is taken for what it is not: whole calls of the command.
struct LimitsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func makeHuge(_ name: String) throws {
        #expect(FileManager.default.createFile(atPath: folder[name], contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: folder[name]))
        // A hole: it takes no room on the disk.
        try handle.truncate(atOffset: 6 << 30)
        try handle.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func `files of gigabytes are refused by their size`() throws {
        let calls = [
            "p.safetensors": [["replay"], ["verify"], ["export", "--format", "c", "--output", "c"]],
            "p.onnx": [["verify"]], "r.urdf": [["scenes", "--new"]],
            "s.yaml": [["scenes", "--check"], ["train"]],
        ]
        for (name, verbs) in calls {
            try makeHuge(name)
            for verb in verbs {
                let arguments =
                    [verb[0]] + (verb[0] == "scenes" ? [verb[1], name] : [name] + verb.dropFirst())
                // What fits into 2 GiB has not been read.
                let process = try SinewProcess(arguments, in: folder.path, after: "ulimit -v 2097152")
                let outcome = try process.wait()
                #expect(outcome.code == 65, "\(outcome.errors)")
                #expect(
                    outcome.errors.contains("\(name): it has 6442450944 bytes; at most"), "\(outcome.errors)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a robot of endless comments or of thousands of joints is refused`() throws {
        let joints = (1...5000).map {
            "<link name='l\($0)'/><joint name='j\($0)' type='fixed'><parent link='l\($0 - 1)'/><child link='l\($0)'/></joint>"
        }
        let robots = [
            "comments": String(repeating: "<!--", count: 80_000),
            "closed": String(repeating: "<!---->", count: 2_000_000) + "</robot>",
            "elements": String(repeating: "<a/>", count: 2_000_000) + "</robot>",
            "joints": "<link name='l0'/>" + joints.joined() + "</robot>",
        ]
        let words = ["comments": "a comment begins here", "joints": "5001 links"]
        for (name, body) in robots {
            try folder.write("<robot name='r'>" + body, to: "\(name).urdf")
            let outcome = try sinew("scenes", "--new", "\(name).urdf", in: folder)
            expectFailure(65, "\(name).urdf:1", words[name] ?? "more than 100000 elements", from: outcome)
        }
    }

    @Test func `logs that no run wrote are noticed by a finished run and by one that goes on`() throws {
        let finished = try Runs.finished.get()["run"]
        for log in ["evaluations", "progress"] {
            for steps in ["600", "900"] {
                let run = "\(log)-\(steps)"
                try folder.copy(finished, to: run)
                let bytes = (0..<20_000).map { UInt8(128 + $0 * 37 % 128) }
                try Data(bytes).write(to: URL(fileURLWithPath: folder["\(run)/\(log).csv"]))
                let before = folder.files(below: "\(run)/checkpoints")
                let arguments = ["train", "pendulum", "--output", run, "--resume", "--steps", steps]
                expectFailure(65, "\(log).csv:1", "not text", from: try sinew(arguments, in: folder))
                #expect(folder.files(below: "\(run)/checkpoints") == before)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a log that leads to an endless device is refused`() throws {
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        try FileManager.default.removeItem(atPath: folder["run/progress.csv"])
        try FileManager.default.createSymbolicLink(
            atPath: folder["run/progress.csv"], withDestinationPath: "/dev/zero")
        for steps in ["600", "900"] {
            let arguments = ["train", "pendulum", "--output", "run", "--resume", "--steps", steps]
            let outcome = try sinew(arguments, in: folder)
            #expect(outcome.code != 0 && outcome.errors.contains("run/progress.csv"), "\(outcome.errors)")
        }
    }

    @Test func `names of 248 bytes are names`() throws {
        let name = String(repeating: "n", count: 248)
        #expect(try sinew(Runs.tiny + ["--output", name], in: folder).code == 0)
        #expect(try sinew(["train", name, "--resume"], in: folder).code == 0)
        // The partial file's name has no room for more than the name.
        let file = String(repeating: "f", count: 243) + ".safetensors"
        let exported = try sinew(
            "export", name, "--format", "safetensors", "--output", file, in: folder)
        #expect(exported.code == 0, "\(exported.errors)")
        expectFailure(
            73, "ile name too long", from: try sinew(Runs.tiny + ["--output", name + "12345678"], in: folder))
    }
}
