// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// What the terms of a scene see: the robot at both ends of the step, what it was told, and its task; not the world that moves it.
package final class SceneState {
    package let scene: Scene
    /// The robot before and after the step that was done last.
    var before: RobotState
    package internal(set) var after: RobotState
    /// The task of the episode, its timers, and what the robot was told.
    var episode: Episode
    /// Whether the step terminated the episode.
    var isTerminated = false
    /// The length (N) of the sum of the contact forces on the own shapes of a link, mean over the step.
    let contactForce: (LinkFrame) throws(PhysicsError) -> Double
    /// How far it is from a point of the world along a direction to ground, terrain or obstacle, m, at most as far as said.
    let distance: (Vector3, Vector3, Double) throws(PhysicsError) -> Double
    private let allJoints: [JointReference]
    private let movingAxes: [Axis]

    init(
        _ scene: Scene, robot: RobotState, contactForce: @escaping (LinkFrame) throws(PhysicsError) -> Double,
        distance: @escaping (Vector3, Vector3, Double) throws(PhysicsError) -> Double
    ) {
        self.scene = scene
        before = robot
        after = robot
        episode = Episode(scene)
        self.contactForce = contactForce
        self.distance = distance
        allJoints = scene.robot.references(nil)
        movingAxes = scene.movingAxes
    }

    /// The seconds of the step.
    var period: Double { scene.physics.controlPeriod }

    /// Where places of the scene's terms count from: on a terrain from the tile of the start.
    var origin: Vector3 { episode.origin ?? .zero }

    /// A place of the world as terms tell it: from `origin`, and its height over the terrain straight below it.
    func overGround(_ position: Vector3) -> Vector3 {
        guard let grid = scene.terrainGrid else { return position }
        return Vector3(
            position.x - origin.x, position.y - origin.y,
            position.z - grid.height(x: position.x, y: position.y))
    }

    /// The robot at one end of the step.
    func robot(_ end: StepEnd) -> RobotState { end == .before ? before : after }

    /// The joints that a term names; all of them where it names none.
    func joints(_ named: [JointReference]?) -> [JointReference] { named ?? allJoints }

    /// The axes that a term names; those that can move where it names none.
    func axes(_ named: [Axis]?) -> [Axis] { named ?? movingAxes }
}

extension Scene {
    /// The axes of the world along which something can move.
    var movingAxes: [Axis] { base == .planar ? [.x, .z] : Axis.allCases }

    /// The axes that a term names; those that can move where it names none.
    func axes(_ named: [Axis]?) -> [Axis] { named ?? movingAxes }
}
