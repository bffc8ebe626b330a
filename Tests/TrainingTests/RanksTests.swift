// SPDX-License-Identifier: MIT

import Agents
import Networks
import Ranks
import Safetensors
import Testing
import Training

/// Runs by several ranks: each has the bytes of the run by one process.
struct RanksTests {
    static let kinds: [[String]] = [
        ["hidden: [40, 33]", "batch: 13", "updates_per_step: 0.5"],
        ["hidden: [40, 33]", "batch: 13", "layer_norm: true", "actor_delay: 2", "n_step: 3"],
        ["hidden: [20]", "batch: 5", "critics: 1", "normalise_observations: true", "noise_hold: 16"],
    ]

    static func run(_ kind: Int, _ environments: Int, faults: Faults = Faults()) throws -> TestRun {
        // The critics of the second kind see what the policy does not.
        try TestRun(
            steps: 90, faults: faults, settings: ["environments: \(environments)"] + kinds[kind],
            hasGust: kind == 1)
    }

    @Test(arguments: [1, 2, 3, 4, 8], [1, 16])
    func `any number of ranks has the bytes of one process`(ranks: Int, environments: Int) throws {
        for kind in Self.kinds.indices {
            let whole = try Self.run(kind, environments)
            try whole.train()
            let first = try Self.run(kind, environments)
            let ranked = try RankedRun(first, ranks: ranks, threads: 1 + (ranks + kind) % 3) {
                try Self.run(kind, environments)
            }
            let before = ranked.runs.dropFirst().map(\.snapshot)
            #expect(try ranked.train() == Array(repeating: .finished, count: ranks))
            let isSame = try first.outcome == whole.outcome
            #expect(isSame, "settings \(kind)")
            // The others write nothing, and say nothing.
            #expect(ranked.runs.dropFirst().map(\.snapshot) == before)
        }
    }

    @Test(arguments: [RankedWork.Updates.measured, .repeated])
    func `updates that each rank does itself have the same bytes, and are told to nobody`(
        updates: RankedWork.Updates
    ) throws {
        let whole = try Self.run(1, 4)
        try whole.train()
        let first = try Self.run(1, 4)
        let ranked = try RankedRun(first, ranks: 2, updates: updates) { try Self.run(1, 4) }
        #expect(try ranked.train() == [.finished, .finished])
        let isSame = try first.outcome == whole.outcome
        #expect(isSame)
        let spread = try RankedRun(try Self.run(1, 4), ranks: 2) { try Self.run(1, 4) }
        _ = try spread.train()
        // Of 72 updates each second one is the actor's too: two exchanges each, and two more. The trial spreads 12 and tells its times.
        let saved = spread.calls - ranked.calls
        #expect(updates == .repeated ? saved == 216 : [216 - 37, 216 - 37 - 144].contains(saved))
    }

    @Test(arguments: [(2, 1), (3, 2), (4, 0)], [1, 16])
    func `a signal to any rank stops all at the same step, and other ranks resume to the same bytes`(
        ranks: (count: Int, stopped: Int), environments: Int
    ) throws {
        let whole = try Self.run(0, environments)
        try whole.train()
        let rounds = (90 + environments - 1) / environments
        for stop in [1, rounds / 2] {
            for count in [1, 5 - ranks.count] {
                let first = try Self.run(0, environments)
                let ranked = try RankedRun(first, ranks: ranks.count) { try Self.run(0, environments) }
                let ends = try ranked.train(stopping: ranks.stopped, after: stop)
                #expect(ends == Array(repeating: .interrupted(signal: 15), count: ranks.count))
                if count == 1 {
                    first.ranks = nil
                    try first.train(isResumed: true)
                } else {
                    let resumed = try RankedRun(first, ranks: count) { try Self.run(0, environments) }
                    _ = try resumed.train(isResumed: true)
                }
                let isSame = try first.outcome == whole.outcome
                #expect(isSame, "stopped after \(stop), resumed by \(count)")
            }
        }
    }

