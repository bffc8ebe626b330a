// SPDX-License-Identifier: MIT

public import Foundation
internal import Robots
public import Settings

extension Scene {
    /// Finds and reads a scene by its name or path, with its robot.
    ///
    /// - Parameters:
    /// - name: a path if it has a `/` or ends in `.yaml`, else the name of a scene in the catalog.
    /// - catalog: where scenes and robots are looked for.
    /// - Returns: the scene, with what was ignored or assumed in its `notes`.
    /// - Throws: everything that is wrong with the scene and with its robot.
    public static func load(
        named name: String, in catalog: SceneCatalog = .standard
    ) throws(DescriptionError) -> Scene {
        let file = try catalog.file(of: name)
        return try Scene(yaml: FileText.read(file), file: file, catalog: catalog)
    }

    /// The scenes that can be found by name, each with its summary, in alphabetical order.
    public static func available() -> [SceneSummary] { SceneCatalog.standard.scenes() }

    /// Reads the text of a scene.
    ///
    /// - Parameters:
    /// - yaml: the text.
    /// - file: the name that messages give; robots are looked for beside it.
    /// - catalog: where robots are looked for.
    /// - Throws: everything that is wrong with the scene and with its robot.
    public init(yaml: String, file: String, catalog: SceneCatalog = .standard) throws(DescriptionError) {
        try self.init(yaml: Data(yaml.utf8), file: file, catalog: catalog)
    }

    /// Reads the bytes of a scene.
    ///
    /// - Parameters:
    /// - yaml: UTF-8 text.
    /// - file: the name that messages give; robots are looked for beside it.
    /// - catalog: where robots are looked for.
    /// - robotFile: the robot's file; nil looks for the one that the scene names.
    /// - Throws: everything that is wrong with the scene and with its robot.
    public init(
        yaml: Data, file: String, catalog: SceneCatalog = .standard, robotFile: String? = nil
    ) throws(DescriptionError) {
        let findings = Findings(file: file)
        if yaml.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "<") {
            findings.error(
                1, "", "this is XML, as robots are written in, not a scene",
                "`sinew scenes --new ROBOT.urdf` writes a scene for a robot")
            throw DescriptionError(.invalid, findings.inOrder)
        }
        guard let root = YAMLReader.read(Array(yaml), findings: findings) else {
            throw DescriptionError(.invalid, findings.inOrder)
        }
        var robotFindings: [Diagnostic] = []
        let robot = Self.robot(
            root, robotFile, findings: findings, catalog: catalog, &robotFindings)
        let keys = ParameterDecoder(findings: findings, robot: robot).arguments(root, SceneKeys.all)
        guard let robot else { throw DescriptionError(.invalid, findings.inOrder + robotFindings) }
        let name = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
        var scene = SceneReader(findings: findings, robot: robot, keys: keys).scene(name: name)
        guard !findings.hasErrors else { throw DescriptionError(.invalid, findings.inOrder + robot.notes) }
        scene.notes = findings.inOrder + robot.notes
        self = scene
    }

    /// The robot that the scene names; nil after an error, which is in `findings` or `robotFindings` then.
    private static func robot(
        _ root: Setting, _ file: String?, findings: Findings, catalog: SceneCatalog,
        _ robotFindings: inout [Diagnostic]
    ) -> Robot? {
        guard let setting = root["robot"], let name = setting.text, !name.isEmpty else {
            return nil
        }
        guard let path = file ?? catalog.robotFile(name, scene: findings.file) else {
            findings.error(
                setting.line, "robot",
                "there is no file '\(name.shortened)' beside the scene or in Robots",
                "looked in Robots of \(catalog.folders.joined(separator: ", "))")
            return nil
        }
        do {
            return try Robot.load(file: path)
        } catch {
            robotFindings = error.diagnostics
            return nil
        }
    }
}
