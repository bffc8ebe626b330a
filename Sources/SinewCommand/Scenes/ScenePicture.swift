// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Files
import Scenes
import Tasks

/// A scene as an episode of it begins, as a picture or as a model.
struct ScenePicture {
    private let task: LoadedScene
    private let size: PictureSize

    init(_ task: LoadedScene, size: PictureSize?) {
        (self.task, self.size) = (task, size ?? .usual)
    }

    /// Writes it as PNG.
    func write(to path: String, replacing: Bool) throws {
        try write(to: path, replacing: replacing) { scene, frame in
            EpisodePictures(scene, [frame], width: size.width, height: size.height)?.picture(0)
                .png(title: task.scene.name)
        }
    }

    /// Writes it as a glTF model.
    func writeModel(to path: String, replacing: Bool) throws {
        try write(to: path, replacing: replacing) { EpisodeModel($0, [$1])?.glb }
    }

    private func write(
        to path: String, replacing: Bool, _ form: (EpisodeScene, EpisodeFrame) -> [UInt8]?
    ) throws {
        let file = try OutputFile(path, replacing: replacing)
        let environment = try task.makeEnvironment(RandomStream(seed: 0, .evaluation))
        var roll = RollOut(environment)
        try roll.reset()
        guard let bytes = form(task.shown(), environment.frame(reward: 0)) else { return }
        try file.write(bytes)
        printError("wrote \(path)")
    }
}
