// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Scenes
import Training

/// What a shell offers for a word: it asks this command each time, so that it knows of today's scenes and runs.
extension CompletionKind {
    /// Scenes by name or path.
    static let scenes = named({ sceneNames }, orFiles: [".yaml", ".yml"])
    /// What `train` takes: a scene, or a run.
    static let scenesAndRuns = named({ sceneNames + RunFolder.all(in: "runs") }, orFiles: [".yaml", ".yml"])
    /// Runs' folders.
    static let runs = named({ RunFolder.all(in: "runs") }, orFiles: [])
    /// What acts: runs, policy files and what was exported from them.
    static let policies = named({ RunFolder.all(in: "runs") }, orFiles: [".safetensors", ".onnx"])

    /// What `view` takes: a scene, or what acts.
    static let scenesAndPolicies = named(
        { sceneNames + RunFolder.all(in: "runs") }, orFiles: [".yaml", ".yml", ".safetensors", ".onnx"])

    private static var sceneNames: [String] { SceneCatalog.standard.scenes().map(\.name) }

    private static func named(
        _ names: @escaping @Sendable () -> [String], orFiles endings: [String]
    ) -> CompletionKind {
        .custom { _, _, prefix in
            let names = names()
            // A run's folder is offered once, as the run.
            return names
                + files(from: prefix, endings).filter { file in !names.contains { "\($0)/" == file } }
        }
    }

    /// The folders and the files with one of the endings that may follow what was typed.
    private static func files(from prefix: String, _ endings: [String]) -> [String] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.sorted().filter { !$0.hasPrefix(".") }.compactMap { name in
            if FileBytes.isFolder(folder + name) { return "\(folder)\(name)/" }
            return endings.contains(where: name.hasSuffix) ? folder + name : nil
        }
    }
}
