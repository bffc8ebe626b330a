// SPDX-License-Identifier: MIT

import Files
import Foundation
import Safetensors
import Testing
import Training

struct CheckpointStoreTests {
    private struct Broken: Error {}

    private func sources(_ number: Double) -> [TensorSource] { [TensorSource("number", [number])] }

    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `the newest two checkpoints are kept`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for step in [0, 5, 900, 12_345_678_901] { try store.write(sources(Double(step)), step: step) }
        #expect(try names(folder) == ["step-000000900", "step-12345678901"])
        let newest = try store.readNewest { Issue.record("\($0)") }
        #expect(try newest?.value("number", as: Double.self) == 12_345_678_901)
    }

    @Test func `what a killed process left half written is not read, and goes with the next checkpoint`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        try store.write(sources(1), step: 1)
        for name in [".step-000000002.partial", ".step-000000003.partial"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)/state.safetensors"))
        }
        let newest = try store.readNewest { Issue.record("\($0)") }
        #expect(try newest?.value("number", as: Double.self) == 1)
        try store.write(sources(4), step: 4)
        #expect(try names(folder) == ["step-000000001", "step-000000004"])
    }

    @Test func `a checkpoint that cannot be read now is no reason to begin anew`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        try store.write(sources(1), step: 1)
        try store.write(sources(2), step: 2)
        // A folder in the file's place: the system refuses to read it, as it does a file of somebody else.
        let file = "\(folder.path)/step-000000002/state.safetensors"
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        #expect(throws: SafetensorsError.self) { try store.readNewest { Issue.record("skipped: \($0)") } }
        // One that is gone is skipped.
        try FileManager.default.removeItem(atPath: file)
        var warnings = 0
        let newest = try store.readNewest { _ in warnings += 1 }
        #expect(try newest?.value("number", as: Double.self) == 1 && warnings == 1)
    }

    @Test
    func `going on removes what was left: unfinished, damaged of later steps, and older than the newest two`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for step in [8, 9] { try store.write(sources(Double(step)), step: step) }
        // As if a process had been killed between its rename and its removal of the oldest, and two files had suffered since.
        for (old, new) in [("000000008", "000000003"), ("000000009", "000000004")] {
            try FileManager.default.copyItem(
                atPath: "\(folder.path)/step-\(old)", toPath: "\(folder.path)/step-\(new)")
        }
        for name in [".step-000000010.partial", "step-000000002"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        try store.tidy(after: 4)
        #expect(try names(folder) == ["step-000000003", "step-000000004"])
        // What is written next is the newest, and stays.
        try store.write(sources(6), step: 6)
        #expect(try store.readNewest { Issue.record("\($0)") }?.value("number", as: Double.self) == 6)
    }

    @Test func `what is of a later step and stays in the way does not cost the checkpoints that are written`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for step in [2, 8, 9] { try store.write(sources(Double(step)), step: step) }
        for name in ["step-000000008", "step-000000009"] {
            try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)/notes.txt"))
            try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)/state.safetensors")
        }
        try store.write(sources(2), step: 2)
        try store.tidy(after: 2)
        for step in 3...4 { try store.write(sources(Double(step)), step: step) }
        #expect(try names(folder) == [3, 4, 8, 9].map { "step-00000000\($0)" })
        #expect(try store.readNewest { _ in }?.value("number", as: Double.self) == 4)
    }

    @Test func `a checkpoint that fails while it is written leaves the others`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for step in 1...2 { try store.write(sources(Double(step)), step: step) }
        let bad = TensorSource(TensorDescription("number", .f64, shape: [1])) { _ in throw Broken() }
        #expect(throws: Broken.self) { try store.write([bad], step: 3) }
        #expect(try names(folder) == ["step-000000001", "step-000000002"])
    }

    @Test func `a checkpoint written again at its step replaces the one there`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for number in 1...2 { try store.write(sources(Double(number)), step: 7) }
        #expect(try names(folder) == ["step-000000007"])
        #expect(try store.readNewest { _ in }?.value("number", as: Double.self) == 2)
    }

    @Test func `any single damaged byte is noticed`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        try store.write(sources(1), step: 1)
        try store.write(sources(2), step: 2)
        let file = URL(fileURLWithPath: "\(folder.path)/step-000000002/state.safetensors")
        let sound = try Data(contentsOf: file)
        for index in sound.indices {
            var damaged = sound
            damaged[index] ^= 1 << (index % 8)
            try damaged.write(to: file)
            var warnings: [String] = []
            let newest = try store.readNewest { warnings.append($0) }
            #expect(try newest?.value("number", as: Double.self) == 1, "byte \(index)")
            #expect(warnings.count == 1)
        }
    }

    @Test func `a folder of checkpoints that is a link is neither read, written nor emptied`() throws {
        let folder = try TemporaryFolder()
        let others = CheckpointStore(path: folder.path + "/others")
        for step in 1...2 { try others.write(sources(Double(step)), step: step) }
        let link = folder.path + "/checkpoints"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "others")
        let store = CheckpointStore(path: link)
        #expect(throws: FileError.self) { try store.write(sources(3), step: 3) }
        #expect(throws: SafetensorsError.self) { try store.readNewest { _ in } }
        #expect(throws: FileError.self) { try store.tidy(after: 0) }
        #expect(throws: FileError.self) { try store.removeAll() }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/others").sorted()
        #expect(names == ["step-000000001", "step-000000002"])
        #expect(try others.readNewest { _ in }?.value("number", as: Double.self) == 2)
    }

    @Test func `what holds more than a checkpoint, and links among them, stay`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for step in 1...2 { try store.write(sources(Double(step)), step: step) }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/step-000000001/notes.txt"))
        let elsewhere = folder.path + "-elsewhere"
        try FileManager.default.copyItem(atPath: folder.path + "/step-000000002", toPath: elsewhere)
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        for name in ["step-000000003", ".step-000000004.partial"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: elsewhere)
        }
        try store.tidy(after: 2)
        for step in 5...7 { try store.write(sources(Double(step)), step: step) }
        try store.removeAll()
        #expect(try names(folder) == [".step-000000004.partial", "step-000000001", "step-000000003"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == ["state.safetensors"])
        let notes = try String(contentsOfFile: folder.path + "/step-000000001/notes.txt", encoding: .utf8)
        #expect(notes == "mine")
    }

    @Test func `an empty file in a checkpoint's place does not hide the older one, and goes`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        try store.write(sources(1), step: 1)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/step-000000002"))
        var warnings: [String] = []
        let newest = try store.readNewest { warnings.append($0) }
        #expect(try newest?.value("number", as: Double.self) == 1)
        #expect(warnings.count == 1 && warnings[0].contains("step-000000002"))
        try store.write(sources(2), step: 2)
        #expect(try store.readNewest { Issue.record("\($0)") }?.value("number", as: Double.self) == 2)
    }

    @Test func `other names in the folder are nobody's checkpoints`() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(path: folder.path)
        for name in ["step-abc", "notes", "step-"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
        #expect(try store.readNewest { Issue.record("\($0)") } == nil)
        try store.removeAll()
        #expect(try names(folder).count == 3)
        #expect(try CheckpointStore(path: folder.path + "/absent").readNewest { _ in } == nil)
    }
}
