// SPDX-License-Identifier: MIT

import ArgumentParser
import Export
import Foundation
import Policies
import Tasks
import Training

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that exported files act as their policy does.",
        discussion: """
            Each file must be undamaged, give the actions of the golden pairs in its contract, and for ten thousand random and \
            extreme observations none outside of the contract's range; with --against also the actions of that policy for them, \
            within 1e-5 of each action's range, and in the scene of a run the return that its contract states.

            C source is compiled and run as it is, whatever it does: only with --run, and only where you trust who wrote it.

            Run by: \(ExportFormat.all.map { "\($0.name): \($0.engines)" }.joined(separator: "; ")).

            Exit codes: 0 all agree; 65 one differs or is damaged; 66 one is missing; 69 no program that runs it is installed.
            """)

    @Argument(help: "Files or folders that `sinew export` wrote.", completion: .file())
    var files: [String]
    @Option(help: "The policy to compare with: a run's folder or a policy file.", completion: .policies)
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
        var meanReturn: Double?
        var statedReturn: Double?
        var agrees: Bool
        var problem: String?
    }

    func run() throws {
        let source = try against.map { try PolicySource(path: $0) }
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
                let (results, missing) = try Verification.verify(file, against: source?.file)
                for text in file.policy?.contract.warnings ?? [] { printError("note: \(path): \(text)") }
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
                guard results.allSatisfy(\.agrees), let loop = try loop(of: file.policy, source) else {
                    continue
                }
                reports.append(
                    Report(
                        file: path, meanReturn: loop.evaluation.meanReturn, statedReturn: loop.stated,
                        agrees: loop.problem == nil, problem: loop.problem))
                if !json { print("\(path)  \(loop.summary)  \(loop.problem == nil ? "ok" : "DIFFERS")") }
                if let problem = loop.problem, failure == nil {
                    failure = Failure(.badData, "\(path): \(problem)")
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

    /// What the policy gets in the scene of the run that it is compared with.
    ///
    /// One of another version of Sinew is left alone: its physics may differ.
    private func loop(of policy: PolicyFile?, _ source: PolicySource?) throws -> LoopCheck? {
        guard let policy, let source, source.run != nil,
            policy.contract.training.seed == source.file.contract.training.seed,
            policy.contract.versions["sinew"] == sinewVersion
        else { return nil }
        return try LoopCheck(policy, in: source.scene(nil))
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
