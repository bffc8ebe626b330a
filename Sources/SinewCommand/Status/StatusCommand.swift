// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Files
import Foundation
import Training

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what runs are doing: running, finished, resumable.",
        discussion: """
            running: a process trains in it. finished: its steps are done, or its return is reached. resumable: it was stopped, \
            and `sinew train RUN --resume` continues it. interrupted: it was stopped before its first checkpoint, and --resume \
            starts it over. broken: it cannot be continued; the line below says why.
            """)

    @Argument(help: "Runs' folders, or folders of such folders (default: runs).", completion: .runs)
    var runs: [String] = []
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    func run() throws {
        let statuses = try folders().map { RunStatus(of: RunFolder($0)) }
        if json { return try printJSON(statuses.map(Row.init)) }
        // Runs that go by their usual names say it there, and fit a terminal of 80 columns.
        let isNamed = statuses.allSatisfy { status in
            status.recipe.map { $0.usualName == status.path.pathName } ?? true
        }
        let count = isNamed ? Self.columns.count - 1 : Self.columns.count
        let rows = ([Self.columns] + statuses.map(Self.cells)).map { Array($0.prefix(count)) }
        let lines = Layout.lines(of: rows, indent: 0)
        for (line, problem) in zip(lines, [nil] + statuses.map(\.problem)) {
            print(line)
            if let problem { print("  \(problem)") }
        }
    }

    private func folders() throws -> [String] {
        let paths = runs.isEmpty ? ["runs"] : runs
        return try paths.flatMap { path in
            let found = RunFolder.all(in: path)
            guard found.isEmpty else { return found }
            guard FileManager.default.fileExists(atPath: path) || runs.isEmpty else {
                throw Failure(
                    .missingInput, "\(path): there is no such run\(RunFolder.suggestion(for: path))")
            }
            guard runs.isEmpty else {
                throw Failure(.missingInput, "\(path): not a run folder (no run.yaml)")
            }
            throw Failure(.missingInput, "there is no run in runs/; `sinew train SCENE` begins one")
        }
    }

    private static let columns = [
        "run", "state", "steps", "best return", "age", "of",
    ]

    private static func cells(_ status: RunStatus) -> [String] {
        let recipe = status.recipe
        return [
            status.path, status.state.rawValue,
            recipe.map { "\(status.steps) of \($0.agent.steps)" } ?? "-",
            status.bestReturn.map(\.asReturn) ?? "-", status.changed.map { age($0) } ?? "-",
            recipe?.usualName ?? "-",
        ]
    }

    private static func age(_ time: Double) -> String {
        let hours = (Date.now.timeIntervalSince1970 - time) / 3600
        return hours < 48 ? max(0, 3600 * hours).asDuration : "\(Int(hours / 24)) days"
    }

    /// What `--json` says of a run.
    private struct Row: Encodable {
        var run: String
        var state: RunStatus.State
        var problem: String?
        var scene: String?
        var algorithm: String?
        var seed: UInt64?
        var steps: Int
        var totalSteps: Int?
        var bestMeanReturn: Double?
        var secondsSinceChange: Double?

        init(_ status: RunStatus) {
            (run, state, problem) = (status.path, status.state, status.problem)
            scene = status.recipe?.scene
            algorithm = status.recipe?.agent.algorithm.name
            (seed, totalSteps) = (status.recipe?.seed, status.recipe?.agent.steps)
            (steps, bestMeanReturn) = (status.steps, status.bestReturn)
            secondsSinceChange = status.changed.map { Date.now.timeIntervalSince1970 - $0 }
        }
    }
}
