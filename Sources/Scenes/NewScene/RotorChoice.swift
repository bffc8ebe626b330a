// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Robots

/// The thrusters of something that flies, by the links that are called rotors or propellers.
struct RotorChoice {
    /// A link that pushes, and the torque about its axis for each newton.
    struct Rotor {
        let name: String
        let moment: Double
    }

    let rotors: [Rotor]
    /// The joints that spin them.
    let joints: [Int]
    /// What each gives at most, N: twice its share of the weight, so that an action of 0 hovers.
    let force: Double

    init(_ robot: Robot, at positions: [Double]) {
        let poses = robot.linkPoses(positions: positions)
        let spun = robot.joints.indices.filter { index in
            NameHints.has(.rotor, robot.links[robot.joints[index].child].name)
        }
        // Where they do not turn, fixed joints have merged them into the body.
        let names =
            spun.isEmpty
            ? robot.frames.keys.sorted().filter { $0 != robot.root.name && NameHints.has(.rotor, $0) }
            : spun.map { robot.links[robot.joints[$0].child].name }
        joints = spun
        // Neighbours turn against each other, so that their drags cancel.
        let around = names.compactMap { name -> (name: String, angle: Double)? in
            guard let frame = robot.frame(named: name) else { return nil }
            let place = (poses[frame.link] * frame.pose).position
            return (name, atan2(place.y, place.x))
        }.sorted { $0.angle < $1.angle }
        rotors = around.enumerated().map { Rotor(name: $1.name, moment: $0 % 2 == 0 ? 0.02 : -0.02) }
        force = (2 * 9.81 * robot.totalMass / Double(max(rotors.count, 1))).twoDigits
    }

    /// Fewer than three cannot hold it level.
    var canHover: Bool { rotors.count > 2 }
}
