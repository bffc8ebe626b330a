// SPDX-License-Identifier: MIT

import Files
import Foundation
import Settings
import Sweeps
import Testing

/// What is kept of a trial, and what is made of many.
struct TrialResultTests {
    static func result(
        _ number: Int, _ returns: [[Double]], _ settings: [String: String] = [:],
        _ state: TrialResult.State = .finished
    ) -> TrialResult {
        let runs = returns.enumerated().map { seed, returns in
            RunResult(
                seed: UInt64(seed),
                evaluations: returns.enumerated().map { .init(step: 100 * ($0 + 1), meanReturn: $1) },
                seconds: 1.5)
        }
        let entries = settings.sorted { $0.key < $1.key }.map {
            Setting.Entry(key: $0.key, value: Setting(.scalar(Scalar($0.value, isQuoted: false))))
        }
        return TrialResult(Trial(number: number, settings: entries), state, runs)
    }

    @Test func `a result reads back as it was written, and says what it came to`() throws {
        var result = Self.result(
            7, [[-3, -1, -2], [-5, -0.125, -4]], ["sac.batch": "64", "sac.x": "[1, two]"])
        result.problem = "it \"failed\"\n"
        let json = result.json
        let read = try TrialResult(json: Array(json.utf8), file: "result.json")
        #expect(read.json == json)
        #expect(read.runs == result.runs && read.trial == 7 && read.problem == result.problem)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["final_return"] as? Double == -3 && object["best_return"] as? Double == -0.5625)
        #expect(object["steps"] as? Int == 600 && object["seconds"] as? Double == 3)
        #expect(object["state"] as? String == "finished")
        #expect((object["parameters"] as? [String: Any])?["sac.batch"] as? Int == 64)
    }

    @Test func `a failed trial has no value, and the best of the others is first`() throws {
        var file = SweepFile()
        let results = [
            Self.result(0, [[-3, -5]]), Self.result(1, [[-4, -2]]), Self.result(2, [[0]], [:], .failed),
            Self.result(3, [[9]], [:], .pruned), Self.result(4, [[0, -2]]),
        ]
        #expect(results[2].value(.final) == nil && results[3].value(.final) == 9)
        #expect(file.ranked(results).map(\.trial) == [1, 4, 0])
        file.objective = .best
        #expect(file.ranked(results).map(\.trial) == [4, 1, 0])
    }

    @Test func `a trial is given up below the median of the finished ones at the same step`() {
        var pruning = Pruning()
        (pruning.startup, pruning.warmUp) = (3, 101)
        let rule = MedianRule(pruning, steps: 400)
        let others = [
            Self.result(0, [[9, 10, 20, 30]]), Self.result(1, [[9, 12, 22, 30]]),
            Self.result(2, [[9, 14, 24, 30]]),
            Self.result(3, [[99, 99]], [:], .pruned),
        ]
        func end(_ returns: [Double], _ others: [TrialResult]) -> Int? {
            rule.end(of: Self.result(9, [returns]).runs[0], among: others)
        }
        // The warm-up, the median, the best so far, the end of the run.
        #expect(end([0, 12, 22], others) == nil)
        #expect(end([0, 11.9, 50], others) == 2)
        #expect(end([0, 13, 21], others) == 3)
        #expect(end([23, 0, 0], others) == nil)
        #expect(end([0, 13, 22, 0], others) == nil)
        #expect(end([0, 0, 0], Array(others.prefix(2))) == nil)
        // As Optuna has it, a run may be given up at the step of the warm-up.
        pruning.warmUp = 200
        let late = MedianRule(pruning, steps: 400)
        #expect(late.end(of: Self.result(9, [[0, 11.9, 50]]).runs[0], among: others) == 2)
        // Another seed's returns say nothing.
        var far = Self.result(9, [[], [0, 0, 0]]).runs[1]
        #expect(rule.end(of: far, among: others) == nil)
        far.seed = 0
        #expect(rule.end(of: far, among: others) == 2)
    }

    @Test func `what decides the returns is important, and what does not is not`() throws {
        let file = try SweepFile(
            yaml: Array(
                """
                format: 1
                scene: s
                steps: 1
                trials: 40
                parameters: {a.choice: [x, y], a.rate: {from: 0.0, to: 1.0}, a.idle: {from: 0.0, to: 1.0}}
                """.utf8), file: "s")
        let results = (0..<40).compactMap { number -> TrialResult? in
            guard let trial = file.trial(number) else { return nil }
            let rate = trial.settings[1].value.number ?? 0
            // Best in the middle: a correlation of ranks would be blind to it.
            let value = -40 * (rate - 0.5) * (rate - 0.5) + (trial.settings[0].value.text == "x" ? 3 : 0)
            return TrialResult(
                trial, .finished,
                [RunResult(seed: 0, evaluations: [.init(step: 1, meanReturn: value)], seconds: 0)])
        }
        let all = Importance.all(file, results)
        let shares = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.share) })
        #expect(try #require(shares["a.rate"]) > 0.5)
        #expect(try #require(shares["a.choice"]) > 0.05)
        #expect(try #require(shares["a.idle"]) < 0.1)
        #expect(all.map(\.share) == all.map(\.share).sorted(by: >))
        #expect(Importance.all(file, Array(results.prefix(7))).isEmpty)
        // What others had reached when they were given up changes nothing.
        let given = results.prefix(20).map { result in
            var result = result
            (result.trial, result.state) = (result.trial + 40, .pruned)
            result.runs[0].evaluations[0].meanReturn = -1000 * (result.settings[2].value.number ?? 0)
            return result
        }
        #expect(Importance.all(file, results + given) == all)
    }

    @Test func `the page has the best settings, what mattered and each trial, and lets no text become a tag`()
        throws
    {
        let file = try SweepFile(
            yaml: Array(
                "format: 1\nscene: s\nsteps: 300\nsampler: grid\nparameters: {\"a.<b>\": [1, 2, 3, 4, 5, 6, 7, 8, 9]}"
                    .utf8),
            file: "s")
        let results = (0..<8).map { Self.result($0, [[Double($0)]], ["a.<b>": "\($0 + 1)"]) }
        let page = SweepReport(name: "<i>", file, results) { "sinew train s --seed \($0.trial)" }.html
        for words in [
            "sinew train s --seed 7", "What mattered", "8 finished, 1 not done", "&lt;b&gt;",
            "the best so far",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("<b>\"") && !page.contains("a.<b>") && !page.contains("<i>:"))
        // Nothing is asked of a network.
        #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
    }
}
