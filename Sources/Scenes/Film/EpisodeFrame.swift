// SPDX-License-Identifier: MIT

package import Geometry

/// One moment of an episode that is to be seen: after the reset, or after a control step.
///
/// Its ``EpisodeScene`` says what its numbers are.
package struct EpisodeFrame: Sendable, Equatable {
    /// Where something touches a link.
    package struct Contact: Sendable, Equatable {
        /// The link that the force acts on.
        package var link: Int
        /// The other link; nil for the surroundings.
        package var other: Int?
        /// Where, in the world, m.
        package var point: Vector3
        /// The force on the link in the last physics step, N.
        package var force: Vector3
    }

    /// The poses of all links in the world, objects last.
    package var links: [Pose]
    /// The positions of all joints, rad or m.
    package var jointPositions: [Double]
    /// Their velocities, rad/s or m/s.
    package var jointVelocities: [Double]
    /// What their drives apply, N m or N.
    package var jointEfforts: [Double]
    /// What touches.
    package var contacts: [Contact]
    /// The task's target; its orientation is the identity where it has none.
    package var target: Pose?
    /// The commanded forward and sideways speed (m/s) and turning rate (rad/s), as they hold from here on.
    package var command: Vector3?
    /// The root's forward and sideways speed (m/s) and turning rate (rad/s), each in its own frame; of a planar base, which does
    /// not turn about z, its rate about y.
    package var velocity: Vector3
    /// The action that led here, within [-1, 1]; zeros after the reset.
    package var action: [Double]
    /// The reward of that step by its terms, weights included; zeros after the reset.
    package var rewardTerms: [Double]
    /// The reward of that step.
    package var reward: Double
}

/// An episode that is to be seen, frame by frame.
package struct EpisodeFilm: Sendable, Equatable {
    /// How an episode ends.
    package enum End: String, Sendable, CaseIterable {
        /// The task ended it.
        case terminated
        /// The time was over.
        case truncated
        /// The simulation could not go on.
        case diverged
        /// It goes on after the last frame.
        case open
    }

    /// The reset, then each control step.
    package var frames: [EpisodeFrame]
    /// How it ended.
    package var end = End.open

    package init(frames: [EpisodeFrame], end: End = .open) {
        (self.frames, self.end) = (frames, end)
    }

    /// The sum of the rewards.
    package var episodeReturn: Double { frames.reduce(0) { $0 + $1.reward } }
}
