// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Environments
import Files
import Foundation
import Policies
import Robots
import Scenes
import Tasks
import Training
import View

struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "Look at a scene, a policy or a run that learns, live in a browser.",
        usage: "sinew view [<named>] [<options>]",
        discussion: """
              sinew view hopper                 is the robot what you think it is? sliders for its joints and motors
              sinew view runs/hopper-sac-0      its best policy in real time, to be pushed and commanded
              sinew train hopper --view         a run while it learns

            It prints an address for a browser on this machine; Ctrl-C ends it.
            """)

    @Argument(
        help: "A scene by name or path, or \(PolicySource.help.firstSmall) (default: the newest run).",
        completion: .scenesAndPolicies)
    var named: String?
    @Option(
        help:
            "The scene for a policy, by name or path (default: the run's own, or the one that the policy names).",
        completion: .scenes)
    var scene: String?
    @Option(
        parsing: .unconditional, help: "The seed of the first episode (default: 0).",
        transform: whole(0...UInt64.max))
    var seed: UInt64 = 0
    @OptionGroup var viewing: ViewOptions
    @OptionGroup var packages: PackageOptions

    func run() throws {
        let live = try LiveScene(exhibit())
        let server = try viewing.server(of: live)
        StopSignal.listen()
        live.start()
        server.start()
        server.announce(what, onOutput: true)
        printError("Ctrl-C ends it")
        while StopSignal.current == nil { usleep(200_000) }
        server.end()
        live.end()
    }

    /// The newest run, where nothing is named.
    private var what: String { named ?? "the newest run" }

    private func exhibit() throws -> Exhibit {
        let named = try named ?? RunFolder.newest(for: "shown")
        let folder = RunFolder(named)
        if folder.isRun { return try exhibit(of: folder) }
        if isScene(named) {
            if scene != nil { throw ValidationError("--scene is for a policy; \(named) is a scene itself") }
            let task = try LoadedScene(named: named, meshes: packages.finder)
            return Exhibit(task, look: task.shown(), label: "", seed: seed)
        }
        if ForeignFile.endings.contains(named.pathEnding.lowercased()) {
            throw Failure(
                .badData,
                "\(named): a robot alone is not shown; write its first scene with `sinew scenes --new \(named.shellQuoted)`, and show that"
            )
        }
        let source = try PolicySource(path: named)
        let task = try askedScene() ?? source.scene(nil)
        try checkFit(source.file, in: task, named)
        let feed = SinglePolicy(source.file.network, label: source.file.origin)
        return Exhibit(
            task, look: try source.shown(task, isAsked: scene != nil), label: named.pathName, feed: feed,
            seed: seed)
    }

    /// Whether a word names a scene: by its ending, by the list of scenes, or since there is nothing else of that name.
    private func isScene(_ named: String) -> Bool {
        ["yaml", "yml"].contains(named.pathEnding.lowercased()) || FileKind(at: named) == nil
            || SceneCatalog.standard.scenes().contains { $0.name == named }
    }

    /// A run, whether it learns now or not: its best policy, and a better one as soon as there is one.
    private func exhibit(of folder: RunFolder) throws -> Exhibit {
        let recipe = try folder.readRecipe()
        let task: LoadedScene
        let look: EpisodeScene
        if FileKind(at: folder.bestPolicy) != nil {
            let source = try PolicySource(path: folder.path)
            task = try askedScene() ?? source.scene(nil)
            try checkFit(source.file, in: task, folder.path)
            look = try source.shown(task, isAsked: scene != nil)
        } else {
            task = try askedScene() ?? LoadedScene(of: folder, recipe)
            look = task.shown()
        }
        return Exhibit(
            task, look: look, label: folder.path.pathName, feed: FolderPolicy(folder),
            run: (folder, recipe.agent.steps), seed: seed)
    }

    /// The scene of --scene, with the meshes that its robot finds by --package.
    private func askedScene() throws -> LoadedScene? {
        try scene.map { try LoadedScene(named: $0, meshes: packages.finder) }
    }

    private func checkFit(_ policy: PolicyFile, in task: LoadedScene, _ name: String) throws {
        let environment = try task.makeEnvironment(RandomStream(seed: seed, .evaluation))
        if let problem = task.misfit(of: policy.contract, in: environment) {
            throw Failure(.badData, "\(name): \(problem); pass the scene that it was trained in by --scene")
        }
    }
}

extension String {
    /// The text as it stands within a sentence.
    fileprivate var firstSmall: String { prefix(1).lowercased() + dropFirst() }
}
