// SPDX-License-Identifier: MIT

import Settings
import Sweeps
import Testing

/// What a sweep's file says, and what its trials are.
struct SweepFileTests {
    private static let head = "format: 1\nscene: pendulum\nsteps: 600\n"

    private func file(_ rest: String) throws -> SweepFile {
        try SweepFile(yaml: Array((Self.head + rest).utf8), file: "s.yaml")
    }

    private func words(_ file: SweepFile) -> [String] {
        (0..<file.trialCount).compactMap { file.trial($0)?.words }
    }

    @Test func `a grid has each combination once, and the last parameter changes fastest`() throws {
        let file = try file(
            """
            sampler: grid
            parameters:
              sac.batch: [16, 32]
              sac.hidden: [[16], [8, 8]]
              sac.learning_rate: {from: 1e-4, to: 1e-2, log: true, points: 3}
            """)
        #expect(file.trialCount == 12)
        #expect(
            words(file).prefix(4) == [
                "sac.batch=16 sac.hidden=[16] sac.learning_rate=0.0001",
                "sac.batch=16 sac.hidden=[16] sac.learning_rate=0.001",
                "sac.batch=16 sac.hidden=[16] sac.learning_rate=0.01",
                "sac.batch=16 sac.hidden=[8, 8] sac.learning_rate=0.0001",
            ])
        #expect(Set(words(file)).count == 12)
    }

    @Test func `whole ends give whole numbers, and a grid takes none of them twice`() throws {
        let whole = try file("sampler: grid\nparameters: {physics.substeps: {from: 1, to: 3, points: 9}}")
        #expect(words(whole) == (1...3).map { "physics.substeps=\($0)" })
        let decimal = try file("sampler: grid\nparameters: {sac.discount: {from: 0.0, to: 1.0, points: 3}}")
        #expect(words(decimal) == ["0.0", "0.5", "1.0"].map { "sac.discount=\($0)" })
    }

    @Test func `a random trial follows from seed and number, and stays in its range`() throws {
        let rest = """
            parameters:
              sac.learning_rate: {from: 1e-4, to: 1e-2, log: true}
              physics.substeps: {from: 2, to: 4}
              sac.batch: [16, 32, 64]
            trials: 600
            """
        let file = try file(rest)
        let other = try self.file(rest + "\nsampler_seed: 1")
        #expect(words(file) == words(file) && words(file) != words(other))
        let trials = (0..<600).compactMap { file.trial($0)?.settings.map(\.value) }
        let rates = trials.compactMap { $0[0].number }
        #expect(rates.allSatisfy { 1e-4...1e-2 ~= $0 })
        // Equal ratios are equally likely: as many below 1e-3 as above, within four standard deviations.
        #expect((250...350).contains(rates.count { $0 < 1e-3 }))
        for value in ["2", "3", "4"] {
            #expect((150...250).contains(trials.count { $0[1].text == value }))
        }
        for value in ["16", "32", "64"] {
            #expect((150...250).contains(trials.count { $0[2].text == value }))
        }
    }

    @Test func `the values of a narrow range are not rounded to each other`() throws {
        let file = try file("parameters: {sac.discount: {from: 0.9999, to: 0.99999}}\ntrials: 50")
        #expect(Set(words(file)).count > 45)
        let wide = try self.file("parameters: {sac.rate: {from: 1e-4, to: 1e-2, log: true}}\ntrials: 50")
        #expect(words(wide).allSatisfy { $0.count <= "sac.rate=0.0001234".count })
    }

    @Test func `the trials before are the same when more are added`() throws {
        let rest = "parameters: {sac.discount: {from: 0.9, to: 0.99}}\ntrials: "
        #expect(try words(file(rest + "9")).prefix(5) == words(file(rest + "5"))[...])
    }

    @Test func `the copy in the sweep's folder says the same`() throws {
        let file = try file(
            """
            algorithm: dqn
            set: {evaluate.every: 100}
            parameters:
              dqn.batch: [16, 32]
              dqn.discount: {from: 0.0, to: 1.0}
              dqn.learning_rate: {from: 0.0001, to: 1.0, log: true}
              physics.substeps: {from: 1, to: 4}
            seeds: [3, 1]
            sampler: tpe
            trials: 7
            objective: best
            pruning: {warm_up: 200}
            """)
        let copy = try SweepFile(yaml: Array(file.yaml.utf8), file: "copy")
        #expect(copy.yaml == file.yaml)
        #expect(
            copy.parameters.map(\.values).count == 4 && copy.seeds == [3, 1] && copy.pruning?.warmUp == 200)
        #expect(file.yaml.contains("dqn.discount: {from: 0.0, to: 1.0") || file.yaml.contains("from: 0.0"))
    }

    @Test func `a grid of more combinations than are counted is refused`() throws {
        let keys = ["a", "b", "c", "d", "e"].map { "  sac.\($0): {from: 0.5, to: 1.5, points: 10000}\n" }
        let error = #expect(throws: DescriptionError.self) {
            _ = try file("sampler: grid\nparameters:\n" + keys.joined())
        }
        let text = error?.description ?? ""
        #expect(text.contains("combinations are too many; at most 100000 are trained"), "\(text)")
    }

    @Test(
        arguments: [
            (
                "parameters: {sac.batch: [1]}",
                "trials: is missing; sampler: random needs the number of trials"
            ),
            (
                "paramters: {sac.batch: [1]}\ntrials: 1",
                "s.yaml:4: paramters: unknown key; did you mean 'parameters'?"
            ),
            (
                "parameters: {sac.batch: 64}\ntrials: 1",
                "s.yaml:4: parameters.sac.batch: 64 is not a list of values, or a range"
            ),
            ("parameters: {sac.batch: []}\ntrials: 1", "the list is empty"),
            ("parameters: {}\ntrials: 1", "is empty; name a key"),
            ("parameters: {sac.batch: [64, 64.0]}\ntrials: 1", "64.0 stands there twice"),
            ("parameters: {sac.batch: {from: 4, to: 4}}\ntrials: 1", "4 is not above from, 4"),
            ("parameters: {sac.batch: {from: 0, to: 4, log: true}}\ntrials: 1", "0 has no logarithm"),
            ("parameters: {sac.batch: {from: 4, too: 8}}\ntrials: 1", "did you mean 'to'?"),
            (
                "parameters: {sac.batch: {from: 1, to: 4, points: 2}}\ntrials: 1",
                "points are those of sampler: grid"
            ),
            ("parameters: {sac.batch: {from: 1, to: 4}}\nsampler: grid", "add points: 5"),
            (
                "parameters: {sac.batch: [1, 2]}\nsampler: grid\ntrials: 3",
                "3 is not the number of combinations, which is 2"
            ),
            (
                "parameters: {sac.batch: {from: 4.0, to: 3.0, points: 3}}\nsampler: grid\ntrials: 3",
                "3 is not above from, 4"
            ),
            (
                "parameters: {sac.batch: {from: 0, to: 4, log: true, points: 3}}\nsampler: grid\ntrials: 3",
                "0 has no logarithm"
            ),
            ("parameters: {sac.batch: [1]}\ntrials: 1\nsampler: tpee", "did you mean 'tpe'?"),
            (
                "parameters: {sac.batch: [1]}\ntrials: 1\nseeds: 0",
                "0 is not a number of seeds from 1 to 1000"
            ),
            ("parameters: {sac.batch: [1]}\ntrials: 1\nseeds: [1, 1]", "1 is named twice"),
            ("parameters: {sac.batch: [1]}\ntrials: 1\nset: {sac.batch: 2}", "is a parameter too"),
            ("parameters: {sac.batch: [1]}\ntrials: 1\nset: 5", "5 is not a mapping such as"),
            (
                "parameters: {sac.batch: [1]}\ntrials: 1\nstorage: sqlite:///a",
                "sampler: random keeps nothing there"
            ),
            (
                "parameters: {sac.batch: [1]}\ntrials: 1\npruning: {startup: 0}",
                "0 is not a whole number from 1"
            ),
            ("parameters: {sac.batch: [1]}\ntrials: 1\nalgorithm: sack", "did you mean 'sac'?"),
        ])
    func `what is wrong is named with its line and what to do`(rest: String, words: String) throws {
        let error = #expect(throws: DescriptionError.self) { _ = try file(rest) }
        let text = error?.description ?? ""
        #expect(text.contains(words), "\(text)")
        #expect(text.hasPrefix("s.yaml:"), "\(text)")
        #expect(error?.errors.count == 1, "\(text)")
    }
}
