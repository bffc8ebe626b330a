// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Robots

/// A pose in which legs carry: all feet in one plane, each below where its leg hangs, with knees that can still give way.
struct StandingPose {
    /// The positions of all joints.
    private(set) var positions: [Double]
    /// The level direction that the hinges of the legs turn about.
    let lateral: Axis
    private let robot: Robot

    /// How much of its greatest length a leg stands at.
    private static let stretch = 0.88

    init(_ robot: Robot, _ legs: [Limb], from start: [Double]) {
        (self.robot, positions) = (robot, start)
        let poses = robot.linkPoses(positions: start)
        let axes = legs.flatMap(\.joints).filter { robot.joints[$0].kind == .hinge }.map { index in
            poses[robot.joints[index].child].orientation.rotate(robot.joints[index].axis)
        }
        // The knees decide: hips turn sideways as well.
        lateral = axes.reduce(0) { $0 + abs($1.x) } > axes.reduce(0) { $0 + abs($1.y) } ? .x : .y
        let searches = legs.map { LegSearch(robot, $0, poses, start, lateral) }
        // The leg that reaches least decides how high the body is.
        let plane = searches.map { $0.hip.z - Self.stretch * $0.length }.max() ?? 0
        let forward: Axis = lateral == .x ? .y : .x
        var ahead = 0.0
        for _ in 0..<3 {
            for search in searches {
                for (joint, position) in search.find(plane: plane, ahead: ahead, isBiped: legs.count == 2) {
                    positions[joint] = robot.joints[joint].rounded(position, to: 1e3)
                }
            }
            // Two feet carry what is above them: the weight is not always where the hips are.
            guard legs.count == 2 else { return }
            let missing = weight(along: forward) - middle(of: legs, along: forward)
            guard abs(missing) > 0.005 * (searches.map(\.length).max() ?? 1) else { return }
            ahead += missing
        }
    }

    /// Where the robot's centre of mass is, along a level direction.
    private func weight(along axis: Axis) -> Double {
        let placed = zip(robot.links, robot.linkPoses(positions: positions)).map {
            $0.properties.placed(at: $1)
        }
        let mass = placed.reduce(0) { $0 + $1.mass }
        return placed.reduce(0) { $0 + $1.mass * $1.centerOfMass[axis] } / max(mass, 1e-12)
    }

    /// The middle of what the feet stand on, along a level direction.
    private func middle(of legs: [Limb], along axis: Axis) -> Double {
        let poses = robot.linkPoses(positions: positions)
        let unit = axis == .x ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
        let middles = legs.map { leg in
            let ends = robot.links[leg.end].shapes.flatMap { shape -> [Double] in
                let placed = poses[leg.end] * shape.origin
                let (place, turned) = (placed.position[axis], placed.orientation.inverse.rotate(unit))
                return [
                    place - shape.geometry.reach(along: -turned), place + shape.geometry.reach(along: turned),
                ]
            }
            guard let low = ends.min(), let high = ends.max() else {
                return poses[leg.end].place(robot.tip(of: leg.end))[axis]
            }
            return (low + high) / 2
        }
        return middles.reduce(0, +) / Double(max(middles.count, 1))
    }
}

/// Looks for the positions of one leg's joints.
private struct LegSearch {
    let robot: Robot
    let joints: [Int]
    /// Those of them that bend the leg fore and aft, as numbers in `joints`.
    private let bends: [Int]
    /// The frame that the leg hangs on, and its end at the start.
    private let body: Pose
    private let start: [Double]
    private let foot: Vector3
    private let isFlat: Bool
    private let lateral: Axis
    private let ranges: [ClosedRange<Double>]
    /// Where the leg begins to bend.
    private(set) var hip = Vector3.zero
    /// The greatest distance of foot and hip.
    private(set) var length = 0.0

