// SPDX-License-Identifier: MIT

import Export
import Foundation
import Policies
import Testing

/// Claims about a policy that an earlier version trained and wrote: old files stay readable and keep their meaning.
struct GoldenTests {
    static func pendulum() throws -> PolicyFile {
        let path = try #require(
            Bundle.module.path(forResource: "pendulum", ofType: "safetensors", inDirectory: "Golden"))
        return try PolicyFile(contentsOf: path)
    }

    @Test func `the pendulum's policy is read, and pulls the rod to where it stands upright`() throws {
        let policy = try Self.pendulum()
        #expect(policy.contract.scene == "pendulum")
        #expect(policy.contract.observations.count == 3 && policy.contract.actions.count == 1)
        // Falling to either side near the top, it pushes against it: observations are cos, sin and speed.
        let torques = try commands(policy, [[0.98, 0.2, 0.5], [0.98, -0.2, -0.5]])
        #expect(torques[0][0] < 0 && torques[1][0] > 0)
    }
}
