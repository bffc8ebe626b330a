// SPDX-License-Identifier: MIT

import Files
import Foundation
import Sweeps
import Testing

/// One process alone has a folder, whoever else wants it.
struct ClaimTests {
    private let path = NSTemporaryDirectory() + "sinew-claims-\(UUID().uuidString)"
    private let folder: Folder

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = try Folder(path)
    }

    private func write(_ text: String, to name: String, age: Double = 0) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: "\(path)/\(name)")
    }

    private var claims: [String] { Folder.names(at: path).filter { $0.hasPrefix("claim-") }.sorted() }

    @Test func `what is claimed is claimed once, and again when it is left`() throws {
        let first = try #require(try Claim(folder))
        #expect(try Claim(folder) == nil)
        #expect(try first.isHeld())
        try first.release()
        let second = try #require(try Claim(folder))
        #expect(try !first.isHeld() && second.isHeld())
        // One that lost it leaves it to the other.
        try first.release()
        #expect(try Claim(folder) == nil)
        try second.remove()
        #expect(claims.isEmpty)
    }

    @Test func `of many threads one has it`() async throws {
        let path = path
        for _ in 0..<20 {
            let claims = try await withThrowingTaskGroup(of: Claim?.self) { group in
                for _ in 0..<16 { group.addTask { try Claim(Folder(path)) } }
                return try await group.reduce(into: [Claim]()) { if let claim = $1 { $0.append(claim) } }
            }
            #expect(claims.count == 1)
            try claims.first?.remove()
        }
    }

    @Test func `that of an ended process is taken up at once, and its owner would see it`() throws {
        let claim = try #require(try Claim(folder))
        let text = try String(contentsOfFile: "\(path)/claim-1", encoding: .utf8)
        var words = text.split(separator: " ").map(String.init)
        // A process that is there, but was started at another time: the number was given again.
        words[2] = "1\n"
        try write(words.joined(separator: " "), to: "claim-1")
        let next = try #require(try Claim(folder))
        #expect(try !claim.isHeld() && next.isHeld())
        #expect(claims == ["claim-2"])
        try next.remove()
        let ended = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
        ended.waitUntilExit()
        words[1] = "\(ended.processIdentifier)"
        try write(words.joined(separator: " "), to: "claim-3")
        #expect(try Claim(folder) != nil)
    }

    @Test func `that of another machine counts as long as it is refreshed`() throws {
        try write("elsewhere 1 1\n", to: "claim-4", age: 60)
        #expect(try Claim(folder) == nil)
        try write("elsewhere 1 1\n", to: "claim-4", age: 180)
        let claim = try #require(try Claim(folder))
        #expect(claims == ["claim-5"])
        try write("elsewhere 1 1\n", to: "claim-6")
        #expect(try !claim.isHeld())
        try FileManager.default.removeItem(atPath: "\(path)/claim-6")
        // One that cannot be read counts by its age too.
        let unread = "\(path)/claim-6"
        try FileManager.default.createDirectory(atPath: unread, withIntermediateDirectories: false)
        #expect(try Claim(folder) == nil)
        try FileManager.default.removeItem(atPath: unread)
        // Of what was cut off nobody knows whose it is.
        try claim.remove()
        try write("", to: "claim-7", age: 60)
        #expect(try Claim(folder) == nil)
    }
}
