// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// Pictures and films that `replay` and `scenes` write.
struct FilmCommandTests {
    private let folder: TemporaryFolder
    private static let replay = ["replay", ExportVerifyTests.pendulum, "--episodes", "1"]

    init() throws { folder = try TemporaryFolder() }

    /// Runs `sinew` where programs are found in `path`.
    private func played(_ words: [String], path: String) throws -> SinewProcess.Outcome {
        try SinewProcess(words, in: folder.path, environment: ["PATH": path]).wait()
    }

    /// Puts a program in place of ffmpeg.
    private func write(ffmpeg script: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder["bin"], withIntermediateDirectories: true)
        try folder.write("#!/bin/sh\n\(script)\n", to: "bin/ffmpeg")
        try #require(unsafe chmod(folder["bin/ffmpeg"], 0o755) == 0)
    }

    private func size(ofPNG name: String) throws -> [Int] {
        let bytes = try FileBytes.read(folder[name])
        try #require(bytes.count > 24 && bytes.prefix(4) == [137, 80, 78, 71])
        return [16, 20].map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
    }

    @Test func `an episode becomes a strip and a film, the same bytes each time`() throws {
        let words = Self.replay + ["--fps", "1", "--size", "48x32"]
        for name in ["a", "b"] {
            let said = try sinew(words + ["--png", "\(name).png", "--gif", "\(name).gif"], in: folder)
            #expect(said.code == 0 && said.errors.contains("wrote \(name).gif: 10.0 s"), "\(said.errors)")
        }
        #expect(try size(ofPNG: "a.png") == [6 * 48 + 5 * 4, 32])
        let film = try FileBytes.read(folder["a.gif"])
        #expect(Array(film[..<6]) == Array("GIF89a".utf8) && Array(film[6..<10]) == [48, 0, 32, 0])
        // Ten seconds at one a second, and the start: as many extensions that say for how long.
        let marks = film.indices.dropLast(3).count { film[$0..<$0 + 4] == [0x21, 0xF9, 4, 5] }
        #expect(marks == 11)
        #expect(try FileBytes.read(folder["b.gif"]) == film)
        #expect(try FileBytes.read(folder["a.png"]) == FileBytes.read(folder["b.png"]))
    }

    @Test func `a table of the episode has its steps, observations, actions and the terms of its reward`()
        throws
    {
        let words = Self.replay + ["--seed", "3"]
        #expect(try sinew(words + ["--record", "a.csv"], in: folder).code == 0)
        #expect(Set(folder.files().keys) == ["a.csv"])
        let rows = try String(contentsOfFile: folder["a.csv"], encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",") }
        #expect(rows.count == 201 && rows.allSatisfy { $0.count == rows[0].count })
        #expect(rows[0].prefix(2) == ["step", "time (s)"] && rows[0].contains("action.hinge"))
        #expect(rows[0].contains("joint_velocities.hinge (rad/s)"), "\(rows[0])")
        #expect(Double(rows[200][1]) == 10)
        let first = try #require(rows[0].firstIndex(of: "reward"))
        for row in rows.dropFirst() {
            let numbers = row[first...].compactMap { Double($0) }
            #expect(numbers.count == 4 && abs(numbers[0] - numbers[1...].reduce(0, +)) < 1e-9)
        }
        let said = try sinew(words + ["--json"], in: folder)
        let score = try JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any]
        let total = rows.dropFirst().compactMap { Double($0[first]) }.reduce(0, +)
        let mean = try #require(score?["mean_return"] as? Double)
        #expect(abs(mean - total) < 1e-6 * abs(total))
    }

    @Test func `an episode is recorded for Foxglove, and another ending is refused`() throws {
        #expect(try sinew(Self.replay + ["--record", "a.mcap"], in: folder).code == 0)
        let file = try FileBytes.read(folder["a.mcap"])
        let magic: [UInt8] = [0x89] + Array("MCAP0\r\n".utf8)
        #expect(Array(file.prefix(8)) == magic && Array(file.suffix(8)) == magic)
        #expect(Set(folder.files().keys) == ["a.mcap"])
        expectFailure(64, ".mcap", from: try sinew(Self.replay + ["--record", "a.bag"], in: folder))
        expectFailure(73, "a.mcap", from: try sinew(Self.replay + ["--record", "a.mcap"], in: folder))
    }

    @Test func `a scene is drawn at its start, and is a model`() throws {
        #expect(try sinew("scenes", "hopper", "--png", "s.png", "--size", "100x50", in: folder).code == 0)
        #expect(try size(ofPNG: "s.png") == [100, 50])
        #expect(try sinew("scenes", "hopper", "--glb", "s.glb", in: folder).code == 0)
        #expect(try FileBytes.read(folder["s.glb"]).prefix(4) == Array("glTF".utf8)[...])
        for (words, reason) in [
            (["--glb", "s.png"], "ends in .glb"), (["--glb", "t.glb", "--png", "t.png"], "exclusive"),
            (["--glb", "t.glb", "--json"], "without --json"),
        ] {
            expectFailure(64, reason, from: try sinew(["scenes", "hopper"] + words, in: folder))
        }
    }

    @Test func `ffmpeg gets each picture, and what it makes is the film`() throws {
        // In place of ffmpeg: what it is told and what it reads become its file.
        try write(ffmpeg: "for last; do :; done\n{ echo \"$*\"; cat; } >\"$last\"")
        let words = Self.replay + ["--fps", "2", "--size", "64x48", "--mp4", "a.mp4"]
        let said = try played(words, path: folder["bin"] + ":/usr/bin:/bin")
        #expect(said.code == 0, "\(said.errors)")
        let film = try FileBytes.read(folder["a.mp4"])
        let line = try #require(film.firstIndex(of: 10))
        let told = String(decoding: film[..<line], as: UTF8.self)
        #expect(told.contains("-video_size 64x48 -framerate 2.0"), "\(told)")
        #expect(film.count - line - 1 == 21 * 3 * 64 * 48)
    }

    @Test func `where ffmpeg is missing or fails, nothing is written and it is said`() throws {
        let words = Self.replay + ["--size", "64x48", "--mp4", "a.mp4"]
        expectFailure(
            69, "install it", from: try played(words, path: folder.path))
        try write(ffmpeg: "echo no such codec >&2\nexit 1")
        let said = try played(words, path: folder["bin"] + ":/usr/bin:/bin")
        #expect(said.code == 74 && said.errors.contains("no such codec"), "\(said.errors)")
        #expect(FileKind(at: folder["a.mp4"]) == nil)
    }

    @Test(arguments: [
        (["--gif", "a.mp4"], "ends in .gif"), (["--png", "a"], "ends in .png"),
        (["--size", "64x64"], "needs"),
        (["--gif", "a.gif", "--size", "64"], "such as 640x480"),
        (["--gif", "a.gif", "--size", "1x9999"], "16 to 4096"),
        (["--gif", "a.gif", "--fps", "0"], "above 0"), (["--mp4", "a.mp4", "--size", "65x64"], "even"),
    ])
    func `what cannot be drawn is refused`(words: [String], reason: String) throws {
        expectFailure(64, reason, from: try sinew(Self.replay + words, in: folder))
        #expect(folder.files().isEmpty)
    }
}
