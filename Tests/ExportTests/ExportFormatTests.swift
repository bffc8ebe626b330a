// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

/// Claims about every form that a policy leaves in, also about those to come.
struct ExportFormatTests {
    private static func format(_ name: String) throws -> ExportFormat {
        try #require(ExportFormat.all.first { $0.name == name })
    }

    private static func policies() throws -> [PolicyFile] {
        var random = RandomStream(seed: 1, name: "formats")
        return [
            try GoldenTests.pendulum(),
            try randomPolicy(&random, observations: 5, actions: 2, widths: [30, 8], choices: 7),
        ]
    }

    /// The files of what is at `path`: itself, or those of a folder.
    private static func files(_ path: String) throws -> [String: Data] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let paths = names.isEmpty ? [path] : names.map { "\(path)/\($0)" }
        return try Dictionary(
            uniqueKeysWithValues: paths.map { ($0, try Data(contentsOf: URL(fileURLWithPath: $0))) })
    }

    @Test(arguments: ExportFormat.all.map(\.name))
    func `what is written is known again by what it holds, read back, and runs`(name: String) throws {
        let format = try Self.format(name)
        for policy in try Self.policies() {
            try withTemporaryFolder { folder in
                // No ending tells.
                let path = "\(folder)/exported"
                try format.write(policy, to: path)
                let files = try Self.files(path)
                #expect(
                    ExportFormat.all.filter { $0.isContent(path, files[path].map { [UInt8]($0) }) }.map(
                        \.name) == [name])
                let file = try ExportedFile(path: path)
                if let read = file.policy {
                    let observations = TestObservations(policy.network, count: 200).rows
                    #expect(try commands(read, observations) == commands(policy, observations))
                    #expect(read.contract == policy.contract)
                }
                let (results, missing) = try Verification.verify(file, against: policy)
                #expect(!results.isEmpty && results.allSatisfy(\.agrees), "\(results)")
                #expect(results.count + missing.count == file.engines.count)
                // The same policy gives the same bytes.
                try format.write(policy, to: path)
                #expect(try Self.files(path) == files)
            }
        }
    }

    @Test(arguments: ExportFormat.all.map(\.name))
    func `what was cut off is refused`(name: String) throws {
        try withTemporaryFolder { folder in
            let format = try Self.format(name)
            let path = folder + "/exported" + format.ending
            try format.write(try GoldenTests.pendulum(), to: path)
            for (file, sound) in try Self.files(path) {
                for quarters in 0..<4 {
                    try sound.prefix(sound.count * quarters / 4).write(to: URL(fileURLWithPath: file))
                    #expect(throws: ExportError.self, "\(file), \(quarters) quarters of it") {
                        try Verification.verify(ExportedFile(path: path))
                    }
                }
                try sound.write(to: URL(fileURLWithPath: file))
            }
            #expect(throws: Never.self) { try Verification.verify(ExportedFile(path: path)) }
        }
    }

    @Test func `what no form has written is refused, and a name alone is believed where nothing else tells`()
        throws
    {
        try withTemporaryFolder { folder in
            #expect(throws: ExportError.self) { try ExportedFile(path: "\(folder)/none") }
            #expect(throws: ExportError.self) { try ExportedFile(path: folder) }
            for bytes in [[], [8], Array("hello world".utf8), [UInt8](repeating: 0, count: 100)] {
                for ending in [""] + ExportFormat.all.map(\.ending) {
                    let path = "\(folder)/d\(ending)"
                    try Data(bytes).write(to: URL(fileURLWithPath: path))
                    #expect(throws: ExportError.self) { try Verification.verify(ExportedFile(path: path)) }
                }
            }
            // A policy file stays one under another form's name.
            let policy = try GoldenTests.pendulum()
            try policy.write(to: "\(folder)/p.onnx")
            #expect(try ExportedFile(path: "\(folder)/p.onnx").policy?.bytes == policy.bytes)
        }
    }

    @Test func `names differ, and an option is refused by a form that has it not`() throws {
        #expect(Set(ExportFormat.all.map(\.name)).count == ExportFormat.all.count)
        #expect(Set(ExportFormat.all.map(\.ending)).count == ExportFormat.all.count)
        for option in Set(ExportFormat.all.flatMap(\.options)) {
            for format in ExportFormat.all {
                guard !format.options.contains(option) else {
                    #expect(throws: Never.self) { try format.check([option: ""]) }
                    continue
                }
                let error = try #require(throws: ExportError.self) { try format.check([option: ""]) }
                #expect(error.description.contains("--\(option.name)"))
                #expect(option.formats.allSatisfy(error.description.contains))
            }
        }
    }
}
