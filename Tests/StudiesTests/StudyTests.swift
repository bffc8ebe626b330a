// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Foundation
import Studies
import Testing

/// What all studies have in common: figures that repeat, and claims that figures decide.
struct StudyTests {
    struct NoScene: Error {}

    /// A setting for studies without robots.
    private func setting(seeds: Int, threads: Int) -> StudySetting {
        StudySetting(seeds: seeds, threads: threads) { _, _ in throw NoScene() }
    }

    private func study(_ name: String) throws -> Study {
        try #require(Study.all.first { $0.name == name })
    }

    /// The studies that need no robot, with few seeds each.
    static let small: [(name: String, seeds: Int)] = [
        ("contraction", 3), ("q-learning", 2), ("maximization-bias", 2000), ("soft-policy-iteration", 3),
    ]

    @Test(arguments: small)
    func `the same seeds give the same bytes on one thread and on two`(name: String, seeds: Int) throws {
        let study = try study(name)
        let first = try study.findings(setting(seeds: seeds, threads: 1))
        let second = try study.findings(setting(seeds: seeds, threads: 2))
        #expect(first.tables.map(\.csv) == second.tables.map(\.csv))
        #expect(first.chart.svg == second.chart.svg && first.claims == second.claims)
        // One seed more is another experiment.
        let third = try study.findings(setting(seeds: seeds + 1, threads: 2))
        #expect(first.tables.map(\.csv) != third.tables.map(\.csv))
    }

    @Test(arguments: small)
    func `what theory says of small studies holds, and each has figures and curves`(name: String, seeds: Int)
        throws
    {
        let findings = try study(name).findings(setting(seeds: seeds, threads: 2))
        for claim in findings.claims { #expect(claim.holds, "\(claim)") }
        #expect(findings.hold && !findings.tables.isEmpty)
        for table in findings.tables {
            #expect(table.rows.count > 1 && table.rows.allSatisfy { $0.count == table.columns.count })
        }
        #expect(findings.chart.panels.allSatisfy { panel in panel.series.allSatisfy { !$0.points.isEmpty } })
    }

    @Test func `a claim holds by its figure alone, and never without one`() {
        #expect(Claim("", 1, .atMost(1)).holds && !Claim("", 1.0000001, .atMost(1)).holds)
        #expect(Claim("", 1, .atLeast(1)).holds && !Claim("", 0.9999999, .atLeast(1)).holds)
        #expect(Claim("", 0.9999999, .below(1)).holds && !Claim("", 1, .below(1)).holds)
        #expect(Claim("", 1.0000001, .above(1)).holds && !Claim("", 1, .above(1)).holds)
        for demand in [.atMost(1), .below(1), .atLeast(1), .above(1)] as [Claim.Demand] {
            #expect(!Claim("", .nan, demand).holds)
        }
    }

    @Test func `one claim that does not hold is said, and the findings do not hold`() throws {
        let study = Study(name: "wrong", summary: "", seeds: 1, of: "runs") { setting in
            Findings(
                tables: [], chart: Chart(panels: []),
                claims: [Claim("right", Double(setting.seeds), .atLeast(1)), Claim("wrong", 2, .below(2))])
        }
        let findings = try study.findings(setting(seeds: 1, threads: 1))
        #expect(!findings.hold)
        let text = findings.text(of: study, seeds: 1)
        #expect(text.contains("holds  right: 1 (must be at least 1)"))
        #expect(text.contains("FAILS  wrong: 2 (must be below 2)"))
        #expect(text.hasSuffix("1 of 2 claims did not hold\n"))
        #expect(!Findings(tables: [], chart: Chart(panels: []), claims: []).hold)
        #expect(findings.isRefuted(of: study, seeds: 1))
    }

    @Test func `fewer seeds than a study takes refute nothing, unless each of them must hold`() {
        let claims = [
            Claim("right", 1, .atLeast(1)), Claim("weak", 2, .below(2)), Claim("nothing", .nan, .below(2)),
        ]
        let findings = Findings(tables: [], chart: Chart(panels: []), claims: claims)
        func verdicts(seeds: Int, isRefutedByOne: Bool) -> [Claim.Verdict] {
            let study = Study(name: "few", summary: "", seeds: 5, of: "runs", isRefutedByOne: isRefutedByOne)
            {
                _ in findings
            }
            let verdicts = claims.map { $0.verdict(of: study, seeds: seeds) }
            #expect(findings.isRefuted(of: study, seeds: seeds) == verdicts.contains(.fails))
            let text = findings.text(of: study, seeds: seeds)
            let sums = verdicts.count { $0 == .undecided }
            #expect(
                (sums > 0)
                    == text.contains(
                        "\(sums) of 3 claims are undecided: \(seeds) seeds are too few to decide, the study takes 5\n"
                    ))
            #expect(verdicts.contains(.fails) == text.contains("claims did not hold\n"))
            return verdicts
        }
        #expect(verdicts(seeds: 4, isRefutedByOne: false) == [.holds, .undecided, .undecided])
        #expect(verdicts(seeds: 1, isRefutedByOne: true) == [.holds, .fails, .undecided])
        #expect(verdicts(seeds: 5, isRefutedByOne: false) == [.holds, .fails, .fails])
        #expect(!findings.hold)
    }

    @Test func `results stand in the order of their numbers, whichever run ends first`() throws {
        let second = DispatchSemaphore(value: 0)
        let results = try ParallelRuns.map(2, threads: 2) { number in
            // The first one ends after the second.
            if number == 0 { _ = second.wait(timeout: .now() + 5) } else { second.signal() }
            return number
        }
        #expect(results == [0, 1])
        #expect(throws: NoScene.self) {
            try ParallelRuns.map(3, threads: 2) { number in if number == 1 { throw NoScene() } }
        }
        // What has not begun is left.
        #expect(throws: NoScene.self) {
            try ParallelRuns.map(5, threads: 1) { number in
                if number == 1 { throw NoScene() }
                if number > 1 { Issue.record("run \(number) was begun") }
            }
        }
    }

    @Test func `a table writes numbers that read back, and gaps for what is none`() {
        var table = Table(columns: ["step", "value"])
        table.append(1, 0.1)
        table.append(2, Double.nan)
        #expect(table.csv == "step,value\n1,0.1\n2,\n")
    }

    @Test func `names are unique, and fit for files`() {
        let names = Study.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
    }
}
