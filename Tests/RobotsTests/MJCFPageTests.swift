// SPDX-License-Identifier: MIT

import Foundation
import Robots
import Testing

/// docs/mjcf.md shows the list that the reader obeys.
struct MJCFPageTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/mjcf.md")
    private static let marks = ("<!-- parts: written by make schema -->\n", "<!-- end -->")

    private static var table: String {
        let rows = MJCFPart.all.map { part in
            let fate =
                switch part.fate {
                case .read: part.read.isEmpty ? "read" : part.read.map { "`\($0)`" }.joined(separator: " ")
                case .ignored(let why): "ignored: \(why)"
                case .refused(let remedy): "refused: \(remedy)"
                }
            let said = part.said.map { names, why in
                names.map { "`\($0)`" }.joined(separator: " ") + " (\(why))"
            }
            let ignored = part.ignored.map { "`\($0)`" }.joined(separator: " ")
            return "| `\(part.name)` | \(fate) | \(said.joined(separator: "; ")) | \(ignored) |\n"
        }
        return "| element | read | left out with a warning | ignored |\n|---|---|---|---|\n" + rows.joined()
    }

    @Test func `the page shows the list`() throws {
        let page = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(page.range(of: Self.marks.0)).upperBound
        let end = try #require(page.range(of: Self.marks.1)).lowerBound
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try page.replacingCharacters(in: start..<end, with: Self.table)
                .write(to: Self.file, atomically: false, encoding: .utf8)
        } else {
            #expect(page[start..<end] == Self.table, "run make schema")
        }
    }
}
