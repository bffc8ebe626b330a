// SPDX-License-Identifier: MIT

import Agents
import Environments
import Safetensors
import Testing
import Training

/// What passes from the environment to the agent.
struct LoopTests {
    @Test func `transitions hold the true next observation, and only a termination is one`() throws {
        let run = try TestRun(steps: 400, settings: ["warm_up: 400"])
        try run.train()
        let archive = try #require(try run.newestCheckpoint())
        // A row: observation (2), next observation (2), action, reward, ending (0 none, 1 terminated, 2 cut).
        let numbers = try archive.values("replay.rows", as: Float.self, shape: [400, 7])
        let rows = (0..<400).map { Array(numbers[$0 * 7..<$0 * 7 + 7]) }
        // The first start is drawn from the stream of the run's seed.
        let twin = PointTask(RandomStream(seed: 3, .environment))
        var first: [Float] = [0, 0]
        var span = first.mutableSpan
        twin.reset(into: &span)
        #expect(rows[0][..<2] == first[...])
        for (index, row) in rows.enumerated() {
            // The reward is minus the square of the place that the step led to.
            #expect(abs(row[5] + row[2] * row[2]) < 1e-6)
            #expect((row[6] == 1) == (abs(row[2]) > 1.5))
            #expect((row[6] == 2) == (row[3] == 0 && row[6] != 1))
            #expect(row[6] == 0 || row[6] == 1 || row[6] == 2)
            // One fifteenth of the episode is gone with each step, and none is left at its limit.
            #expect(abs(row[1] - row[3] - 1 / 15) < 1e-6)
            guard index + 1 < 400 else { continue }
            let isLast = row[6] == 1 || row[3] == 0
            if isLast {
                #expect(rows[index + 1][1] == 1)
            } else {
                #expect(rows[index + 1][..<2] == row[2..<4])
            }
        }
        let log = try run.rows(run.folder.progress)
        #expect(rows.count { $0[6] == 1 } == log.count { $0.contains("terminated") })
        #expect(rows.count { $0[6] == 2 } == log.count { $0.contains("truncated") })
        #expect(log.contains { $0.contains("terminated") } && log.contains { $0.contains("truncated") })
    }
}
