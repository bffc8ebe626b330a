// SPDX-License-Identifier: MIT

internal import CLibrary
public import Geometry
internal import Robots
package import Settings

/// Where an episode starts, before noise.
public struct Start: Sendable, Equatable {
    /// The pose of the root link's frame in the world.
    ///
    /// For a fixed base, where it is mounted.
    public var base: Pose = .identity
    /// The positions of all joints, in the order of `robot.joints`.
    public var joints: [Double] = []

    /// The pitch of the base, in rad, right-handed about y: all of the rotation for a planar base, within ±pi, otherwise the
    /// middle one of roll, pitch and yaw.
    public var pitch: Double {
        let turn = base.orientation
        guard turn.x != 0 || turn.z != 0 else {
            return (2 * atan2(turn.y, turn.w)).remainder(dividingBy: 2 * .pi)
        }
        return asin(max(-1, min(1, 2 * (turn.w * turn.y - turn.z * turn.x))))
    }
}

/// What a file says under `start`.
package struct StartBlock: Configurable, Equatable {
    package var placement = Placement()
    package var joints: [JointValue<Double>] = []

    package init() {}

    package static let keys: [Key<StartBlock>] =
        Placement.keys(
            position: "Origin of the root link's frame in the world in m.",
            angles: "Roll, pitch, yaw of the root link in rad."
        ).map { $0.of(\.placement) } + [
            Key(
                "joints", \.joints, .byJoint(.number(.any)), "Positions in rad (m) by joint.",
                absent: "0 for each")
        ]
}

extension Start {
    /// Makes of a block where the joints of a robot start, and checks it; `setting` is that of `start`.
    static func resolve(_ scene: inout Scene, _ setting: Setting, _ decoder: Decoder) {
        let block = scene.unresolved.start
        scene.start.base = block.placement.pose
        scene.start.joints = Array(repeating: 0, count: scene.robot.joints.count)
        for value in block.joints { scene.start.joints[value.joint.index] = value.value }
        scene.start.joints = scene.robot.following(scene.start.joints)
        for value in block.joints {
            let start = scene.start.joints[value.joint.index]
            guard abs(start - value.value) > 1e-3, let lead = scene.robot.lead(of: value.joint.index) else {
                continue
            }
            decoder.warn(
                setting.place(of: "joints").place(of: value.joint.name),
                "joint '\(lead.follower)' follows '\(lead.leader)', so it starts at \(start.digits)",
                "remove it, or change the start of '\(lead.leader)'")
        }
        if scene.base == .planar {
            if block.placement.angles.x != 0 || block.placement.angles.z != 0 {
                decoder.report(
                    setting.place(of: "rpy"), "a planar base only has pitch", "write [0, pitch, 0]")
            }
            if block.placement.position.y != 0 {
                decoder.report(
                    setting.place(of: "position"), "a planar base stays in the plane y = 0",
                    "write [x, 0, z]")
            }
        }
        for (joint, position) in zip(scene.robot.joints, scene.start.joints) {
            guard let lower = joint.lower, let upper = joint.upper,
                position < lower - 1e-9 || position > upper + 1e-9
            else { continue }
            decoder.report(
                setting.place(of: "joints").place(of: joint.name),
                "the joint starts at \(position) \(joint.unit), outside its limits \(lower) to \(upper)",
                "give it a start between them")
        }
    }
}
