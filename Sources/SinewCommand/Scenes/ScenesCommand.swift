// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Geometry
import Robots
import Scenes
import Tasks

struct ScenesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes",
        abstract: "List the scenes, show one, check a file, or write a first one for a robot.",
        usage: "sinew scenes [<scene>] [<options>]",
        discussion: """
              sinew scenes                      the scenes that can be trained by name
              sinew scenes hopper               one of them in full
              sinew scenes hopper --png FILE    a picture of it; --glb FILE: a 3D model
              sinew scenes --check FILE         every error in a robot or a scene, and ten seconds of it
              sinew scenes --new arm.urdf       a first scene for a robot that has none
              sinew scenes --json arm.urdf      masses, inertias and joints of a robot, or of a scene's, as JSON
              sinew scenes ant --mjcf ant.xml   robot and surroundings of a scene as a MuJoCo file
            """)

    @Argument(help: "A scene by name or path, to be shown.", completion: .scenes)
    var scene: String?
    @Option(
        help: ArgumentHelp(
            "Report every error in this scene (.yaml) or robot (.urdf), and simulate ten seconds of it.",
            valueName: "file"), completion: .file(extensions: ["yaml", "urdf"]))
    var check: String?
    @Option(
        help: ArgumentHelp("Write a first scene for this robot.", valueName: "robot.urdf"),
        completion: .file(extensions: ["urdf"]))
    var new: String?
    @Option(
        help: ArgumentHelp(
            "The scene that --new writes (default: the robot's name beside its file, with .yaml).",
            valueName: "file"), completion: .file(extensions: ["yaml"]))
    var output: String?
    @Option(
        help: "Draw the SCENE at the start of an episode to this PNG file.",
        completion: .file(extensions: ["png"]))
    var png: String?
    @Option(
        help: ArgumentHelp("Pixels of --png (default: 640x480).", valueName: "width x height"),
        transform: PictureSize.init)
    var size: PictureSize?
    @Option(
        help:
            "Write the SCENE's robot, as it stands at the start of an episode, as a glTF model to this GLB file.",
        completion: .file(extensions: ["glb"]))
    var glb: String?
    @Option(
        help: ArgumentHelp("Write the SCENE's robot and surroundings as a MuJoCo file.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var mjcf: String?
    @Flag(help: "Have --new, --png, --glb and --mjcf replace a file that is there.")
    var force = false
    @Flag(help: "Print the links and joints of the SCENE's robot, or of a robot's file, as JSON.")
    var json = false
    @Option(help: "How --new holds the robot's root (default: what the robot suggests).")
    var base: BaseOption?
    @OptionGroup var packages: PackageOptions

    func validate() throws {
        let given = [scene, check, new].compactMap(\.self)
        guard given.count <= 1 else {
            throw ValidationError("a SCENE to show, --check and --new are mutually exclusive")
        }
        guard new != nil || output == nil && base == nil else {
            throw ValidationError("--output and --base need --new")
        }
        let written = [("mjcf", mjcf, "xml"), ("png", png, "png"), ("glb", glb, "glb")].filter { $0.1 != nil }
        guard new != nil || !written.isEmpty || !force else {
            throw ValidationError("--force needs --new, --png, --glb or --mjcf")
        }
        guard written.count <= 1 else {
            throw ValidationError("--\(written[0].0) and --\(written[1].0) are mutually exclusive")
        }
        for (flag, path, ending) in written {
            guard scene != nil, !json else {
                throw ValidationError("--\(flag) needs a SCENE, without --json")
            }
            guard let path, OutputFile.isFile(path), path.pathEnding.lowercased() != ending else { continue }
            throw ValidationError("--\(flag) \(path): give it a name that ends in .\(ending)")
        }
        guard png != nil || size == nil else { throw ValidationError("--size needs --png") }
        guard !json || scene != nil else { throw ValidationError("--json needs a SCENE or a robot's file") }
    }

    func run() throws {
        if let check {
            try FileCheck(file: check, meshes: packages.finder).run()
        } else if let new {
            try NewScene(
                robot: new, output: output, isReplaced: force,
                base: base.flatMap { Base(rawValue: $0.rawValue) }, meshes: packages.finder
            ).write()
        } else if let mjcf, let scene {
            let loaded = try LoadedScene(named: scene, meshes: packages.finder).scene
            try MuJoCoExport(scene: loaded, file: mjcf, isReplaced: force).write()
        } else if json, let scene {
            let isRobot = ForeignFile.endings.contains(scene.pathEnding.lowercased())
            try printJSON(
                RobotNumbers(
                    isRobot ? try Robot.load(file: scene) : try LoadedScene(named: scene).scene.robot))
        } else if let scene {
            let task = try LoadedScene(named: scene, meshes: packages.finder)
            if let png {
                try ScenePicture(task, size: size).write(to: png, replacing: force)
            } else if let glb {
                try ScenePicture(task, size: nil).writeModel(to: glb, replacing: force)
            } else {
                print(try SceneSheet(task).text, terminator: "")
            }
        } else {
            list()
        }
    }

    private func list() {
        let scenes = Scene.available()
        if scenes.isEmpty {
            printError("no scenes here; run this in a folder with Scenes/, or set SINEW_HOME to one")
        }
        for line in Layout.lines(of: scenes.map { [$0.name, $0.summary] }, indent: 0) { print(line) }
    }
}

/// `--base`: ``Base`` as an argument.
enum BaseOption: String, CaseIterable, ExpressibleByArgument {
    case fixed, planar, floating
}