    @Test func `a signal in a step of many updates gives the step up on all ranks`() throws {
        func make() throws -> TestRun { try Self.many() }
        let whole = try make()
        try whole.train()
        let first = try make()
        let ranked = try RankedRun(first, ranks: 2, make)
        // Each round asks once for itself, and five times in the 80 updates of its two steps.
        #expect(
            try ranked.train(stopping: 1, after: 30) == [.interrupted(signal: 15), .interrupted(signal: 15)])
        let steps = try #require(try first.newestCheckpoint()).values("run.counters", as: UInt64.self)[0]
        #expect(steps < 40)
        first.ranks = nil
        try first.train(isResumed: true)
        let isSame = try first.outcome == whole.outcome
        #expect(isSame)
    }

    private static func many() throws -> TestRun {
        try TestRun(steps: 60, settings: ["environments: 2", "updates_per_step: 40"])
    }

    @Test func `all ranks end with the evaluation that reaches a return`() throws {
        func make() throws -> TestRun {
            let run = try Self.run(0, 4)
            run.recipe.untilReturn = -1000
            return run
        }
        let (whole, first) = (try make(), try make())
        #expect(try whole.train() == .reachedReturn)
        let ranked = try RankedRun(first, ranks: 3, make)
        #expect(try ranked.train() == [.reachedReturn, .reachedReturn, .reachedReturn])
        let isSame = try first.outcome == whole.outcome
        #expect(isSame)
    }

    @Test func `a diverged step is cut on all ranks`() throws {
        func make() throws -> TestRun { try Self.run(2, 3, faults: Faults(diverging: [6])) }
        let (whole, first) = (try make(), try make())
        try whole.train()
        let ranked = try RankedRun(first, ranks: 2, make)
        _ = try ranked.train()
        #expect(first.witness.warnings == whole.witness.warnings)
        #expect(ranked.runs[1].witness.warnings.count == 1)
        let isSame = try first.outcome == whole.outcome
        #expect(isSame)
    }

    @Test func `three diverged episodes in a row end all ranks alike, with a checkpoint of the state then`()
        throws
    {
        func make() throws -> TestRun { try Self.run(2, 2, faults: Faults(diverging: [1, 2, 3])) }
        // Three of the first environment in a row are there where the second one ends no episode between.
        let (whole, first) = (try make(), try make())
        #expect(throws: TrainingError.self) { try whole.train() }
        let ranked = try RankedRun(first, ranks: 2, make)
        #expect(throws: TrainingError.self) { try ranked.train() }
        #expect(Set(ranked.failures).count == 1 && ranked.failures.count == 2)
        let (one, other) = (
            try #require(try whole.newestCheckpoint()), try #require(try first.newestCheckpoint())
        )
        // The others tell of the logs, which name seconds.
        let kept = one.tensors.map(\.name).filter {
            !["seconds", "run.counters", "run.log_checksums"].contains($0)
        }
        for name in kept {
            let isSame = try one.hasSame(name, other)
            #expect(isSame, "\(name)")
        }
    }
}

extension TensorArchive {
    /// Whether a tensor has the same bytes in another archive.
    fileprivate func hasSame(_ name: String, _ other: TensorArchive) throws -> Bool {
        func isSame<Element: TensorElement & Equatable>(_ type: Element.Type) throws -> Bool {
            try values(name, as: type) == other.values(name, as: type)
        }
        return switch description(of: name)?.type {
        case .u64: try isSame(UInt64.self)
        case .f64:
            try values(name, as: Double.self).map(\.bitPattern)
                == other.values(name, as: Double.self).map(\.bitPattern)
        case .f32:
            try values(name, as: Float.self).map(\.bitPattern)
                == other.values(name, as: Float.self).map(\.bitPattern)
        case .u8: try isSame(UInt8.self)
        default: false
        }
    }
}
