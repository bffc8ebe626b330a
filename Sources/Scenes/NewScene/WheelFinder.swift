// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Robots

/// Which joints turn wheels: hinges without stops about a level axis, whose link is round about it and touches the ground.
struct WheelFinder {
    private let robot: Robot
    private let poses: [Pose]
    /// The joints of wheels with motors.
    private(set) var driven: [Int] = []
    /// Wheels without motors, and the joints that let wheels swivel.
    private(set) var casters: [Int] = []
    private var isByShape = true

    init(_ robot: Robot, _ poses: [Pose]) {
        (self.robot, self.poses) = (robot, poses)
        let shaped = zip(robot.links, poses).compactMap { robot.lowest(of: $0, at: $1) }
        let places = poses.map(\.position.z)
        let (floor, top) = ((shaped + places).min() ?? 0, (shaped + places).max() ?? 0)
        for (index, joint) in robot.joints.enumerated() where turnsLevel(index) {
            let names = [joint.name, robot.links[joint.child].name]
            let isNamed = names.contains { NameHints.has(.wheel, $0) || NameHints.has(.caster, $0) }
            let radius = wheelRadius(index)
            let low = radius.map { poses[joint.child].position.z - $0 }
            // A link that a wheel is called may be drawn a little above the rest.
            let reach = isNamed ? 0.3 * (top - floor) : 0.01 + 0.02 * (top - floor)
            guard isNamed && radius == nil || (low ?? .infinity) < floor + reach else { continue }
            isByShape = isByShape && radius != nil
            let parent = robot.joints.firstIndex { $0.child == joint.parent }
            let swivel = parent.flatMap { isSwivel($0) ? $0 : nil }
            let isCaster = joint.isPassive || names.contains { NameHints.has(.caster, $0) } || swivel != nil
            if isCaster { casters += [swivel, index].compactMap(\.self) } else { driven.append(index) }
        }
    }

    /// In words.
    var grounds: String {
        let names = driven.map { "'\(robot.joints[$0].name)'" }.joined(separator: ", ")
        let what =
            isByShape
            ? "links round about them that reach the ground" : "links that are wheels by their names"
        let idle = casters.isEmpty ? "" : ", and casters"
        return
            "\(names) turn\(driven.count == 1 ? "s" : "") without stops about a level axis and move\(driven.count == 1 ? "s" : "") \(what)\(idle)"
    }

    private func axis(of index: Int) -> Vector3 {
        poses[robot.joints[index].child].orientation.rotate(robot.joints[index].axis)
    }

    private func hasNoStops(_ joint: Joint) -> Bool {
        guard joint.kind == .hinge else { return false }
        guard let lower = joint.lower, let upper = joint.upper else { return true }
        return upper - lower > 8 * .pi
    }

    private func turnsLevel(_ index: Int) -> Bool {
        hasNoStops(robot.joints[index]) && abs(axis(of: index).z) < 0.3
    }

    private func isSwivel(_ index: Int) -> Bool {
        hasNoStops(robot.joints[index]) && abs(axis(of: index).z) > 0.9
    }

    /// The radius of what turns with a joint, where it is round about its axis; nil where it is not.
    func wheelRadius(_ index: Int) -> Double? {
        let joint = robot.joints[index]
        let radii = robot.links[joint.child].shapes.map { shape -> Double? in
            let axis = shape.origin.orientation.inverse.rotate(joint.axis)
            let side = abs(axis.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
            let first = axis.cross(side)
            let (u, v) = ((1 / first.length) * first, axis.cross((1 / first.length) * first))
            let reaches = (0..<8).map { turn in
                let angle = Double(turn) * .pi / 8
                return shape.geometry.reach(along: cos(angle) * u + sin(angle) * v)
            }
            guard let least = reaches.min(), let most = reaches.max(), most < 1.05 * least else { return nil }
            let center = shape.origin.position
            let offset = center - center.dot(joint.axis) * joint.axis
            return offset.length < 0.1 * most ? most : nil
        }
        guard !radii.isEmpty, radii.allSatisfy({ $0 != nil }) else { return nil }
        return radii.compactMap(\.self).max()
    }
}
