// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Scenes
import Settings
import Tasks
import Training

/// What `sinew train` is asked for: a run's folder, what the run is, and the scene that it is trained in; nothing is written yet.
struct PlannedRun {
    let folder: RunFolder
    let recipe: Recipe
    let scene: LoadedScene
    /// Whether the folder is to be made; the run that goes on there is locked otherwise.
    let isNew: Bool
    /// What a person should know before it begins.
    private let notes: [String]

    /// Finds out; throws what the run would be refused for.
    ///
    /// Only a process that `writes` locks a run that goes on.
    init(_ command: TrainCommand, writes: Bool = true) throws {
        let origin = try Origin(command)
        folder = RunFolder(try command.output ?? origin.folder(command))
        if command.resume, folder.isRun {
            (recipe, scene, notes) = try Self.resumed(folder, command, origin, writes: writes)
            isNew = false
        } else {
            if command.resume { try Self.checkFree(folder) }
            (recipe, scene) = try origin.begun(command)
            let findings = scene.findings(on: recipe, flags: command.settings)
            let errors = findings.filter { $0.severity == .error }
            if !errors.isEmpty { throw DescriptionError(.invalid, errors) }
            notes = Self.notes(of: scene.scene) + findings.map(\.description)
            isNew = true
        }
    }

    func printNotes() {
        for note in notes { printError(note) }
    }

    /// What begins: the first line that a person or a log sees.
    var opening: String { "\(Self.title(of: recipe)), into \(folder.path)" }

    static func title(of recipe: Recipe) -> String {
        "training \(recipe.scene) by \(recipe.agent.algorithm.name) to step \(recipe.agent.steps)"
    }

    /// Makes the folder of a new run with its scene and run.yaml; of one that goes on the trainer writes run.yaml.
    func write() throws {
        guard isNew else { return }
        let copies = try scene.copies()
        try folder.create()
        try folder.write(recipe, copies: copies)
    }

    private static func checkFree(_ folder: RunFolder) throws {
        do {
            try folder.checkFree()
        } catch TrainingError.runExists {
            throw Failure(
                .cannotCreate,
                "\(folder.path): not a run folder (no run.yaml), and not empty; choose another folder by --output"
            )
        }
    }

    /// Takes up the run in the folder.
    private static func resumed(
        _ folder: RunFolder, _ command: TrainCommand, _ origin: Origin, writes: Bool
    ) throws -> (Recipe, LoadedScene, [String]) {
        if writes { try folder.lockForWriting() }
        let recipe = try folder.readRecipe()
        let scene = try LoadedScene(of: folder, recipe)
        let today = origin.today(of: recipe, command.packages.finder)
        if case .scene(let name) = origin, name != recipe.scene, today?.checksum != scene.checksum {
            throw TrainingError.otherScene(scene: recipe.scene, path: folder.path)
        }
        var wanted = recipe
        if let algorithm = command.algorithm, algorithm != recipe.agent.algorithm {
            wanted.agent = AgentConfiguration(algorithm)
        }
        try command.apply(to: &wanted)
        let resumed = try recipe.resumed(as: wanted, path: folder.path)
        return (resumed, scene, today.map { Self.notes(today: $0, scene, recipe) } ?? [])
    }

    /// In what today's scene differs from a run's own.
    static func notes(today: LoadedScene, _ own: LoadedScene, _ recipe: Recipe) -> [String] {
        let differences = today.differences(from: own)
        guard !differences.isEmpty else { return [] }
        let shown =
            differences.prefix(10) + (differences.count > 10 ? ["and \(differences.count - 10) more"] : [])
        return [
            "note: the run has its own copy of its scene; \(recipe.scene) differs from it today: "
                + shown.joined(separator: "; ")
        ]
    }

    /// What was ignored or assumed in a scene's files; of many warnings only how many there are.
    private static func notes(of scene: Scene) -> [String] {
        let warnings = scene.notes.filter { $0.severity == .warning }
        guard warnings.count > 3 else { return warnings.map(\.description) }
        return [
            "\(scene.file): \(warnings.count) warnings about the scene and its robot; "
                + "see them all with `sinew scenes --check \(scene.file)`"
        ]
    }
}
