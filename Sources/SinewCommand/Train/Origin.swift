// SPDX-License-Identifier: MIT

import Agents
import Files
import Foundation
import Robots
import Scenes
import Settings
import Tasks
import Training

/// What a person named to be trained.
enum Origin {
    case scene(String)
    /// A run to be continued.
    case run(RunFolder)
    /// A run to be trained again.
    case again(RunFolder, Recipe)

    init(_ command: TrainCommand) throws {
        let path = command.scene
        if RunFolder(command.scene).isRun {
            guard command.resume else {
                throw Failure(
                    .usage,
                    "\(path): this is a run; pass --resume to continue it, or train the same again in a new folder: sinew train \("\(path)/run.yaml".shellQuoted)"
                )
            }
            guard command.output == nil || command.output == command.scene else {
                throw Failure(
                    .usage, "\(path): a run is continued in its own folder; leave --output out")
            }
            self = .run(RunFolder(command.scene))
        } else if path.pathName == "run.yaml" {
            let folder = path.pathFolder
            let run = RunFolder(folder.isEmpty ? "." : folder)
            self = .again(run, try run.readRecipe())
        } else {
            self = .scene(command.scene)
        }
    }

    /// The folder where `--output` names none.
    func folder(_ command: TrainCommand) throws -> String {
        let (file, algorithm, seed): (String, Algorithm, UInt64)
        switch self {
        case .run(let folder): return folder.path
        case .scene(let name): (file, algorithm, seed) = (try SceneCatalog.standard.file(of: name), .sac, 0)
        case .again(_, let recipe):
            (file, algorithm, seed) = (recipe.sceneCopy ?? recipe.scene, recipe.agent.algorithm, recipe.seed)
        }
        let scene = file.pathName.withoutEnding
        let path =
            "runs/"
            + Recipe.usualName(
                scene: scene, algorithm: (command.algorithm ?? algorithm).name, seed: command.seed ?? seed)
        guard case .again(let run, _) = self else { return path }
        // The run itself often stands there: what it is trained again in has the next number.
        let paths = [path] + (2...1000).map { "\(path)-\($0)" }
        let free = paths.firstIndex { (try? RunFolder($0).checkFree()) != nil } ?? 0
        let isOwn = free == 0 || paths[free - 1].realPath == run.path.realPath
        return paths[command.resume && !isOwn ? free - 1 : free]
    }

    /// A new run.
    func begun(_ command: TrainCommand) throws -> (Recipe, LoadedScene) {
        let overrides = try Recipe.sceneOverrides(command.settings)
        var recipe: Recipe
        let scene: LoadedScene
        switch self {
        case .scene(let name):
            scene = try LoadedScene(named: name, overrides: overrides, meshes: command.packages.finder)
            recipe = try scene.recipe(name: name, command.algorithm ?? .sac)
        case .run(let folder), .again(let folder, _):
            recipe = try folder.readRecipe()
            recipe.override(overrides)
            scene = try LoadedScene(of: folder, recipe)
            if let algorithm = command.algorithm, algorithm != recipe.agent.algorithm {
                recipe.agent = try scene.configuration(for: algorithm)
            }
        }
        try command.apply(to: &recipe)
        scene.take(in: &recipe)
        (recipe.version, recipe.commit) = (sinewVersion, sinewCommit)
        return (recipe, scene)
    }

    /// Today's scene of the name that a run was begun with, where there is one.
    func today(of recipe: Recipe, _ meshes: MeshFinder) -> LoadedScene? {
        var name = recipe.scene
        if case .scene(let named) = self { name = named }
        return try? LoadedScene(named: name, overrides: recipe.overrides, meshes: meshes)
    }
}

extension Recipe {
    /// What `--set` flags say of the scene.
    static func sceneOverrides(_ flags: [String]) throws -> [String] {
        try flags.filter { try !isOfRun(Override(parsing: $0)) }
    }

    /// Takes what flags say of the scene; the last one of a key counts.
    mutating func override(_ flags: [String]) {
        func key(_ flag: String) -> Substring { flag.prefix { $0 != "=" } }
        for flag in flags where !overrides.contains(flag) {
            overrides.removeAll { key($0) == key(flag) }
            overrides.append(flag)
        }
    }

    /// Takes what `--set` and `--steps` say.
    mutating func apply(_ flags: [String], steps: Int?) throws {
        override(try Self.sceneOverrides(flags))
        var own = try flags.map { try Override(parsing: $0) }.filter(Self.isOfRun)
        if let steps {
            let value = Setting(.scalar(Scalar(steps)), source: "--steps \(steps)")
            own.append(Override(path: "train.\(agent.algorithm.name).steps", value: value))
        }
        try apply(own)
    }
}
