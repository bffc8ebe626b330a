// SPDX-License-Identifier: MIT

package import Geometry
package import Physics
internal import Robots

extension SimulatedEnvironment {
    /// Puts the robot somewhere within the episode that runs, as if the step done last had left it there; objects stay.
    ///
    /// - Parameters:
    ///   - base: the pose and velocity of a moving base; nil for a fixed one.
    ///   - positions: one for each joint, rad or m.
    ///   - velocities: one for each joint, rad/s or m/s.
    /// - Throws: `PhysicsError` for numbers that cannot be; the environment is as it was.
    package func place(base: BaseState? = nil, positions: [Double], velocities: [Double])
        throws(PhysicsError)
    {
        try world.place(base: base, positions: positions, velocities: velocities)
        try state.after.read(world, of: scene, after: nil)
        state.before = state.after
    }

    /// The joints and links as they were read after the last step.
    package var reading: WorldReading { state.after.reading }

    /// The poses in the world of all links of the robot, in its order, and then of the objects.
    package var linkPoses: [Pose] {
        (0..<scene.robot.links.count + scene.objects.count).map {
            state.after.pose(of: LinkFrame(name: "", link: $0))
        }
    }

    /// The control steps of the episode that runs.
    package var episodeStep: Int { state.episode.step }

    /// Whether the episode is over, or none has begun: the next call must be `reset`.
    package var isEpisodeOver: Bool { state.episode.isOver }
}
