// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// What is done in a folder that is held open.
struct FolderTests {
    @Test func `a name is given once, and is had by who asks for it again`() throws {
        let path = NSTemporaryDirectory() + "sinew-folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try Folder(path)
        try AtomicFile.write([1], to: "one", in: folder)
        try AtomicFile.write([2], to: "two", in: folder)
        #expect(try folder.link("one", as: "wanted"))
        #expect(try !folder.link("two", as: "wanted"))
        // As a file server is asked again whose first answer was lost.
        #expect(try folder.link("one", as: "wanted"))
        #expect(throws: FileError.self) { try folder.link("absent", as: "other") }
    }
}
