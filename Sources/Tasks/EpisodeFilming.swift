// SPDX-License-Identifier: MIT

package import Environments
internal import Robots
package import Scenes
internal import Training

/// Films the first episodes of an evaluation: it looks at the environment after each step, and changes nothing in it.
package final class EpisodeFilming: EpisodeObserver {
    /// What was filmed so far.
    package private(set) var films: [EpisodeFilm] = []
    private let environment: SimulatedEnvironment
    private let episodes: Int

    /// Films at most this many episodes of `environment`, which must be the one that is evaluated.
    package init(_ environment: SimulatedEnvironment, episodes: Int) {
        (self.environment, self.episodes) = (environment, episodes)
    }

    package func begin(episode: Int) {
        guard episode < episodes else { return }
        films.append(EpisodeFilm(frames: [environment.frame(reward: 0)]))
    }

    package func observe(episode: Int, observation: [Float], action: [Float], step: Step) {
        guard films.indices.contains(episode) else { return }
        films[episode].frames.append(environment.frame(reward: step.reward))
        if step.isTerminated { films[episode].end = .terminated }
        if step.isTruncated { films[episode].end = .truncated }
        if step.isDiverged { films[episode].end = .diverged }
    }
}

extension LoadedScene {
    /// What episodes of the scene look like.
    ///
    /// The meshes that a robot is seen by are beside its file. A run has copies of those alone that it touches with, so that they are looked
    /// for where the file was copied from, if it is still there and says the same.
    ///
    /// - Parameters:
    ///   - today: the scene that a run's own was copied from.
    ///   - copies: the folder of a run's copies, beside which nothing is looked at; nil for a scene that is none.
    /// - Returns: the scene with its robot as it is seen.
    package func shown(today: LoadedScene? = nil, copies: String? = nil) -> EpisodeScene {
        var shown = EpisodeScene(scene)
        let robot = scene.robot
        if let today, today.robotBytes == robotBytes {
            shown.dress(robot.visuals(urdf: robotBytes, file: today.scene.robot.file, MeshFinder()))
        } else {
            shown.dress(
                robot.visuals(urdf: robotBytes, file: robot.file, MeshFinder(copies: copies)))
        }
        return shown
    }
}
