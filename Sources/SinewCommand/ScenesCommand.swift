// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import Geometry
import Robots
import Scenes
import Tasks

struct ScenesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes", abstract: "List the scenes, show one, check a file, or begin a new one.",
        discussion: """
              sinew scenes                      the scenes that can be trained by name
              sinew scenes hopper               what one of them is
              sinew scenes --check FILE         what is wrong with a robot or a scene, and ten seconds of it
              sinew scenes --new arm.urdf       a first scene for a robot that has none
            """)

    @Argument(help: "A scene by name or path, to be shown.")
    var scene: String?
    @Option(
        help: ArgumentHelp(
            "Report everything that is wrong in this scene (.yaml) or robot (.urdf).", valueName: "file"))
    var check: String?
    @Option(help: ArgumentHelp("Write a first scene for this robot.", valueName: "robot.urdf"))
    var new: String?
    @Option(
        help: ArgumentHelp(
            "The scene that --new writes (default: the robot's name beside its file, with .yaml).",
            valueName: "file"))
    var output: String?
    @Option(help: "How --new holds the robot's root (default: a guess).")
    var base: BaseOption?

    func validate() throws {
        let given = [scene, check, new].compactMap(\.self)
        guard given.count <= 1 else {
            throw ValidationError("Give one of a scene to show, --check and --new.")
        }
        guard new != nil || output == nil && base == nil else {
            throw ValidationError("--output and --base go with --new.")
        }
    }

    func run() throws {
        if let check {
            try FileCheck(file: check).run()
        } else if let new {
            try NewScene(robot: new, output: output, base: base.flatMap { Base(rawValue: $0.rawValue) })
                .write()
        } else if let scene {
            let task = try LoadedScene(named: scene)
            print(try SceneSheet(task).text, terminator: "")
        } else {
            list()
        }
    }

    private func list() {
        let scenes = Scene.available()
        if scenes.isEmpty {
            printError("no scenes here; run this in a folder with Scenes/, or set SINEW_HOME to one")
        }
        let width = scenes.map(\.name.count).max() ?? 0
        for scene in scenes {
            print(scene.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + scene.summary)
        }
    }
}

/// `--base`: ``Base`` as an argument.
enum BaseOption: String, CaseIterable, ExpressibleByArgument {
    case fixed, planar, floating
}
