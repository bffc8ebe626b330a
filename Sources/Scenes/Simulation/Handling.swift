// SPDX-License-Identifier: MIT

package import Geometry
package import Physics
internal import Robots

// What a person does to a robot that they look at: its task knows nothing of it.
extension SimulatedEnvironment {
    /// Pulls a link by a point of it towards a place, during the next step.
    ///
    /// The pull grows with the distance: with as little of the robot's mass as that of a foot it does not swing up at the usual steps of control. It is
    /// about ten times the robot's weight at most.
    ///
    /// - Parameters:
    ///   - link: its number; a root that stands fast, and numbers of no link, are not pulled.
    ///   - grip: the point in the link's frame, m.
    ///   - place: in the world, m.
    /// - Throws: `diverged`, or `invalidArgument` for numbers that cannot be.
    package func pull(link: Int, by grip: Vector3, to place: Vector3) throws(PhysicsError) {
        guard scene.robot.links.indices.contains(link), link >= physics.linkShift else { return }
        let pose = linkPoses[link]
        let point = pose.position + pose.orientation.rotate(grip)
        let wish = 30 * movingMass * (place - point)
        let most = 100 * movingMass
        try push(link, at: point, by: wish.length > most ? (most / wish.length) * wish : wish)
    }

    /// Pushes a link at its origin during the next step, as if to change the speed of the whole robot by `change` (m/s) in `seconds`.
    ///
    /// - Throws: `diverged`, or `invalidArgument` for numbers that cannot be.
    package func kick(link: Int, by change: Vector3, in seconds: Double) throws(PhysicsError) {
        guard scene.robot.links.indices.contains(link), link >= physics.linkShift, seconds > 0 else { return }
        try push(link, at: linkPoses[link].position, by: (movingMass / seconds) * change)
    }

    /// The mass of what moves, kg.
    private var movingMass: Double {
        scene.robot.links.dropFirst(physics.linkShift).reduce(0) { $0 + $1.properties.mass }
    }

    private func push(_ link: Int, at point: Vector3, by force: Vector3) throws(PhysicsError) {
        let index = link - physics.linkShift
        let arm = point - (try world.centerOfMass(ofLink: index))
        try world.setExternalForce(force, torque: arm.cross(force), onLink: index)
    }

    /// Tells the robot to follow a command until the next reset, kept within what the scene draws; nothing where it has none.
    package func tell(_ command: Vector3) {
        guard let drawn = scene.commands else { return }
        state.episode.command = Vector3(
            drawn.linearVelocityX.nearest(to: command.x), drawn.linearVelocityY.nearest(to: command.y),
            drawn.angularVelocityZ.nearest(to: command.z))
        state.episode.stepsToCommand = Scene.longestWait
    }

    /// Lets the scene draw commands again, the next one with the next step.
    package func stopTelling() {
        guard scene.commands?.resampleTime != nil else { return }
        state.episode.stepsToCommand = 0
    }

    /// Goes on with an episode that the task or its time has ended; one that has diverged needs a reset.
    package func goOn() { state.episode.isOver = false }
}

extension ClosedRange<Double> {
    fileprivate func nearest(to value: Double) -> Double {
        Swift.max(lowerBound, Swift.min(upperBound, value))
    }
}
