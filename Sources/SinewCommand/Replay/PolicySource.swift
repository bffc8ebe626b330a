// SPDX-License-Identifier: MIT

import ArgumentParser
import Export
import Files
import Foundation
import Policies
import Scenes
import Tasks
import Training

/// A policy that a command was given: the best one of a run's folder, or what an exported file holds.
struct PolicySource {
    static let help =
        "A run's folder (its best policy), a policy file or an exported file such as ONNX"

    let file: PolicyFile
    /// The scene that it names: in which it runs where no run has its own.
    let sceneName: String
    /// The run that it is of; nil for a file.
    var run: (folder: RunFolder, recipe: Recipe)?

    init(path: String) throws {
        let folder = RunFolder(path)
        guard folder.isRun else {
            file = try Self.exported(path)
            sceneName = file.contract.scene
            return
        }
        guard FileManager.default.fileExists(atPath: folder.bestPolicy) else {
            let hasLast = FileManager.default.fileExists(atPath: folder.lastPolicy)
            throw Failure(
                .missingInput,
                "\(path): the run has no best policy; "
                    + (hasLast ? "take \(folder.lastPolicy)" : "train it up to its first evaluation"))
        }
        let recipe = try folder.readRecipe()
        (sceneName, run) = (recipe.scene, (folder, recipe))
        file = try PolicyFile(contentsOf: folder.bestPolicy)
    }

    private static func exported(_ path: String) throws -> PolicyFile {
        guard let kind = FileKind(at: path) else {
            throw Failure(
                .missingInput,
                "\(path): there is no such run or policy file\(RunFolder.suggestion(for: path))")
        }
        let exported: ExportedFile? =
            if kind == .folder { try? ExportedFile(path: path) } else { try ExportedFile(path: path) }
        guard let exported else {
            throw Failure(
                .missingInput, "\(path): not a run folder (no run.yaml)\(RunFolder.suggestion(for: path))")
        }
        guard let policy = exported.policy else {
            throw Failure(
                .badData, "\(path): no policy can be read back from this format; `sinew verify` runs it")
        }
        return policy
    }

    /// The scene to run it in: the one that was asked for, the run's own, or today's of the name that the policy has.
    func scene(_ asked: String?) throws -> LoadedScene {
        guard asked == nil, let run else {
            // A policy names a scene; which files are read, it does not say.
            guard asked != nil || sceneName.isPlainName else {
                throw Failure(
                    .badData,
                    "\(file.name): the policy names its scene '\(sceneName)', which is no name; pass the scene by --scene"
                )
            }
            return try LoadedScene(named: asked ?? sceneName)
        }
        let own = try LoadedScene(of: run.folder, run.recipe)
        let today = try? LoadedScene(named: run.recipe.scene, overrides: run.recipe.overrides)
        for note in today.map({ PlannedRun.notes(today: $0, own, run.recipe) }) ?? [] { printError(note) }
        return own
    }

    /// What episodes of `task` look like, which `scene(_:)` gave.
    func shown(_ task: LoadedScene, isAsked: Bool) throws -> EpisodeScene {
        guard !isAsked, let run, run.recipe.sceneCopy != nil else { return task.shown() }
        return task.shown(
            today: try? LoadedScene(named: run.recipe.scene, overrides: run.recipe.overrides),
            copies: "\(run.folder.path)/\(RunFolder.scene)")
    }

    /// Refuses to write over the policy at `source`, or over a file of a run's own.
    static func checkTarget(_ target: String, of source: String) throws {
        guard target.realPath != source.realPath, !RunFolder.holds(target) else {
            throw Failure(
                .cannotCreate,
                "\(target): this would overwrite the policy or a file of its run; choose another file")
        }
    }
}
