// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Settings
import Testing

struct SettingsReferenceTests {
    @Test func `the shipped page is the one that the keys give`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/settings.md")
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try Data(Algorithm.reference.utf8).write(to: file)
        }
        let shipped = try String(contentsOf: file, encoding: .utf8)
        #expect(shipped == Algorithm.reference, "run make schema")
    }

    @Test func `every key of every algorithm is there, with its default`() {
        for algorithm in Algorithm.all {
            for entry in AgentConfiguration(algorithm).encoded.entries ?? [] {
                let shown = entry.value.flowText == "{}" ? "none" : entry.value.flowText
                #expect(Algorithm.reference.contains("| `\(entry.key)` | \(shown) | "))
            }
        }
    }
}
