// SPDX-License-Identifier: MIT

import Foundation
import Robots
import Scenes
import Settings
import Testing

struct SceneTemplateTests {
    private static let robots =
        (try? FileManager.default.contentsOfDirectory(atPath: ShippedScenes.folder + "/Robots"))?.sorted()
        .filter { !$0.hasSuffix(".LICENSE") } ?? []

    @Test(arguments: robots)
    func `the first scene of any shipped robot loads without a warning`(file: String) throws {
        let robot = try Robot.load(file: ShippedScenes.folder + "/Robots/" + file)
        let text = SceneTemplate(robot, robotFile: file).text
        let scene = try Scene(yaml: text, file: "new.yaml", catalog: ShippedScenes.catalog)
        #expect(scene.notes.filter { $0.severity != .note && !$0.file.hasSuffix(".xml") } == [])
        #expect(scene.actuators.map(\.joint) == Array(robot.joints.indices))
        #expect(scene.training.map(\.algorithm) == ["sac"])
    }

    @Test func `names that YAML would misread are quoted`() throws {
        let matter = "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"
        let names = ["y", "1", "a: b", "x, y", "#1", "a\"b", "no", "null", "[q]", "*p", "ü", "- z"]
        let joints = names.enumerated().map { index, name in
            let escaped = name.replacing("\"", with: "&quot;")
            return """
                <link name='l\(index)'>\(matter)</link>
                <joint name='\(escaped)' type='continuous'><parent link='base'/><child link='l\(index)'/></joint>
                """
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "sinew-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("odd.urdf")
        try Data("<robot name='odd'><link name='base'/>\(joints.joined())</robot>".utf8).write(to: file)
        let robot = try Robot.load(file: file.path)
        #expect(robot.joints.map(\.name) == names)
        let text = SceneTemplate(robot, robotFile: "odd.urdf").text
        let scene = try Scene(yaml: text, file: folder.path + "/odd.yaml", catalog: SceneCatalog(folders: []))
        #expect(scene.actuators.count == names.count)
    }

    @Test func `a trial ends with its patience`() throws {
        var scene = try Scene.load(named: "reacher", in: ShippedScenes.catalog)
        scene.physics.timeStep = 1e-6
        let trial = try SceneTrial(of: scene, seconds: 10, actions: .random, patience: 0.2)
        #expect(trial.isCutShort && !trial.isDiverged && trial.seconds > 0 && trial.seconds < 10)
    }
}
