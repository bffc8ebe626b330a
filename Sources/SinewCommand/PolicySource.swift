// SPDX-License-Identifier: MIT

import ArgumentParser
import Export
import Foundation
import Policies
import Training

/// A policy that a command was given: the best one of a run's folder, or what an exported file holds.
struct PolicySource {
    static let help: ArgumentHelp =
        "A run's folder (its best policy), a policy file or an exported file such as ONNX."

    let file: PolicyFile
    /// The scene to run it in, by name or path.
    let scene: String
    /// The checksum of the scene's and the robot's files that a run was trained with; nil for a file.
    var sceneChecksum: String?

    init(path: String) throws {
        let folder = RunFolder(path)
        guard folder.isRun else {
            file = try Self.exported(path)
            scene = file.contract.scene
            return
        }
        guard FileManager.default.fileExists(atPath: folder.bestPolicy) else {
            let hasLast = FileManager.default.fileExists(atPath: folder.lastPolicy)
            throw Failure(
                .missingInput,
                "\(path): the run has no best policy; "
                    + (hasLast ? "take \(folder.lastPolicy)" : "let it train up to its first evaluation"))
        }
        let recipe = try folder.readRecipe()
        (scene, sceneChecksum) = (recipe.scene, recipe.sceneChecksum)
        file = try PolicyFile(contentsOf: folder.bestPolicy)
    }

    private static func exported(_ path: String) throws -> PolicyFile {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw Failure(.missingInput, "\(path): there is no such run or policy file")
        }
        let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
        let exported: ExportedFile? =
            if isFolder { try? ExportedFile(path: path) } else { try ExportedFile(path: path) }
        guard let exported else {
            throw Failure(.missingInput, "\(path): not a run folder (no run.yaml)")
        }
        guard let policy = exported.policy else {
            throw Failure(
                .badData, "\(path): no policy can be read back from this form; `sinew verify` runs it")
        }
        return policy
    }

    /// Refuses to write over the policy at `source`, or over a file of a run's own.
    static func checkTarget(_ target: String, of source: String) throws {
        func place(_ path: String) -> String {
            URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        }
        guard place(target) != place(source), !RunFolder.holds(target) else {
            throw Failure(
                .cannotCreate,
                "\(target): it would be written over the policy or a file of its run; choose another file")
        }
    }
}
