// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Settings

/// `scenes --json`: a robot's links and joints in numbers, as its file has them after fixed joints are merged away.
struct RobotNumbers: Encodable {
    struct Link: Encodable {
        var name: String
        /// The links of the file that are part of it.
        var merged: [String]
        /// kg.
        var mass: Double
        /// In the link's frame, m.
        var centerOfMass: [Double]
        /// About the centre of mass, in the link's axes, kg m²: xx, yy, zz, xy, xz, yz.
        var inertia: [Double]
        var shapes: Int
    }

    struct Joint: Encodable {
        var name: String
        var kind: String
        var parent: String
        var child: String
        /// The pose of the child at position 0 in the parent's frame: m, and w, x, y, z.
        var position: [Double]
        var quaternion: [Double]
        /// In the child's frame.
        var axis: [Double]
        var lower: Double?
        var upper: Double?
        var effort: Double?
        var velocity: Double?
        var damping: Double
        var friction: Double
        var follows: Lead?
    }

    struct Lead: Encodable {
        var joint: String
        var multiplier: Double
        var offset: Double
    }

    var robot: String
    var file: String
    var links: [Link]
    var joints: [Joint]
    /// What was ignored or assumed while reading.
    var notes: [String]

    init(_ robot: Robot) {
        self.robot = robot.name
        file = robot.file
        links = robot.links.map { link in
            let inertia = link.properties.inertia
            return Link(
                name: link.name, merged: link.merged, mass: link.properties.mass,
                centerOfMass: link.properties.centerOfMass.components,
                inertia: [inertia.xx, inertia.yy, inertia.zz, inertia.xy, inertia.xz, inertia.yz],
                shapes: link.shapes.count)
        }
        joints = robot.joints.map { joint in
            let turn = joint.origin.orientation
            return Joint(
                name: joint.name, kind: joint.kind.rawValue, parent: robot.links[joint.parent].name,
                child: robot.links[joint.child].name, position: joint.origin.position.components,
                quaternion: [turn.w, turn.x, turn.y, turn.z], axis: joint.axis.components,
                lower: joint.lower, upper: joint.upper, effort: joint.effort, velocity: joint.velocity,
                damping: joint.damping, friction: joint.friction,
                follows: joint.mimic.map {
                    Lead(
                        joint: robot.joints[$0.leader].name, multiplier: $0.multiplier, offset: $0.offset)
                })
        }
        notes = robot.notes.map(\.lineWithSeverity)
    }
}
