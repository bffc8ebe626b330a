// SPDX-License-Identifier: MIT

import Files
import Robots
import Scenes

/// Writes a scene as a MuJoCo file, and says what MuJoCo takes otherwise.
struct MuJoCoExport {
    let scene: Scene
    let file: String
    /// Whether a file that is there is replaced.
    let isReplaced: Bool

    func write() throws {
        let output = try OutputFile(file, replacing: isReplaced)
        let written = MuJoCoFile(scene)
        try output.write(Array(written.text.utf8))
        // What is piped is the document alone.
        for note in written.notes { printError("note: \(note)") }
        guard OutputFile.isFile(file) else { return }
        print(
            "wrote \(file): \(counted(scene.robot.links.count, "link")), \(counted(scene.robot.joints.count, "joint")), \(counted(scene.actionCount, "actuator"))"
        )
    }
}