    init(_ robot: Robot, _ leg: Limb, _ poses: [Pose], _ all: [Double], _ lateral: Axis) {
        self.robot = robot
        self.lateral = lateral
        joints = leg.joints
        body = poses[robot.joints[leg.joints[0]].parent]
        start = leg.joints.map { all[$0] }
        // A foot with an ankle stands flat; its sole is where the ankle is.
        isFlat = leg.joints.count > 4
        foot = isFlat ? .zero : robot.tip(of: leg.end)
        ranges = leg.joints.map { index in
            let (joint, usual) = (robot.joints[index], all[index])
            let reach = joint.kind == .hinge ? 2.0 : 0.5
            return max(
                joint.lower ?? -.infinity, usual - reach)...max(
                    min(joint.upper ?? .infinity, usual + reach),
                    max(joint.lower ?? -.infinity, usual - reach))
        }
        let level = lateral == .x ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
        let bending = leg.joints.indices.filter { index in
            let joint = robot.joints[leg.joints[index]]
            return joint.kind == .slider
                || abs(poses[joint.child].orientation.rotate(joint.axis).dot(level)) > 0.8
        }
        bends = bending.count > 1 ? Array(bending.prefix(4)) : Array(leg.joints.indices.prefix(4))
        let first = bends.first ?? 0
        hip = poses[robot.joints[leg.joints[first]].child].position
        length = samples().map { (place(of: $0).place - hip).length }.max() ?? 0
    }

    /// The foot, its link, and the knee, for positions of the leg's joints.
    private func place(of positions: [Double]) -> (place: Vector3, pose: Pose, knee: Vector3) {
        var pose = body
        var knee = hip
        for (number, index) in joints.enumerated() {
            let joint = robot.joints[index]
            pose = pose * joint.origin * joint.motion(positions[number])
            if bends.count > 1, number == bends[1] { knee = pose.position }
        }
        return (pose.place(foot), pose, knee)
    }

    /// Positions all over the ranges of the joints that bend, evenly without a random stream.
    private func samples() -> [[Double]] {
        let steps = [0.754_877_666, 0.569_840_290, 0.430_159_709, 0.324_717_957]
        return (0..<1500).map { sample in
            var positions = start
            for (step, bend) in zip(steps, bends) {
                let share = (Double(sample + 1) * step).truncatingRemainder(dividingBy: 1)
                let range = ranges[bend]
                positions[bend] = range.lowerBound + share * (range.upperBound - range.lowerBound)
            }
            return positions
        }
    }

    /// With the foot in a plane, `ahead` of the hip.
    func find(plane: Double, ahead wished: Double, isBiped: Bool) -> [(joint: Int, position: Double)] {
        let natural = place(of: start)
        let forward: Axis = lateral == .x ? .y : .x
        func cost(_ positions: [Double]) -> Double {
            let (foot, pose, knee) = place(of: positions)
            let scale = max(length, 1e-6)
            let ahead = (foot[forward] - hip[forward] - wished) / scale
            let aside = (foot[lateral] - natural.place[lateral]) / scale
            let high = (foot.z - plane) / scale
            // The sole was level at the start, wherever its frame points.
            let tilt =
                (pose.orientation * natural.pose.orientation.inverse).rotate(Vector3(0, 0, 1))
                - Vector3(0, 0, 1)
            let bent = zip(positions, start).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            // Knees of two legs point ahead, of four behind, where the stops leave a choice.
            let side = (isBiped ? -1 : 1) * (knee[forward] - hip[forward]) / scale
            return ahead * ahead + 0.3 * aside * aside + high * high + (isFlat ? 0.3 * tilt.dot(tilt) : 0)
                + 5e-4 * bent + 0.01 * max(side, 0)
        }
        // Steps along single joints stay in valleys, so they begin in several places.
        let found = samples().map { (positions: $0, cost: cost($0)) }.sorted { $0.cost < $1.cost }.prefix(6)
        var (best, least) = (start, cost(start))
        for var candidate in [(positions: start, cost: least)] + found {
            refine(&candidate.positions, &candidate.cost, cost)
            if candidate.cost < least { (best, least) = (candidate.positions, candidate.cost) }
        }
        return Array(zip(joints, best))
    }

    /// Steps along one joint after the other, ever smaller ones.
    private func refine(_ best: inout [Double], _ least: inout Double, _ cost: ([Double]) -> Double) {
        var step = 0.2
        while step > 1e-4 {
            var isBetter = false
            for (number, range) in ranges.enumerated() {
                for direction in [step, -step] {
                    var trial = best
                    trial[number] = min(max(trial[number] + direction, range.lowerBound), range.upperBound)
                    let found = cost(trial)
                    if found < least { (best, least, isBetter) = (trial, found, true) }
                }
            }
            if !isBetter { step /= 2 }
        }
    }
}
