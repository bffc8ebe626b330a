// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Files
import Scenes
import Tasks

/// A scene as an episode of it begins, as a picture.
struct ScenePicture {
    private let task: LoadedScene
    private let size: PictureSize

    init(_ task: LoadedScene, size: PictureSize?) {
        (self.task, self.size) = (task, size ?? .usual)
    }

    func write(to path: String, replacing: Bool) throws {
        let file = try OutputFile(path, replacing: replacing)
        let environment = try task.makeEnvironment(RandomStream(seed: 0, .evaluation))
        var roll = RollOut(environment)
        try roll.reset()
        let frame = environment.frame(reward: 0)
        let scene = task.shown()
        guard let pictures = EpisodePictures(scene, [frame], width: size.width, height: size.height) else {
            return
        }
        try file.write(pictures.picture(0).png(title: task.scene.name))
        printError("wrote \(path)")
    }
}
