// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots

/// Which limbs are legs: by what they are called, and where names tell nothing, by reaching to the lowest place.
struct LowLimbs {
    private let robot: Robot
    private let limbs: [Limb]
    private let poses: [Pose]
    /// The limbs that names say nothing about and that reach as low as any.
    private let lowest: [Limb]

    init(_ robot: Robot, _ limbs: [Limb], _ poses: [Pose]) {
        (self.robot, self.limbs, self.poses) = (robot, limbs, poses)
        let lows = limbs.map { robot.low(of: $0, poses) }
        let floor = lows.min() ?? 0
        lowest = zip(limbs, lows).filter { limb, low in
            let hip = poses[robot.joints[limb.joints[0]].parent] * robot.joints[limb.joints[0]].origin
            let reach = hip.position.z - low
            return limb.joints.count > 1 && reach > 0.5 * robot.length(of: limb, poses)
                && low < floor + 0.2 * reach
        }.map(\.0)
    }

    /// Whether a limb is a leg.
    func isLeg(_ limb: Limb) -> Bool {
        let (leg, arm) = (count(.leg, limb), count(.arm, limb))
        if leg != arm { return leg > arm }
        // One thing that hangs down is a pendulum or an arm; legs are several.
        return leg == 0 && lowest.count > 1 && lowest.contains(limb)
    }

    private func count(_ part: NameHints.Part, _ limb: Limb) -> Int {
        NameHints.count(of: part, in: [limb], robot)
    }

    /// Why limbs are legs.
    func grounds(_ legs: [Limb], _ robot: Robot) -> String {
        let joints = legs.map(\.joints.count)
        let span = Set(joints).count == 1 ? "\(joints[0])" : "\(joints.min() ?? 0) to \(joints.max() ?? 0)"
        let named = legs.filter { count(.leg, $0) > 0 }
        let ends = legs.map { "'\(robot.links[$0.end].name)'" }.joined(separator: ", ")
        let why = named.isEmpty ? "reach lowest of all" : "are legs by their names"
        return
            "\(legs.count) limb\(legs.count == 1 ? "" : "s") of \(span) joints that \(why), ending in \(ends)"
    }
}

extension Robot {
    /// The lowest point of a link's shapes at a pose; nil where it has none.
    func lowest(of link: Link, at pose: Pose) -> Double? {
        link.shapes.map { shape in
            let placed = pose * shape.origin
            let down = placed.orientation.inverse.rotate(Vector3(0, 0, 1))
            return placed.position.z - shape.geometry.reach(along: down)
        }.min()
    }

    /// The lowest point of a limb's end: of its shapes, else of its frames.
    func low(of limb: Limb, _ poses: [Pose]) -> Double {
        lowest(of: links[limb.end], at: poses[limb.end]) ?? poses[limb.end].place(tip(of: limb.end)).z
    }

    /// The point of a link farthest from where it hangs, in its frame: the place of a shape, else of a frame, else of its matter.
    func tip(of link: Int) -> Vector3 {
        let shapes = links[link].shapes.map(\.origin.position)
        let places = frames.values.filter { $0.link == link }.map(\.pose.position)
        let matter = 2 * links[link].properties.centerOfMass
        let candidates = shapes.isEmpty ? places + [matter] : shapes
        return candidates.max {
            ($0.length, $0.z, $0.x, $0.y) < ($1.length, $1.z, $1.x, $1.y)
        } ?? .zero
    }

    /// The length of a limb, joint by joint, to its tip.
    func length(of limb: Limb, _ poses: [Pose]) -> Double {
        let places =
            limb.joints.map { poses[joints[$0].child].position } + [poses[limb.end].place(tip(of: limb.end))]
        return zip(places, places.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length }
    }
}
