// SPDX-License-Identifier: MIT

import ArgumentParser
import Export
import Foundation
import Policies

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that exported files act as their policy does.",
        discussion: """
            Each file must be undamaged and give the actions of the golden pairs in its contract; with --against also those of \
            that policy for ten thousand random and extreme observations, within 1e-5 of each action's range.

            C source is compiled and run as it is, whatever it does: only with --run, and only where you trust who wrote it.

            Run by: \(ExportFormat.all.map { "\($0.name): \($0.engines)" }.joined(separator: "; ")).

            Exit codes: 0 all agree; 65 one differs or is damaged; 66 one is missing; 69 no program that runs it is installed.
            """)

    @Argument(help: "Files or folders that `sinew export` wrote.")
    var files: [String]
    @Option(help: "The policy to compare with: a run's folder or a policy file.")
    var against: String?
    @Flag(name: .customLong("run"), help: "Compile and run C source that is in a folder.")
    var runsSource = false
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    private struct Report: Encodable {
        var file: String
        var engine: String?
        var observations: Int?
        var largestDifference: Double?
        var beyondTolerance: Int?
        var agrees: Bool
        var problem: String?
    }

    func run() throws {
        let policy = try against.map { try PolicySource(path: $0).file }
        var reports: [Report] = []
        var failure: Failure?
        for path in files {
            do {
                let file = try ExportedFile(path: path)
                guard runsSource || !file.isSource else {
                    throw Failure(
                        .usage,
                        "\(path): this is C source, which would be compiled and run; pass --run where you trust who wrote it"
                    )
                }
                let (results, missing) = try Verification.verify(file, against: policy)
                for text in missing { printError("note: \(path): not verified by every program: \(text)") }
                for result in results {
                    reports.append(
                        Report(
                            file: path, engine: result.engine, observations: result.observationCount,
                            largestDifference: result.largestDifference.isFinite
                                ? result.largestDifference : nil,
                            beyondTolerance: result.roundedCount, agrees: result.agrees,
                            problem: result.problem))
                    show(path, result)
                    if let problem = result.problem, failure == nil {
                        failure = Failure(.badData, "\(path): \(result.engine): \(problem)")
                    }
                }
            } catch {
                // One bad file does not keep the others from being verified.
                guard let own = Failure(error) else { throw error }
                reports.append(Report(file: path, agrees: false, problem: own.text))
                if !json { print("\(path)  FAILED\n  \(own.text)") }
                failure = failure ?? own
            }
        }
        if json { try printJSON(reports) }
        if let failure { throw failure }
    }

    private func show(_ path: String, _ result: Verification) {
        guard !json else { return }
        let difference = String(format: "%.2g", result.largestDifference)
        let rounded =
            result.roundedCount > 0
            ? " (\(result.roundedCount) beyond \(Verification.tolerance), within rounding of single precision)"
            : ""
        print(
            "\(path)  \(result.engine)  \(result.observationCount) observations  largest difference \(difference)"
                + rounded + (result.agrees ? "  ok" : "  DIFFERS"))
    }
}
