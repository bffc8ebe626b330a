// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Testing

struct SettingsReferenceTests {
    @Test func `the shipped page is the one that the tables give`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/settings.md")
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try Data(SettingsReference.page.utf8).write(to: file)
        }
        let shipped = try String(contentsOf: file, encoding: .utf8)
        #expect(shipped == SettingsReference.page, "run make schema")
    }

    @Test func `every key of every algorithm is there, with its default`() {
        for algorithm in Algorithm.allCases {
            for (key, value) in AgentConfiguration(algorithm).settings {
                #expect(SettingsReference.page.contains("| `\(key)` | \(value) | "))
            }
        }
    }
}
