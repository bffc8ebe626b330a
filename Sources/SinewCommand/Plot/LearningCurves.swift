// SPDX-License-Identifier: MIT

import Agents
import Drawing
import Files
import Foundation
import Training

/// A run as a picture sees it: what it was, and what it logged.
struct LoggedRun {
    let path: String
    let recipe: Recipe
    private let evaluations: RunLog
    /// The log of episodes; read only where a column is wanted that evaluations do not have.
    private let episodes: RunLog?

    /// Reads the run in a folder, as far as these columns need it.
    init(path: String, columns: [String]) throws {
        self.path = path
        let folder = RunFolder(path)
        guard folder.isRun else {
            guard FileManager.default.fileExists(atPath: path) else {
                throw Failure(
                    .missingInput, "\(path): there is no such run\(RunFolder.suggestion(for: path))")
            }
            throw Failure(.missingInput, "\(path): not a run folder (no run.yaml)")
        }
        recipe = try folder.readRecipe()
        let evaluations = try RunLog(contentsOf: folder.evaluations)
        self.evaluations = evaluations
        episodes =
            try columns.allSatisfy { evaluations[$0] != nil } ? nil : RunLog(contentsOf: folder.progress)
    }

    private var logs: [RunLog] { [evaluations] + (episodes.map { [$0] } ?? []) }

    /// The names of all columns of numbers.
    var columns: [String] { logs.flatMap { log in log.names.filter { log[$0] != nil } } }

    /// The terms of its reward, each with its column of evaluations.
    var rewardTerms: [(name: String, column: String)] { evaluations.rewardTerms }

    /// A column against another one of its log, `step` or `seconds`.
    func curve(_ column: String, against: String) -> Curve? {
        for (index, log) in logs.enumerated() {
            guard let y = log[column], let x = log[against] else { continue }
            let curve = Curve(x: x, y: y)
            // An episode is one draw; hundreds of them are drawn as the means of a hundredth of the axis each.
            return index == 1 ? curve.averaged(parts: 100) : curve
        }
        return nil
    }

    /// The scene's name, without folder and ending.
    var scene: String {
        recipe.scene.pathName.withoutEnding
    }

    /// Everything that decides a run beside its scene's name and its seed, in words.
    var traits: [(key: String, value: String)] { recipe.traits }

    /// The program that began the run.
    var program: String { recipe.commit.map { "commit \($0.prefix(8))" } ?? "version \(recipe.version)" }
}

/// Runs that differ only in their seed.
struct JoinedRuns {
    let runs: [LoggedRun]
    /// Whether the program is told apart too: where runs of the same seed would fall together otherwise.
    let isOfOneProgram: Bool
    /// What tells these runs from the others in their panel.
    private(set) var label: String

    var scene: String { runs[0].scene }
    var algorithm: Algorithm { runs[0].recipe.agent.algorithm }
    var seeds: [UInt64] { runs.map(\.recipe.seed) }

    private init(_ runs: [LoggedRun], isOfOneProgram: Bool) {
        self.runs = runs.sorted { $0.recipe.seed < $1.recipe.seed }
        self.isOfOneProgram = isOfOneProgram
        label = runs[0].recipe.agent.algorithm.name
    }

    private var traits: [(key: String, value: String)] {
        isOfOneProgram ? runs[0].traits + [("by", runs[0].program)] : runs[0].traits
    }

    /// Sorts runs into such groups, in the order of their first runs.
    static func groups(of runs: [LoggedRun]) throws -> [JoinedRuns] {
        var groups = inOrder(runs) { run in
            [run.scene, run.recipe.agent.algorithm.name] + run.traits.map { "\($0.key) \($0.value)" }
        }.flatMap { runs in
            // Two runs of one seed: perhaps before and after a change of the program.
            Set(runs.map(\.recipe.seed)).count == runs.count
                ? [JoinedRuns(runs, isOfOneProgram: false)]
                : inOrder(runs, by: \.program).map { JoinedRuns($0, isOfOneProgram: true) }
        }
        for group in groups {
            for (run, next) in zip(group.runs, group.runs.dropFirst())
            where run.recipe.seed == next.recipe.seed {
                throw Failure(
                    .usage,
                    "\(run.path) and \(next.path) are runs of the same settings and seed \(run.recipe.seed); "
                        + "leave one of them out")
            }
        }
        for index in groups.indices {
            let (scene, algorithm) = (groups[index].scene, groups[index].algorithm)
            let rivals = groups.filter { $0.scene == scene && $0.algorithm == algorithm }
            groups[index].label = groups[index].label(among: rivals)
        }
        return groups
    }

    /// The algorithm, and the settings in which it differs from the others.
    private func label(among rivals: [JoinedRuns]) -> String {
        var shown: [(key: String, pattern: [String?])] = []
        var words: [String] = []
        for trait in traits {
            let pattern = rivals.map { rival in rival.traits.first { $0.key == trait.key }?.value }
            guard Set(pattern).count > 1 else { continue }
            // learning_rate says what actor_learning_rate would say again.
            guard !shown.contains(where: { trait.key.hasSuffix("_" + $0.key) && $0.pattern == pattern })
            else { continue }
            shown.append((trait.key, pattern))
            words.append("\(trait.key) \(trait.value)")
        }
        return ([algorithm.name] + words).joined(separator: ", ")
    }

    /// The elements in lists of equal keys, in the order of their first ones.
    private static func inOrder<Key: Hashable>(_ runs: [LoggedRun], by key: (LoggedRun) -> Key)
        -> [[LoggedRun]]
    {
        var places: [Key: Int] = [:]
        var lists: [[LoggedRun]] = []
        for run in runs {
            let place = places[key(run), default: lists.count]
            if place == lists.count { lists.append([]) }
            places[key(run)] = place
            lists[place].append(run)
        }
        return lists
    }
}
