// SPDX-License-Identifier: MIT

import Files
import Foundation
import Geometry
import Robots
import Scenes
import Settings
import Training

/// Writes a first scene for a robot that has none, and says how to go on.
struct NewScene {
    let robot: String
    let output: String?
    /// Whether a file that is there is replaced.
    let isReplaced: Bool
    /// How the root is held; a guess if nil.
    let base: Base?
    let meshes: MeshFinder

    func write() throws {
        if let output, output.isEmpty || output.hasSuffix("/") || FileBytes.isFolder(output) {
            throw Failure(
                .cannotCreate, "--output '\(output)' is a folder, not a file; name one such as robot.yaml")
        }
        // The scene names its robot, which a pipe would not keep.
        guard !SceneCatalog.isStream(robot) else {
            throw Failure(
                .badData,
                "\(robot): a new scene needs a robot in a file, which it names; save it first: ... > robot.urdf"
            )
        }
        let description = try Robot.load(file: robot, meshes)
        for note in description.notes where note.severity == .warning { printError(note.description) }
        guard !description.joints.isEmpty else {
            throw Failure(
                .badData,
                "\(robot): no joint of robot '\(description.name)' moves, so there is nothing to train; "
                    + "make a joint revolute, continuous or prismatic")
        }
        let file = output ?? (robot.withoutEnding + ".yaml")
        guard !RunFolder.holds(file) else {
            throw Failure(.cannotCreate, "\(file) is one of a run's own files; name another by --output")
        }
        _ = try OutputFile(file, replacing: isReplaced)
        let template = SceneTemplate(
            description, robotFile: Self.path(of: robot, seenFrom: file), base: base)
        if let refusal = template.refusal {
            throw Failure(.badData, "\(robot): no scene was written: \(refusal)")
        }
        // What the robot does not allow, such as a floating base without mass, is said before there is a file.
        let whole = URL(fileURLWithPath: robot).standardizedFileURL.path
        do {
            _ = try Scene(
                yaml: Array(SceneTemplate(description, robotFile: whole, base: base).text.utf8), file: file,
                SceneOptions(robot: description))
        } catch {
            // The scene is nowhere yet, so its lines help nobody.
            let reasons = error.errors.map { $0.message.replacingOccurrences(of: whole, with: robot) }
            throw Failure(.badData, "\(robot): no scene was written: \(reasons.joined(separator: "; "))")
        }
        try create(file, template.text)
        print("wrote \(file): \(counted(description.joints.count, "joint")), base \(template.base.rawValue)")
        print("it is taken for \(template.finding)")
        print("read it and change what the robot is asked for; then")
        print("  sinew scenes --check \(Self.asPath(file).shellQuoted)")
        print("  sinew train \(Self.asPath(file).shellQuoted)")
    }

    /// Writes the file, and makes its folder.
    private func create(_ file: String, _ text: String) throws(FileError) {
        if !file.pathFolder.isEmpty { try Folder.make(file.pathFolder) }
        try OutputFile(file, replacing: isReplaced).write(Array(text.utf8))
    }

    /// What the scene's `robot` says: looked up beside the scene, so a name where they share a folder.
    private static func path(of robot: String, seenFrom scene: String) -> String {
        func absolute(_ path: String) -> [String] {
            URL(fileURLWithPath: path).standardizedFileURL.pathComponents
        }
        let (target, folder) = (absolute(robot), Array(absolute(scene).dropLast()))
        let shared = zip(target, folder).prefix { $0 == $1 }.count
        // Files with nothing in common but the root are named from it.
        guard shared > 1 else { return target.dropFirst().reduce("") { $0 + "/" + $1 } }
        let up = Array(repeating: "..", count: folder.count - shared)
        return (up + target.dropFirst(shared)).joined(separator: "/")
    }

    /// A path as the other commands take it: without `.yaml` or `/` it would be a name.
    private static func asPath(_ file: String) -> String {
        file.contains("/") || file.hasSuffix(".yaml") || file.hasSuffix(".yml") ? file : "./\(file)"
    }
}
