// SPDX-License-Identifier: MIT

import Environments
import Files
import Foundation
import Safetensors
import Testing
import Training

/// The logs tell what each term of the reward gave, through stops, faults and checkpoints of earlier versions.
struct RewardTermLogTests {
    /// Half of an evaluation's or an episode's columns, by name.
    private func expectSums(_ path: String, _ total: String, length: String) throws {
        let log = try RunLog(contentsOf: path)
        let (returns, lengths) = (try #require(log[total]), try #require(log[length]))
        let bonus = try #require(log["\(total)_\(PointTask.terms[0])"])
        let far = try #require(log["\(total)_\(PointTask.terms[1])"])
        #expect(returns.count > 2)
        for row in returns.indices {
            #expect(abs(bonus[row] + far[row] - returns[row]) < 1e-9)
            #expect(abs(bonus[row] - PointTask.bonus * lengths[row]) < 1e-9)
        }
    }

    @Test func `the terms of an episode and of an evaluation add up to their returns`() throws {
        let run = try TestRun(faults: Faults(diverging: [33]))
        try run.train(stoppingAfter: 40)
        try run.train(isResumed: true)
        try expectSums(run.folder.progress, "return", length: "length")
        try expectSums(run.folder.evaluations, "mean_return", length: "mean_length")
        #expect(
            try RunLog(contentsOf: run.folder.evaluations).rewardTerms.map(\.name) == PointTask.terms)
        #expect(try RunLog(contentsOf: run.folder.progress).rewardTerms.isEmpty)
    }

    /// Makes of a stopped run what an earlier version would have left: no columns of terms, no sums of them.
    private func makeEarlier(_ run: TestRun) throws {
        let newest = try #require(run.checkpoints.last)
        let file = run.stateFile(newest)
        var archive = try TensorArchive(contentsOf: file, checksum: .required).without("episode_terms")
        var counters = try archive.values("run.counters", as: UInt64.self)
        var sums: [UInt64] = []
        for (index, path) in [run.folder.progress, run.folder.evaluations].enumerated() {
            let text = Self.stripped(try FileBytes.read(path).prefix(Int(counters[5 + index])))
            try AtomicFile.write(Array(text.utf8), to: path)
            counters[5 + index] = UInt64(text.utf8.count)
            sums.append(UInt64(CRC32.checksum(of: Array(text.utf8))))
        }
        archive = try archive.without("run.counters").without("run.log_checksums")
        try archive.add("run.counters", shape: [counters.count], counters)
        try archive.add("run.log_checksums", shape: [sums.count], sums)
        try archive.write(to: file)
    }

    /// A log without the columns of terms.
    private static func stripped(_ bytes: some Collection<UInt8>) -> String {
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let kept = rows[0].indices.filter {
            !rows[0][$0].hasPrefix("return_") && !rows[0][$0].hasPrefix("mean_return_")
        }
        return rows.map { row in kept.map { String(row[$0]) }.joined(separator: ",") + "\n" }.joined()
    }

    private static func withoutSeconds(_ text: String) -> [String] {
        text.split(separator: "\n").map { String($0[..<($0.lastIndex(of: ",") ?? $0.endIndex)]) }
    }

    @Test func `a run of an earlier version goes on with the columns that it has, to the same bits`() throws {
        let whole = try TestRun()
        try whole.train()
        let run = try TestRun()
        try run.train(stoppingAfter: 40)
        try makeEarlier(run)
        #expect(try run.train(isResumed: true) == .finished)
        #expect(run.witness.warnings.isEmpty)
        let (outcome, expected) = (try run.outcome, try whole.outcome)
        #expect(outcome.last == expected.last && outcome.best == expected.best)
        for path in ["progress.csv", "evaluations.csv"] {
            let earlier = String(decoding: try FileBytes.read("\(run.folder.path)/\(path)"), as: UTF8.self)
            let today = Self.stripped(try FileBytes.read("\(whole.folder.path)/\(path)"))
            #expect(Self.withoutSeconds(earlier) == Self.withoutSeconds(today))
        }
    }

    @Test func `where such a run lost its log, the terms of the episode under way are left empty`() throws {
        let run = try TestRun()
        try run.train(stoppingAfter: 40)
        try makeEarlier(run)
        try FileManager.default.removeItem(atPath: run.folder.progress)
        #expect(try run.train(isResumed: true) == .finished)
        let terms = try #require(try RunLog(contentsOf: run.folder.progress)["return_\(PointTask.terms[0])"])
        #expect(terms.count > 2 && terms[0].isNaN && terms.dropFirst().allSatisfy(\.isFinite))
    }
}
