// SPDX-License-Identifier: MIT

package import Environments
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

    /// What the films show.
    package var scene: EpisodeScene { EpisodeScene(environment.scene) }

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
