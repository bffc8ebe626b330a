// SPDX-License-Identifier: MIT

package import Agents
internal import Files
internal import Robots
internal import Scenes
internal import Settings
package import Training

extension LoadedScene {
    /// The scene that a run was trained in: its own copy; of a run of version 1, which has none, today's where the files are the same.
    ///
    /// - Throws: ``TrainingError/sceneChanged(scene:path:)`` where they are not.
    package init(of run: RunFolder, _ recipe: Recipe) throws {
        guard let copy = recipe.sceneCopy else {
            try self.init(named: recipe.scene, overrides: recipe.overrides)
            guard recipe.sceneChecksum == checksumOfFiles else {
                throw TrainingError.sceneChanged(scene: recipe.scene, path: run.path)
            }
            return
        }
        try self.init(
            file: "\(run.path)/\(copy)", robotFile: recipe.robotCopy.map { "\(run.path)/\($0)" },
            overrides: recipe.overrides, meshes: MeshFinder(copies: "\(run.path)/\(RunFolder.scene)"))
        guard recipe.sceneChecksum == checksum else {
            throw TrainingError.copyChanged(copy: copy, path: run.path)
        }
    }

    /// What is to be copied into a run's folder, and its names there: scene, robot, what its file includes, and the meshes that it
    /// touches with.
    ///
    /// A robot's file that includes others has a folder of its own for them, whatever their names are.
    ///
    /// - Throws: where a mesh cannot be read any more, or is not what it was.
    package func copies() throws -> [(name: String, bytes: [UInt8])] {
        var copies =
            [(scene.file.pathName, sceneBytes), (robotFolder + scene.robot.file.pathName, robotBytes)]
            + scene.robot.included.map { (robotFolder + $0.name, $0.bytes) }
        for mesh in scene.robot.meshes {
            let bytes = try FileBytes.read(mesh.path, atMost: FileLimit.policy)
            guard CRC32.checksum(of: bytes) == mesh.checksum else {
                throw FileError.refused(
                    operation: .read, file: mesh.path, problem: "it changed while the run was made; try again"
                )
            }
            copies.append((MeshFinder.copyName(of: mesh.name), bytes))
        }
        for image in scene.terrainImages { copies.append((image.name, image.bytes)) }
        return copies.map { ("\(RunFolder.scene)/\($0)", $1) }
    }

    /// Where the robot's files are in the folder of copies.
    private var robotFolder: String { scene.robot.included.isEmpty ? "" : "robot/" }

    /// A recipe of a run here, with the scene's settings for the algorithm; `name` is the scene's as the user gave it.
    package func recipe(name: String, _ algorithm: Algorithm) throws -> Recipe {
        var recipe = Recipe(scene: name, agent: try configuration(for: algorithm))
        recipe.evaluation = evaluation(for: algorithm)
        return recipe
    }

    /// Notes in a recipe where the run's copies are, and what they say.
    package func take(in recipe: inout Recipe) {
        recipe.format = 2
        recipe.sceneCopy = "\(RunFolder.scene)/\(scene.file.pathName)"
        recipe.robotCopy = "\(RunFolder.scene)/\(robotFolder)\(scene.robot.file.pathName)"
        recipe.sceneChecksum = checksum
    }

    /// Where this scene differs from what a run was trained in, a line each; none where only comments do.
    package func differences(from trained: LoadedScene) -> [String] {
        var lines = task.differences(from: trained.task).map(\.description)
        if robotBytes != trained.robotBytes {
            lines.append("the robot's file \(scene.robot.file.pathName) changed")
        }
        for file in scene.robot.included where !trained.scene.robot.included.contains(file) {
            lines.append("the robot's file \(file.name) changed")
        }
        let sums = Dictionary(
            trained.scene.robot.meshes.map { ($0.name, $0.checksum) }, uniquingKeysWith: { $1 })
        for mesh in scene.robot.meshes where sums[mesh.name] != mesh.checksum {
            lines.append("the mesh \(mesh.name) changed")
        }
        let (images, others) = (scene.terrainImages, trained.scene.terrainImages)
        if !images.elementsEqual(others, by: { $0.bytes == $1.bytes }) {
            lines.append("a picture of the terrain changed")
        }
        return lines
    }

    /// A checksum of what the scene and its robot say: comments and the order of keys do not count, nor what only concerns training,
    /// which the recipe has.
    package var checksum: String {
        let included = scene.robot.included.flatMap { Array($0.name.utf8) + $0.bytes }
        let meshes = scene.robot.meshes.map { "\($0.name) \($0.checksum)\n" }.joined()
        let images = scene.terrainImages.flatMap { $0.bytes }
        return String(
            CRC32.checksum(
                of: Array(task.canonical.utf8) + robotBytes + included + Array(meshes.utf8) + images),
            radix: 16)
    }

    /// The checksum of the bytes, as runs of version 1 have it.
    package var checksumOfFiles: String {
        String(CRC32.checksum(of: sceneBytes + robotBytes), radix: 16)
    }

    /// What the scene says of the task.
    private var task: Setting {
        var task = scene.source
        let others = ["summary", "train", "evaluate"]
        task.value = .mapping((scene.source.entries ?? []).filter { !others.contains($0.key) })
        return task
    }
}
