// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// A folder of its own, gone with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "sinew-command-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in the folder.
    subscript(name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self[name]))
    }

    /// Copies a file or a folder.
    ///
    /// FileManager would give it the owner of the original too, which only root may.
    func copy(_ source: String, to name: String) throws {
        let copying = try Process.run(URL(fileURLWithPath: "/bin/cp"), arguments: ["-R", source, self[name]])
        copying.waitUntilExit()
        try #require(copying.terminationStatus == 0)
    }

    /// All files below `name` with their bytes: what must be intact after an error.
    func files(below name: String = "") -> [String: [UInt8]] {
        let root = name.isEmpty ? path : self[name]
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        var files: [String: [UInt8]] = [:]
        for name in names { files[name] = (try? FileBytes.read("\(root)/\(name)")) ?? [] }
        return files
    }
}

enum Runs {
    /// A pendulum's training in small: a tenth of a second.
    static let tiny = arguments(steps: 600)

    static func arguments(steps: Int) -> [String] {
        ["train", "pendulum", "--steps", "\(steps / 100)e2"]
            + [
                "sac.warm_up=200", "sac.hidden=[16]", "sac.batch=16", "evaluate.every=300",
                "evaluate.episodes=2",
            ]
            .flatMap { ["--set", $0] }
    }

    /// A finished tiny run, `run` in a folder that nobody may change.
    static let finished = Result { () throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        let outcome = try sinew(tiny + ["--output", "run"], in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return folder
    }

    /// What a run leaves that must not depend on time: both policies, and both logs without their last column, seconds.
    struct Leavings: Equatable {
        var policies: [[UInt8]]
        var logs: [[Substring]]

        init(_ run: String) throws {
            policies = try ["best", "last"].map { try FileBytes.read("\(run)/\($0).safetensors") }
            logs = try ["progress", "evaluations"].map { name in
                let text = try String(contentsOfFile: "\(run)/\(name).csv", encoding: .utf8)
                let lines = text.split(separator: "\n")
                try #require(lines.first?.hasSuffix(",seconds") == true)
                return lines.map { $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)] }
            }
        }
    }
}
