// SPDX-License-Identifier: MIT

import Agents
import Environments
import Safetensors
import Testing
import Training

/// Runs whose agent acts in several environments together.
struct TogetherTests {
    static func run(_ environments: Int, steps: Int = 90, faults: Faults = Faults(), _ more: String...)
        throws -> TestRun
    {
        try TestRun(steps: steps, faults: faults, settings: ["environments: \(environments)"] + more)
    }

    static let kinds: [[String]] = [
        ["updates_per_step: 0.25", "n_step: 3", "normalise_observations: true"],
        ["updates_per_step: 1.5", "noise_hold: 16", "replay_capacity: 40"], ["noise_correlation: 0.5"],
    ]

    @Test(arguments: kinds.indices, [3, 16])
    func `a run stopped anywhere and resumed on other threads has the bytes of one never stopped`(
        kind: Int, environments: Int
    ) throws {
        let settings = ["environments: \(environments)"] + Self.kinds[kind]
        let whole = try TestRun(settings: settings)
        #expect(try whole.train() == .finished)
        let expected = try whole.outcome
        let rounds = (90 + environments - 1) / environments
        for stop in kind == 0 ? Array(1..<rounds) : [1, rounds / 2] {
            let run = try TestRun(settings: settings)
            run.threads = 1 + stop % 4
            #expect(try run.train(stoppingAfter: stop) == .interrupted(signal: 15))
            run.threads = 8
            #expect(try run.train(isResumed: true) == .finished)
            let isSame = try run.outcome == expected
            #expect(isSame, "stopped after round \(stop)")
        }
    }

    @Test(arguments: [2, 4, 8])
    func `any number of threads has the bytes of one, whoever steps what`(threads: Int) throws {
        let settings = ["environments: 16", "hidden: [40, 33]", "batch: 13", "layer_norm: true"]
        let one = try TestRun(steps: 160, settings: settings)
        try one.train()
        let other = try TestRun(steps: 160, settings: settings)
        other.threads = threads
        try other.train()
        let isSame = try other.outcome == one.outcome
        #expect(isSame)
    }

    @Test func `one environment is as without the key, and more are not`() throws {
        let (plain, one, two) = (try TestRun(), try Self.run(1), try Self.run(2))
        for run in [plain, one, two] { try run.train() }
        #expect(try one.outcome == plain.outcome)
        #expect(try two.outcome.last != plain.outcome.last)
    }

    @Test func `a run ends after whole rounds, is evaluated as often, and counts all steps`() throws {
        let run = try Self.run(16)
        try run.train()
        // Six rounds of 16; 25, 50 and 75 are passed in those that end at 32, 64 and 80, and 96 is the end.
        #expect(run.witness.evaluations.map(\.step) == [32, 64, 80, 96])
        let log = try run.rows(run.folder.progress).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var ends = Array(repeating: 0, count: 16)
        for row in log {
            let (step, length) = (try #require(Int(row[0])), try #require(Int(row[3])))
            let (environment, round) = ((step - 1) % 16, (step - 1) / 16 + 1)
            #expect(round - ends[environment] == length)
            ends[environment] = round
        }
    }

    @Test func `a run whose steps grow ends with the bytes of one that had them from the start`() throws {
        let long = try Self.run(4, steps: 200)
        try long.train()
        let run = try Self.run(4, steps: 100)
        try run.train()
        try run.recipe.agent.apply(["steps: 200"])
        #expect(try run.train(isResumed: true) == .finished)
        let isSame = try run.outcome == long.outcome
        #expect(isSame)
    }

    @Test(arguments: [("0.25", 17), ("1", 70), ("0.3", 21), ("2.5", 175)])
    func `updates are the whole ones of all steps after the warm-up`(fraction: String, count: UInt64) throws {
        for environments in [1, 15] {
            let run = try Self.run(environments, "updates_per_step: \(fraction)")
            try run.train()
            let archive = try #require(try run.newestCheckpoint())
            #expect(try archive.value("critic1.adam.steps") == count, "\(environments) environments")
        }
    }

    /// The numbers of an environment's transitions in the newest checkpoint, a row each: observation, next, action, reward, ending.
    private func transitions(_ run: TestRun, of environment: Int, count: Int) throws -> [[Float]] {
        let end = environment == 0 ? "" : ".\(environment)"
        let numbers = try #require(try run.newestCheckpoint())
            .values("replay.rows\(end)", as: Float.self, shape: [count, 7])
        return (0..<count).map { Array(numbers[$0 * 7..<($0 + 1) * 7]) }
    }

    @Test func `each environment has its own stream, and its transitions follow each other`() throws {
        let run = try Self.run(3)
        try run.train()
        for environment in 0..<3 {
            let twin = PointTask(RandomStream(seed: 3, .environment, index: UInt64(environment)))
            var first: [Float] = [0, 0]
            var span = first.mutableSpan
            twin.reset(into: &span)
            let rows = try transitions(run, of: environment, count: 30)
            #expect(Array(rows[0][..<2]) == first)
            for (row, next) in zip(rows, rows.dropFirst()) {
                #expect(row[6] != 0 ? next[1] == 1 : Array(next[..<2]) == Array(row[2..<4]))
            }
        }
    }

    @Test func `a diverged step is not learned from, and the other environments go on`() throws {
        // The first environment's sixth step.
        let run = try Self.run(3, faults: Faults(diverging: [6]))
        #expect(try run.train() == .finished)
        #expect(run.witness.warnings.count == 1)
        let cut = try transitions(run, of: 0, count: 29)
        #expect(cut[4][6] == 2 || cut[4][6] == 1)
        #expect(cut[5][1] == 1)
        _ = try transitions(run, of: 1, count: 30)
    }
}
