// SPDX-License-Identifier: MIT

internal import Files
package import Robots
public import Settings

/// What a scene is loaded with beside its own file.
package struct SceneOptions: Sendable {
    /// Where robots are looked for.
    package var catalog = SceneCatalog.standard
    /// The robot's file, instead of the one that the scene names.
    package var robotFile: String?
    /// The robot itself, where it was read already.
    package var robot: Robot?
    /// Where the robot's meshes are looked for.
    package var meshes = MeshFinder()
    /// What is set over what the file says, in this order; keys of `train` need not begin with it.
    package var overrides: [Override] = []
    /// The algorithms that the scene may have settings for; none knows no algorithm, and takes every name.
    package var algorithms: [AlgorithmKeys] = []

    package init(
        catalog: SceneCatalog = .standard, robotFile: String? = nil, robot: Robot? = nil,
        overrides: [Override] = [], algorithms: [AlgorithmKeys] = []
    ) {
        self.catalog = catalog
        self.robot = robot
        self.robotFile = robotFile
        self.overrides = overrides
        self.algorithms = algorithms
    }
}

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
        try load(named: name, SceneOptions(catalog: catalog))
    }

    /// Finds and reads a scene as above, with what else it is to be loaded with.
    package static func load(
        named name: String, _ options: SceneOptions
    ) throws(DescriptionError) -> Scene {
        let file = try options.catalog.file(of: name)
        return try Scene(yaml: FileText.read(file), file: file, options)
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
        try self.init(yaml: Array(yaml.utf8), file: file, catalog: catalog)
    }

    /// Reads the bytes of a scene.
    ///
    /// - Parameters:
    /// - yaml: UTF-8 text.
    /// - file: the name that messages give; robots are looked for beside it.
    /// - catalog: where robots are looked for.
    /// - Throws: everything that is wrong with the scene and with its robot.
    public init(yaml: [UInt8], file: String, catalog: SceneCatalog = .standard) throws(DescriptionError) {
        try self.init(yaml: yaml, file: file, SceneOptions(catalog: catalog))
    }

    /// Reads the bytes of a scene as above, with what else it is to be loaded with.
    package init(yaml: [UInt8], file: String, _ options: SceneOptions) throws(DescriptionError) {
        let findings = Findings(file: file)
        let root = try Self.tree(yaml, findings, options)
        var robotFindings: [Diagnostic] = []
        let robot = Self.robot(root, findings, options, &robotFindings)
        let decoder = Decoder(
            findings: findings,
            context: robot.map { SceneNames(robot: $0, objects: SceneNames.objects(in: root)) })
        let name = file.pathName.withoutEnding
        var scene = Scene()
        (scene.name, scene.file, scene.source) = (name, file, root)
        if let robot { scene.robot = robot }
        let decoded = decoder.decode(root, scene, keys: Self.keys(algorithms: options.algorithms))
        guard robot != nil, var decoded else {
            throw DescriptionError(.invalid, findings.inOrder + robotFindings)
        }
        decoded.resolve(root, decoder)
        SceneChecks(decoder: decoder, root: root, scene: decoded).check()
        decoded.notes = findings.inOrder + decoded.robot.notes
        guard !findings.hasErrors else { throw DescriptionError(.invalid, decoded.notes) }
        self = decoded
    }

    /// The file's tree, with what is set over it.
    private static func tree(
        _ yaml: [UInt8], _ findings: Findings, _ options: SceneOptions
    ) throws(DescriptionError) -> Setting {
        if let foreign = ForeignFile(content: yaml), !foreign.mayBeScene {
            findings.error(1, "", "this is \(foreign.what), not a scene", foreign.remedy)
            throw DescriptionError(.invalid, findings.inOrder)
        }
        if yaml.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "<") {
            findings.error(
                1, "", "this is XML, as robots are written in, not a scene",
                "`sinew scenes --new ROBOT.urdf` writes a scene for a robot")
            throw DescriptionError(.invalid, findings.inOrder)
        }
        guard var root = YAMLReader.read(yaml, findings: findings) else {
            throw DescriptionError(.invalid, findings.inOrder)
        }
        EarlierKeys.translate(&root, findings)
        guard !options.overrides.isEmpty else { return root }
        let shape = SceneReference.shape(algorithms: options.algorithms)
        for override in options.overrides { try override.apply(to: &root, of: shape, prefix: "train") }
        return root
    }

    /// The robot that the scene names; nil after an error, which is in `findings` or `robotFindings` then.
    private static func robot(
        _ root: Setting, _ findings: Findings, _ options: SceneOptions, _ robotFindings: inout [Diagnostic]
    ) -> Robot? {
        if let robot = options.robot { return robot }
        guard let setting = root["robot"], let name = setting.text, !name.isEmpty else { return nil }
        guard let path = options.robotFile ?? options.catalog.robotFile(name, scene: findings.file) else {
            findings.error(
                setting, "there is no file '\(name.shortened)' beside the scene or in Robots",
                "looked in Robots of \(options.catalog.folders.joined(separator: ", "))")
            return nil
        }
        var meshes = options.meshes
        meshes.kinds = CollisionChoice.kinds(in: root)
        do {
            return try Robot.load(file: path, meshes)
        } catch {
            robotFindings = error.diagnostics
            return nil
        }
    }
}
