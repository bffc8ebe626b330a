// SPDX-License-Identifier: MIT

import Agents
import Safetensors
import Testing
import Training

/// What a run does when the numbers leave it.
struct DivergenceTests {
    @Test func `one diverged episode is cut, said, logged, and not learned from`() throws {
        let run = try TestRun(faults: Faults(diverging: [40]))
        #expect(try run.train() == .finished)
        #expect(run.witness.warnings.count == 1)
        #expect(run.witness.warnings.first?.contains("step 40") == true)
        let archive = try #require(try run.newestCheckpoint())
        #expect(try archive.value("replay.total", as: UInt64.self) == 89)
        let row = try #require(try run.rows(run.folder.progress).first { $0.contains("diverged") })
        #expect(row.hasPrefix("40,"))
        // The reward of the last step, NaN there, is no part of the episode's return.
        let cells = row.split(separator: ",", omittingEmptySubsequences: false)
        #expect(Double(cells[2])?.isFinite == true)
    }

    @Test func `three diverged episodes in a row stop the run, and a checkpoint says where`() throws {
        let run = try TestRun(faults: Faults(diverging: [50, 56, 60, 61]))
        #expect(throws: TrainingError.simulationDiverged(step: 60, path: run.folder.path)) {
            try run.train()
        }
        let archive = try #require(try run.newestCheckpoint())
        #expect(try archive.values("run.counters", as: UInt64.self)[0] == 60)
        #expect(try archive.value("replay.total", as: UInt64.self) == 57)
        // Going on, it may go well; a fourth in a row stops it again.
        #expect(throws: TrainingError.simulationDiverged(step: 61, path: run.folder.path)) {
            try run.train(isResumed: true)
        }
        run.faults = Faults()
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test func `diverged episodes are counted in a row across a resume`() throws {
        let run = try TestRun(faults: Faults(diverging: [50, 56, 60]))
        try run.train(stoppingAfter: 58)
        #expect(throws: TrainingError.simulationDiverged(step: 60, path: run.folder.path)) {
            try run.train(isResumed: true)
        }
    }

    @Test func `diverged episodes with a good one between them do not stop the run`() throws {
        // An episode takes at most 15 steps, so one ends well between 31 and 60.
        let run = try TestRun(faults: Faults(diverging: [30, 31, 60, 61, 85]))
        #expect(try run.train() == .finished)
        #expect(run.witness.warnings.count == 5)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func `a reward that is no finite float stops the run at its step, and a checkpoint is kept`(
        reward: Double
    ) throws {
        // In the warm-up no update would notice; later ones would.
        for step in [1, 10, 45] {
            let run = try TestRun(faults: Faults(rewards: [step: reward]))
            let error = #expect(throws: TrainingError.self) { try run.train() }
            guard case .learningDiverged(step, let reason, run.folder.path) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason.contains("reward"))
            #expect(try run.newestCheckpoint() != nil)
            run.faults = Faults()
            #expect(try run.train(isResumed: true) == .finished)
        }
    }

    @Test func `an observation that is not finite stops the run`() throws {
        let run = try TestRun(faults: Faults(observations: [45: .nan]))
        let error = #expect(throws: TrainingError.self) { try run.train() }
        guard case .learningDiverged(45, let reason, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("observation"))
    }

    @Test func `a loss that is not finite stops the run, and the checkpoint before it is kept`() throws {
        // An entropy that no policy can have drives the temperature up until it overflows.
        let run = try TestRun(settings: [
            "warm_up: 60", "updates_per_step: 60", "target_entropy: 1000",
            "initial_temperature: 1e6", "temperature_learning_rate: 1",
        ])
        try run.train(stoppingAfter: 50)
        var steps: [Int] = []
        for _ in 0..<2 {
            let error = #expect(throws: TrainingError.self) { try run.train(isResumed: true) }
            guard case .learningDiverged(let step, let reason, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(step > 60)
            #expect(reason.contains("loss"))
            let archive = try #require(try run.newestCheckpoint())
            #expect(try archive.values("run.counters", as: UInt64.self)[0] >= 50)
            steps.append(step)
        }
        // It goes on from a checkpoint that knew nothing of it, to the same end.
        #expect(steps[0] == steps[1])
    }
}
