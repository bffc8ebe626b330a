// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `sinew study` as a process.
struct StudyCommandTests {
    private struct Report: Decodable {
        struct Claim: Decodable {
            var claim: String
            var figure: Double?
            var holds: Bool
        }

        var study: String
        var seeds: Int
        var files: [String]
        var claims: [Claim]
        var holds: Bool
    }

    private func report(_ outcome: SinewProcess.Outcome) throws -> Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Report.self, from: Data(outcome.output.utf8))
    }

    @Test func `contraction writes its figures, its picture and its claims, and ends with 0`() throws {
        let folder = try TemporaryFolder()
        let outcome = try sinew("study", "contraction", "--output", "figures", in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("contraction, 20 random processes\n  holds  "))
        #expect(outcome.output.hasSuffix("all 5 claims held\n"))
        let files = folder.files(below: "figures")
        #expect(files.keys.sorted() == ["contraction.csv", "contraction.svg", "contraction.txt"])
        #expect(files["contraction.txt"].map { String(decoding: $0, as: UTF8.self) } == outcome.output)
        let csv = try String(contentsOfFile: folder["figures/contraction.csv"], encoding: .utf8)
        #expect(csv.hasPrefix("sweep,bound,hard_mean") && csv.split(separator: "\n").count == 122)

        // Over the files of the first time only where that is asked for.
        try folder.write("mine", to: "figures/contraction.txt")
        expectFailure(
            73, "contraction.csv", "--force",
            from: try sinew("study", "contraction", "--output", "figures", in: folder))
        #expect(folder.files()["figures/contraction.txt"] == Array("mine".utf8))

        // On one thread not a byte differs.
        let again = try sinew(
            "study", "contraction", "--output", "figures", "--force", "--threads", "1", "--json", in: folder)
        #expect(again.code == 0 && folder.files(below: "figures") == files)
        let report = try report(again)
        #expect(
            report.study == "contraction" && report.seeds == 20 && report.holds && report.claims.count == 5)
        #expect(report.files.map { ($0 as NSString).lastPathComponent }.sorted() == files.keys.sorted())
    }

    @Test func `too few seeds to decide end with 2, and the figures are written all the same`() throws {
        let folder = try TemporaryFolder()
        // One run has no standard error, within three of which a mean could lie.
        let outcome = try sinew("study", "maximization-bias", "--seeds", "1", "--json", in: folder)
        let report = try report(outcome)
        #expect(outcome.code == 2 && outcome.errors.isEmpty && !report.holds)
        let uniform = try #require(report.claims.first { $0.claim.contains("(m-1)/(m+1)") })
        #expect(!uniform.holds && uniform.figure == nil)
        #expect(report.claims.contains { $0.claim.contains("theorem 1") && $0.holds })
        #expect(folder.files(below: "studies").count == 4)
        let text = try sinew("study", "maximization-bias", "--seeds", "1", "--force", in: folder)
        #expect(
            text.code == 2 && text.output.contains("  undecided  ") && !text.output.contains("FAILS")
                && text.output.hasSuffix("1 seeds are too few to decide, the study takes 10000\n"))
    }

    @Test func `without a name the studies are listed`() throws {
        let outcome = try sinew("study", in: TemporaryFolder())
        #expect(outcome.code == 0 && outcome.output.contains("  contraction  "))
    }

    @Test func `what cannot be is refused before anything is written`() throws {
        let folder = try TemporaryFolder()
        expectFailure(
            64, "'contradiction'", "contraction", from: try sinew("study", "contradiction", in: folder))
        expectFailure(64, "--seeds", from: try sinew("study", "contraction", "--seeds", "0", in: folder))
        try folder.write("", to: "file")
        expectFailure(
            73, "file/figures", "--output",
            from: try sinew("study", "contraction", "--output", "file/figures", in: folder))
        #expect(folder.files().keys.sorted() == ["file"])
    }
}
