// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing
import Training

struct RunFolderTests {
    @Test func `a folder with anything in it is refused`() throws {
        let parent = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: parent.path + "/notes.txt"))
        #expect(throws: TrainingError.runExists(path: parent.path)) { try RunFolder(parent.path).create() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["notes.txt"])
    }

    @Test(.enabled(if: geteuid() != 0, "nothing keeps root from looking into a folder"))
    func `a folder that cannot be looked into is not free`() throws {
        let run = try TestRun()
        unsafe chmod(run.folder.path, 0o300)
        defer { unsafe chmod(run.folder.path, 0o700) }
        #expect(throws: TrainingError.cannotCreate(path: run.folder.path, reason: "Permission denied")) {
            try RunFolder(run.folder.path).checkFree()
        }
    }

    @Test func `an empty folder, and one killed before run.yaml was there, will do`() throws {
        let parent = try TemporaryFolder()
        try RunFolder(parent.path).create()
        try Data("form".utf8).write(to: URL(fileURLWithPath: parent.path + "/.run.yaml.partial"))
        let folder = RunFolder(parent.path)
        try folder.create()
        let run = try TestRun()
        try folder.write(run.recipe)
        #expect(try folder.readRecipe() == run.recipe)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["run.yaml"])
    }

    @Test func `where a process was killed while it copied the scene, another run may begin`() throws {
        let parent = try TemporaryFolder()
        let run = try TestRun()
        let names = [("scene/a.yaml", [UInt8]("a".utf8)), ("scene/b.urdf", [UInt8]("b".utf8))]
        var folder: RunFolder? = RunFolder(parent.path)
        try folder?.create()
        try folder?.write(run.recipe, copies: names.map { (name: $0.0, bytes: $0.1) })
        folder = nil
        #expect(try String(contentsOfFile: parent.path + "/scene/b.urdf", encoding: .utf8) == "b")
        // As it is before run.yaml is there, and a folder of that name that somebody else made.
        try FileManager.default.moveItem(
            atPath: parent.path + "/run.yaml", toPath: parent.path + "/.run.yaml.partial")
        try RunFolder(parent.path).create()
        try FileManager.default.removeItem(atPath: parent.path + "/.run.yaml.partial")
        #expect(throws: TrainingError.runExists(path: parent.path)) { try RunFolder(parent.path).create() }
    }

    @Test(arguments: [".run.yaml.partial", "run.yaml", "scene"])
    func `a link in the folder of a run is not written through`(name: String) throws {
        let parent = try TemporaryFolder()
        let victim = parent.path + "/victim"
        try Data("kept".utf8).write(to: URL(fileURLWithPath: victim))
        let folder = RunFolder(parent.path + "/run")
        try folder.create()
        for target in [victim, parent.path + "/absent"] {
            let link = "\(folder.path)/\(name)"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let error = #expect(throws: FileError.self) {
                try folder.write(TestRun().recipe, copies: [(name: "scene/a.yaml", bytes: [1])])
            }
            #expect(error?.description.contains("symbolic link") == true)
            try FileManager.default.removeItem(atPath: link)
            try? FileManager.default.removeItem(atPath: folder.path + "/scene")
        }
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "kept")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted() == ["run", "victim"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `copies of a robot's files lie in folders below, and go with a start that fails`() throws {
        let parent = try TemporaryFolder()
        let folder = RunFolder(parent.path + "/run")
        try folder.create()
        let copies: [(name: String, bytes: [UInt8])] = [
            (name: "scene/a.yaml", bytes: [1]), (name: "scene/robot/m.xml", bytes: [2]),
            (name: "scene/robot/s/t/a.xml", bytes: [3]),
        ]
        let impossible = copies + [(name: "scene/robot/" + String(repeating: "n", count: 300), bytes: [4])]
        #expect(throws: FileError.self) { try folder.write(TestRun().recipe, copies: impossible) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        try folder.write(TestRun().recipe, copies: copies)
        for (name, bytes) in copies {
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)) == Data(bytes))
        }
    }

    @Test func `a path that is a file, or below one, cannot become a folder`() throws {
        let parent = try TemporaryFolder()
        let file = parent.path + "/file"
        try Data("kept".utf8).write(to: URL(fileURLWithPath: file))
        for path in [file, file + "/run"] {
            let error = #expect(throws: TrainingError.self) { try RunFolder(path).create() }
            guard case .cannotCreate(path, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "kept")
    }

    @Test func `only one may train in a folder, also after run.yaml is written anew`() throws {
        let run = try TestRun()
        let busy = TrainingError.runIsBusy(path: run.folder.path)
        #expect(throws: busy) { try RunFolder(run.folder.path).lockForWriting() }
        try run.folder.write(run.recipe)
        #expect(throws: busy) { try RunFolder(run.folder.path).lockForWriting() }

        var first: RunFolder? = RunFolder(try TemporaryFolder().path + "/run")
        try first?.create()
        let path = try #require(first?.path)
        let second = RunFolder(path)
        // Twice: what it tried the first time leaves it no hold of the folder.
        #expect(throws: TrainingError.runIsBusy(path: path)) { try second.create() }
        #expect(throws: TrainingError.runIsBusy(path: path)) { try second.create() }
        first = nil
        try second.create()
        #expect(throws: TrainingError.runIsBusy(path: path)) { try RunFolder(path).lockForWriting() }
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `errors say what to do`() throws {
        let errors: [TrainingError] = [
            .runExists(path: "r"), .cannotCreate(path: "r", reason: "x"), .runIsBusy(path: "r"),
            .cannotChange(setting: "--seed", path: "r"), .simulationDiverged(step: 3, path: "r"),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("r: "))
            #expect(!error.description.contains("\n"))
            #expect(error.description.contains(/--output|--steps|shorter/))
        }
    }
}
