// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What a terminal shows, by util-linux's `script`, which gives the command one of its own.
struct TerminalTests {
    private static let clearing = "\r\u{1b}[K"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What `sinew` writes on a terminal of some columns; a training of a few tenths of a second.
    private func shown(
        columns: Int, _ arguments: [String]? = nil, environment: [String: String] = [:]
    ) throws -> String {
        let words =
            try [SinewProcess.executable.path]
            + (arguments ?? Runs.arguments(steps: 6000) + ["--output", "run"])
        let command = "stty cols \(columns); exec " + words.map { "'\($0)'" }.joined(separator: " ")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = ["-qec", command, "/dev/null"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.environment = SinewProcess.environment.merging(["TERM": "xterm"]) { $1 }
            .merging(environment) { $1 }
        let output = Pipe()
        (process.standardOutput, process.standardInput) = (output, FileHandle.nullDevice)
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    @Test(arguments: [40, 80, 200])
    func `the live line fits the terminal`(_ columns: Int) throws {
        let text = try shown(columns: columns)
        let live = text.components(separatedBy: Self.clearing).dropFirst()
            .compactMap { $0.split(whereSeparator: \.isNewline).first }.filter { $0.contains(" %") }
        #expect(!live.isEmpty)
        for line in live { #expect(line.count < columns && line.contains("left"), "\(line)") }
        if columns == 200 {
            #expect(live.contains { $0.contains("training return") && $0.contains("steps/s") })
        }
        #expect(text.contains("\u{1b}[32m\(columns > 40 ? "best so far" : "step ")"))
    }

    @Test func `NO_COLOR has no colours, and TERM=dumb no codes at all`() throws {
        let plain = try shown(columns: 80, environment: ["NO_COLOR": "1"])
        #expect(plain.contains(Self.clearing) && !plain.contains("\u{1b}[3") && !plain.contains("\u{1b}[1"))
        try FileManager.default.removeItem(atPath: folder["run"])
        let dumb = try shown(columns: 80, environment: ["TERM": "dumb"])
        #expect(!dumb.contains("\u{1b}") && dumb.contains("best so far"))
    }

    @Test(arguments: [40, 80])
    func `texts and tables of a scene fit the terminal`(_ columns: Int) throws {
        for arguments in [["scenes"], ["scenes", "quadruped"]] {
            let lines = try shown(columns: columns, arguments).split(whereSeparator: \.isNewline)
            #expect(lines.count > 5)
            // A long path stands alone.
            for line in lines {
                #expect(line.count <= columns || line.split(separator: " ").count == 1, "\(line)")
            }
        }
    }

    @Test func `a pipe is told at once what begins`() throws {
        let outcome = try sinew(Runs.tiny + ["--output", "run"], in: folder)
        #expect(outcome.errors.hasPrefix("training pendulum by sac to step 600, into run\n"))
        #expect(!outcome.errors.contains("\u{1b}") && !outcome.errors.contains("\r"))
    }
}
