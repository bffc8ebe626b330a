// SPDX-License-Identifier: MIT

import Agents
import Environments
import Safetensors
import Testing
import Training

/// A run whose agent learns in several environments: A2C in three of them, an update every twelve steps.
struct SeveralEnvironmentsTests {
    static let kinds: [[String]] = [
        [],
        [
            "torques: 3", "optimiser: rmsprop",
            "normalise_observations: false",
        ],
    ]

    @Test(arguments: kinds.indices)
    func `a run stopped after any step and resumed has the bytes of one never stopped`(kind: Int) throws {
        let settings = Self.kinds[kind]
        let whole = try TestRun(algorithm: .a2c, settings: settings)
        #expect(try whole.train() == .finished)
        let expected = try whole.outcome
        for stop in kind == 0 ? Array(1..<90) : [1, 11, 12, 13, 50, 89] {
            let run = try TestRun(algorithm: .a2c, settings: settings)
            #expect(try run.train(stoppingAfter: stop) == .interrupted(signal: 15))
            #expect(try run.train(isResumed: true) == .finished)
            #expect(try run.outcome == expected, "stopped after step \(stop)")
        }
    }

    @Test
    func `a run with diverged steps that is stopped again and again has the bytes of one never stopped`()
        throws
    {
        let faults = Faults(diverging: [11, 24])
        let whole = try TestRun(steps: 120, faults: faults, algorithm: .a2c)
        #expect(try whole.train() == .finished)
        #expect(whole.witness.warnings.count == 2)
        let run = try TestRun(steps: 120, faults: faults, algorithm: .a2c)
        var starts = 0
        while try run.train(isResumed: starts > 0, stoppingAfter: 1 + starts % 7) != .finished {
            starts += 1
            try #require(starts < 121)
        }
        #expect(starts > 25)
        #expect(try run.outcome == whole.outcome)
    }

    @Test func `a run whose steps grow ends with the policy of one that had them from the start`() throws {
        let long = try TestRun(steps: 140, algorithm: .a2c)
        try long.train()
        let run = try TestRun(steps: 75, algorithm: .a2c)
        try run.train()
        try run.recipe.agent.apply(["steps: 140"])
        #expect(try run.train(isResumed: true) == .finished)
        #expect(try run.outcome == long.outcome)
    }

    /// The numbers of one part of the rollout in the newest checkpoint, a row each.
    private func rows(_ run: TestRun, _ part: String, _ columns: Int) throws -> [[Float]] {
        let numbers = try #require(try run.newestCheckpoint())
            .values("rollout.\(part)", as: Float.self, shape: [60, columns])
        return (0..<60).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
    }

    @Test func `environments take turns, each with its own stream, and each row follows its own last one`()
        throws
    {
        // A rollout of 20 steps in each of three environments, stopped before its last step.
        let run = try TestRun(steps: 200, algorithm: .a2c, settings: ["rollout: 20"])
        #expect(try run.train(stoppingAfter: 59) == .interrupted(signal: 15))
        let observations = try rows(run, "observations", 2)
        let nextObservations = try rows(run, "next_observations", 2)
        let terminated = try rows(run, "terminated", 1)
        let last = try rows(run, "last", 1)
        for environment in 0..<3 {
            let twin = PointTask(RandomStream(seed: 3, .environment, index: UInt64(environment)))
            var first: [Float] = [0, 0]
            var span = first.mutableSpan
            twin.reset(into: &span)
            #expect(observations[environment] == first)
        }
        for row in 0..<59 {
            // The share of the episode that is left falls by a fifteenth, and is 1 at a start.
            #expect(abs(observations[row][1] - nextObservations[row][1] - 1 / 15) < 1e-6)
            let isTerminated = abs(nextObservations[row][0]) > 1.5
            #expect(terminated[row] == [isTerminated ? 1 : 0])
            #expect(last[row] == [isTerminated || nextObservations[row][1] == 0 ? 1 : 0])
            guard row + 3 < 59 else { continue }
            if last[row] == [1] {
                #expect(observations[row + 3][1] == 1)
            } else {
                #expect(observations[row + 3] == nextObservations[row])
            }
        }
        #expect(last.contains([1]))
    }

    @Test func `steps and episodes count over all environments`() throws {
        let run = try TestRun(steps: 200, algorithm: .a2c)
        try run.train()
        let log = try run.rows(run.folder.progress).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(log.map { $0[1] } == (1...log.count).map(String.init))
        let steps = log.compactMap { Int($0[0]) }
        #expect(steps.count == log.count && steps == steps.sorted())
        // An episode of environment e ends in one of its own steps, as many of them after its last one as it is long.
        var ends = [0, 0, 0]
        for row in log {
            let (step, length) = (try #require(Int(row[0])), try #require(Int(row[3])))
            let environment = (step - 1) % 3
            let turn = (step - 1) / 3 + 1
            #expect(turn - ends[environment] == length)
            ends[environment] = turn
        }
        #expect(ends.allSatisfy { $0 > 30 })
    }

    @Test func `a diverged step is in no rollout, and the run goes on`() throws {
        // The first environment's sixth step: row 15 of the rollout.
        let run = try TestRun(
            steps: 200, faults: Faults(diverging: [6]), algorithm: .a2c, settings: ["rollout: 20"]
        )
        #expect(try run.train(stoppingAfter: 59) == .interrupted(signal: 15))
        let weights = try rows(run, "weights", 1)
        #expect((0..<59).filter { weights[$0] == [0] } == [15])
        #expect(try rows(run, "last", 1)[15] == [1])
        #expect(try run.train(isResumed: true) == .finished)
    }
}
