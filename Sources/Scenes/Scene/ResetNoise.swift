// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
package import Settings

/// Random numbers of a known distribution.
public enum Distribution: Sendable, Equatable {
    /// Always 0.
    case none
    /// Uniform from `low` to `high`.
    case uniform(low: Double, high: Double)
    /// Normal with mean 0 and this standard deviation.
    case normal(deviation: Double)
    /// Uniform from `low` to `high`, taken as a factor of the start's value (Isaac Lab's `reset_joints_by_scale`).
    case scale(low: Double, high: Double)
}

/// The noise of the start, one independent draw for each number; added to the start's value, for `scale` multiplied with it.
public struct ResetNoise: Sendable, Equatable {
    /// On each joint's position (rad or m), in the order of `robot.joints`.
    public var jointPositions: [Distribution] = []
    /// On each joint's velocity (rad/s or m/s).
    public var jointVelocities: [Distribution] = []
    /// On the base's position: x and z of a planar base, x, y and z of a floating one.
    ///
    /// Nothing for a fixed base.
    public var basePosition: Distribution = .none
    /// On the base's orientation: the pitch of a planar base; for a floating one the three components of a rotation vector
    /// in the base's frame, by which the start's orientation is turned.
    public var baseOrientation: Distribution = .none
    /// On the heading of a floating base: a turn about the world's z axis, before `baseOrientation`.
    public var baseYaw: Distribution = .none
    /// On the base's linear velocity: the same axes as `basePosition`, in the world's frame.
    public var baseLinearVelocity: Distribution = .none
    /// On the base's angular velocity: the pitch rate of a planar base, three components in the base's frame of a floating one.
    public var baseAngularVelocity: Distribution = .none
}

/// What a file says under `reset`: noise on everything, and what differs for single joints and for the base.
package struct ResetBlock: Configurable, Equatable {
    package struct OfJoint: Configurable, Equatable {
        package var position: Distribution?
        package var velocity: Distribution?

        package init() {}

        package static let keys: [Key<OfJoint>] = [
            Key(
                "position", \.position, .distribution(allowsScale: true), "Noise on the joint's position."),
            Key("velocity", \.velocity, .distribution(), "Noise on the joint's velocity."),
        ]
    }

    package struct OfBase: Configurable, Equatable {
        package var position: Distribution?
        package var orientation: Distribution?
        package var yaw: Distribution?
        package var linearVelocity: Distribution?
        package var angularVelocity: Distribution?

        package init() {}

        package static let keys: [Key<OfBase>] = [
            Key("position", \.position, .distribution(), "Noise on the base's position."),
            Key(
                "orientation", \.orientation, .distribution(),
                "Noise on its orientation: pitch, or the rotation vector of a floating base."),
            Key(
                "yaw", \.yaw, .distribution(), "A turn of a floating base about the world's z axis."),
            Key("linear_velocity", \.linearVelocity, .distribution(), "Noise on its linear velocity."),
            Key("angular_velocity", \.angularVelocity, .distribution(), "Noise on its angular velocity."),
        ]
    }

    package var positions = Distribution.none
    package var velocities = Distribution.none
    package var joints: [JointValue<OfJoint>] = []
    package var base: OfBase?

    package init() {}

    package static let keys: [Key<ResetBlock>] = [
        Key(
            "positions", \.positions, .distribution(allowsScale: true),
            "Noise on every joint position, and on the base's position and orientation.", absent: "none"),
        Key(
            "velocities", \.velocities, .distribution(),
            "Noise on every joint velocity, and on the base's velocities.", absent: "none"),
        Key("joints", \.joints, .byJoint(.block), "What differs for single joints."),
        Key("base", \.base, .block, "What differs for the base."),
    ]
}

extension ResetNoise {
    /// Makes of a block the noise on each joint of a robot and on its base; `setting` is that of `reset`.
    static func resolve(_ scene: inout Scene, _ setting: Setting, _ decoder: Decoder) {
        let block = scene.unresolved.reset
        let joints = scene.robot.joints
        scene.reset.jointPositions = joints.map { _ in block.positions }
        scene.reset.jointVelocities = joints.map { _ in block.velocities }
        for entry in block.joints {
            let (index, noise) = (entry.joint.index, entry.value)
            if let lead = scene.robot.lead(of: index) {
                decoder.report(
                    setting.place(of: "joints").place(of: entry.joint.name),
                    "joint '\(lead.follower)' follows '\(lead.leader)' and has no noise of its own",
                    "give it to '\(lead.leader)'")
            }
            if let position = noise.position { scene.reset.jointPositions[index] = position }
            if let velocity = noise.velocity { scene.reset.jointVelocities[index] = velocity }
        }
        let place = setting.place(of: "base")
        if scene.base == .fixed {
            if block.base != nil {
                decoder.report(place, "a fixed base has no noise", "remove it, or free the base")
            }
            return
        }
        // A factor of where the base stands means nothing.
        let positions = if case .scale = block.positions { Distribution.none } else { block.positions }
        let base = block.base ?? .init()
        scene.reset.basePosition = base.position ?? positions
        scene.reset.baseOrientation = base.orientation ?? positions
        scene.reset.baseYaw = base.yaw ?? .none
        scene.reset.baseLinearVelocity = base.linearVelocity ?? block.velocities
        scene.reset.baseAngularVelocity = base.angularVelocity ?? block.velocities
        if scene.base == .planar, base.yaw != nil {
            decoder.report(place.place(of: "yaw"), "a planar base has no yaw", "remove it")
        }
    }
}
