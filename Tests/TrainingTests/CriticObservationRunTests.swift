// SPDX-License-Identifier: MIT

import Agents
import Environments
import Policies
import Safetensors
import Testing
import Training

/// Runs in which the critic sees more than the policy.
struct CriticObservationRunTests {
    private static let settings = ["normalise_observations: true", "n_step: 2"]

    private static func run(_ more: [String] = [], _ algorithm: Algorithm = .sac, hasGust: Bool = true)
        throws -> TestRun
    {
        let own = algorithm == .sac ? settings : []
        return try TestRun(algorithm: algorithm, settings: own + more, hasGust: hasGust)
    }

    @Test(arguments: [1, 3])
    func `a run stopped again and again has the bytes of one never stopped`(environments: Int) throws {
        let settings = ["environments: \(environments)"]
        let whole = try Self.run(settings)
        #expect(try whole.train() == .finished)
        let run = try Self.run(settings)
        var starts = 0
        while try run.train(isResumed: starts > 0, stoppingAfter: 1 + starts % 7) != .finished {
            starts += 1
            run.threads = 1 + starts % 4
            try #require(starts < 100)
        }
        #expect(starts > 5)
        #expect(try run.outcome == whole.outcome)
    }

    @Test func `the policy has the task's observation, the critics the rest too`() throws {
        let (run, plain) = (try Self.run(), try Self.run(hasGust: false))
        for run in [run, plain] { try run.train() }
        let (network, without) = (try run.lastNetwork, try plain.lastNetwork)
        #expect(network.observationCount == 2 && network.normaliser.mean.count == 2)
        // Critics that see the gusts teach something else.
        #expect(network.layers[0].weight != without.layers[0].weight)
        let (archive, other) = (
            try #require(try run.newestCheckpoint()), try #require(try plain.newestCheckpoint())
        )
        func count(_ name: String, _ archive: TensorArchive) -> Int {
            archive.description(of: name)?.shape.reduce(1, *) ?? 0
        }
        #expect(count("critic1", archive) == count("critic1", other) + 6)
        #expect(count("actor", archive) == count("actor", other))
        #expect(count("critic_normaliser.mean", archive) == 1)
        #expect(count("critic_normaliser.mean", other) == 0)
        // Observation and next observation, each with its gust; at an episode's start there is none.
        let rows = try archive.values("replay.rows", as: Float.self, shape: [90, 9])
        #expect(rows[2] == 0 && rows[5] != 0)
        for row in 0..<89 where rows[9 * row + 8] == 0 {
            #expect(Array(rows[9 * row + 3..<9 * row + 6]) == Array(rows[9 * (row + 1)..<9 * (row + 1) + 3]))
        }
    }

    @Test(arguments: [Algorithm.dqn, .a2c])
    func `an algorithm without such a critic learns as if there were nothing more`(_ algorithm: Algorithm)
        throws
    {
        let (run, plain) = (try Self.run([], algorithm), try Self.run([], algorithm, hasGust: false))
        for run in [run, plain] { try run.train() }
        #expect(try run.outcome == plain.outcome)
    }
}
