// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// `replay --html`: a page of the episodes; what it scores is the same as without.
struct ReplayPageTests {
    private let folder: TemporaryFolder
    private static let pendulum = ExportVerifyTests.pendulum

    init() throws { folder = try TemporaryFolder() }

    private func page(_ name: String) throws -> String {
        String(decoding: try FileBytes.read(folder[name]), as: UTF8.self)
    }

    @Test func `a page has the episodes that were scored, and filming changes no return`() throws {
        let words = ["replay", Self.pendulum, "--episodes", "3", "--json"]
        let plain = try sinew(words, in: folder)
        let filmed = try sinew(words + ["--html", "p.html"], in: folder)
        #expect(filmed.code == 0 && filmed.output == plain.output)
        #expect(filmed.errors.contains("wrote p.html: 3 episodes"))
        let page = try page("p.html")
        #expect(page.components(separatedBy: "\"return\":").count == 4)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        #expect(folder.files().count == 1)
    }

    @Test func `a second policy stands beside the first`() throws {
        let run = try Runs.finished.get()["run"]
        let both = try sinew(
            "replay", run, "--episodes", "2", "--html", "b.html", "--against", Self.pendulum, in: folder)
        #expect(both.code == 0, "\(both.errors)")
        let page = try page("b.html")
        #expect(page.components(separatedBy: "\"label\":").count == 3)
        #expect(page.contains("\"label\":\"pendulum.safetensors\""))
    }

    @Test func `what cannot be written or compared is said before anything runs`() throws {
        expectFailure(
            64, "ends in .html", from: try sinew("replay", Self.pendulum, "--html", "p.txt", in: folder))
        expectFailure(
            64, "--against needs --html",
            from: try sinew("replay", Self.pendulum, "--against", Self.pendulum, in: folder))
        expectFailure(
            66, "no such run",
            from: try sinew(
                "replay", Self.pendulum, "--html", "p.html", "--against", "nothing", in: folder))
        expectFailure(
            65, "in the scene hopper it is",
            from: try sinew(
                "replay", Self.pendulum, "--html", "p.html", "--scene", "hopper", "--against",
                Self.pendulum, in: folder))
        #expect(folder.files().isEmpty)
    }
}
