// SPDX-License-Identifier: MIT

package import Scenes
package import Tasks
package import Training

/// What is shown: a scene, with a policy in it or without, of a run or of none.
package struct Exhibit {
    /// The scene.
    package var task: LoadedScene
    /// How it looks.
    package var look: EpisodeScene
    /// What it is called, beside the robot's name.
    package var label: String
    /// Where policies come from; nil where a person has the joints.
    package var feed: (any PolicyFeed)?
    /// The run whose curves are shown, and its control steps.
    package var run: (folder: RunFolder, steps: Int)?
    /// The seed of the first episode.
    package var seed: UInt64

    package init(
        _ task: LoadedScene, look: EpisodeScene, label: String, feed: (any PolicyFeed)? = nil,
        run: (folder: RunFolder, steps: Int)? = nil, seed: UInt64 = 0
    ) {
        (self.task, self.look, self.label, self.feed) = (task, look, label, feed)
        (self.run, self.seed) = (run, seed)
    }
}
