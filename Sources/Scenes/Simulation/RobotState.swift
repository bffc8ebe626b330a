// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
package import Physics
internal import Robots

/// The robot at one end of a control step: joints as the world reads them, and the base by the words of the scene.
package struct RobotState {
    package var reading: WorldReading
    /// The pose of the root link's frame in the world.
    var base = Pose.identity
    /// The velocity of that frame's origin in the world, m/s.
    var baseVelocity = Vector3.zero
    /// The angular velocity of the root in the world, rad/s.
    var baseAngularVelocity = Vector3.zero
    /// The rotation about +y, rad; of a planar base it counts turns.
    var pitch = 0.0
    /// The difference between a link's index in the robot and in the world.
    private let linkShift: Int

    init(reading: WorldReading, linkShift: Int) {
        self.reading = reading
        self.linkShift = linkShift
    }

    /// Reads `world`, following the base's orientation from `previous` so that the quaternion's sign and a planar base's
    /// pitch are continuous.
    mutating func read(
        _ world: World, of scene: Scene, after previous: (Quaternion, Double)?
    ) throws(PhysicsError) {
        try world.read(into: &reading)
        guard scene.base != .fixed else {
            base = scene.start.base
            return
        }
        var orientation = reading.orientation(ofLink: 0)
        let reference = previous?.0 ?? Quaternion.identity
        let product =
            orientation.w * reference.w + orientation.x * reference.x + orientation.y * reference.y
            + orientation.z * reference.z
        if product < 0 || (product == 0 && orientation.w < 0) {
            orientation = Quaternion(
                w: -orientation.w, x: -orientation.x, y: -orientation.y, z: -orientation.z)
        }
        base = Pose(position: reading.position(ofLink: 0), orientation: orientation)
        baseVelocity = reading.linearVelocity(ofLink: 0)
        baseAngularVelocity = reading.angularVelocity(ofLink: 0)
        if scene.base == .planar {
            let angle = 2 * atan2(orientation.y, orientation.w)
            let last = previous?.1 ?? 0
            pitch = last + (angle - last).wrappedToHalfTurn
        } else {
            let sine = 2 * (orientation.w * orientation.y - orientation.z * orientation.x)
            pitch = asin(max(-1, min(1, sine)))
        }
    }

    /// The position of a joint, rad or m, turns counted.
    func position(of joint: JointReference) -> Double { reading.position(ofJoint: joint.index) }

    /// The velocity of a joint, rad/s or m/s.
    func velocity(of joint: JointReference) -> Double { reading.velocity(ofJoint: joint.index) }

    /// The pose of a link's frame in the world.
    func pose(of frame: LinkFrame) -> Pose {
        let link = frame.link - linkShift
        guard link >= 0 else { return base * frame.pose }
        return Pose(
            position: reading.position(ofLink: link), orientation: reading.orientation(ofLink: link))
            * frame.pose
    }

    /// The velocity of the origin of a link's frame in the world, m/s.
    func velocity(of frame: LinkFrame) -> Vector3 {
        let link = frame.link - linkShift
        guard link >= 0 else { return .zero }
        let arm = reading.orientation(ofLink: link).rotate(frame.pose.position)
        return reading.linearVelocity(ofLink: link)
            + reading.angularVelocity(ofLink: link).cross(arm)
    }

    /// The angular velocity of a link in the world, rad/s.
    func angularVelocity(of frame: LinkFrame) -> Vector3 {
        let link = frame.link - linkShift
        return link >= 0 ? reading.angularVelocity(ofLink: link) : .zero
    }

    /// The direction of gravity in the root's axes, of length 1.
    func projectedGravity(_ scene: Scene) -> Vector3 {
        let gravity = scene.physics.gravity
        guard gravity.length > 0 else { return .zero }
        return base.orientation.inverse.rotate((1 / gravity.length) * gravity)
    }

    /// A vector of the world in the axes of `frame`.
    func vector(_ vector: Vector3, in frame: VectorFrame) -> Vector3 {
        frame == .base ? inBase(vector) : vector
    }

    /// A vector of the world in the axes of the root.
    func inBase(_ vector: Vector3) -> Vector3 {
        base.orientation.inverse.rotate(vector)
    }
}

extension Double {
    /// The angle (rad) less whole turns, within [-pi, pi).
    var wrappedToHalfTurn: Double {
        let turn = 2 * Double.pi
        let rest = (self + .pi).truncatingRemainder(dividingBy: turn)
        return (rest < 0 ? rest + turn : rest) - .pi
    }
}

extension Sequence<Double> {
    var sumOfSquares: Double { reduce(0) { $0 + $1 * $1 } }
}

extension Quaternion {
    /// How far it turns about the vertical, rad, before it pitches and rolls.
    var yaw: Double { atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) }
}
