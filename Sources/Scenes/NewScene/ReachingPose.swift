// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots

/// Where an arm is in the middle of what it can reach.
enum ReachingPose {
    /// How far each joint goes to either side of the pose: of an arm, what its servo commands.
    static let reach = 1.2

    /// The link that is to reach: an arm's by name where it has a tool, else the one farthest out.
    static func tip(of robot: Robot, _ anatomy: RobotAnatomy) -> LinkFrame? {
        func farther(_ one: LinkFrame, _ other: LinkFrame) -> Bool {
            (one.link, one.pose.position.length, other.name) < (
                other.link, other.pose.position.length, one.name
            )
        }
        guard let arm = anatomy.arms.max(by: { $0.joints.count < $1.joints.count }) else {
            return robot.frames.values.max(by: farther)
        }
        let frames = robot.frames.values.filter { $0.link == arm.end }
        let tools = frames.filter { frame in
            let name = frame.name.lowercased()
            return ["tool0", "tcp", "ee", "tip", "grasp", "flange", "hand"].contains { word in
                NameHints.tokens(name).contains(word) || name.hasSuffix(word)
            }
        }
        return tools.max(by: farther) ?? frames.max(by: farther)
    }

    /// A pose with the tip before the robot, above its foot, two thirds of the way out.
    static func find(_ robot: Robot, _ tip: LinkFrame, from zero: [Double]) -> [Double] {
        let path = robot.joints(to: tip.link)
        let samples = (0..<800).map { sample in sampled(robot, sample, path, from: zero, within: 1.8) }
        let places = samples.map { (robot.linkPoses(positions: $0)[tip.link] * tip.pose).position.length }
        let longest = max(places.max() ?? 0, 1e-6)
        func cost(_ positions: [Double], _ distance: Double) -> Double {
            let poses = robot.linkPoses(positions: positions)
            let place = (poses[tip.link] * tip.pose).position
            let share: Double = distance / longest - 0.65
            var (turned, sunk) = (0.0, 0.0)
            for joint in path {
                let turn: Double = positions[joint] - zero[joint]
                turned += turn * turn
                sunk += max(0, 0.02 - poses[robot.joints[joint].child].position.z)
            }
            // No link below the foot of the robot, the tip well above it and ahead.
            let low: Double = max(0, 0.2 - place.z / longest)
            let behind: Double = max(0, 0.3 - place.x / longest)
            let bent: Double = 0.02 * turned / Double(max(path.count, 1))
            return share * share + bent + 10 * sunk / longest + 4 * low + 0.2 * behind
        }
        let costs = zip(samples, places).map { cost($0, $1) }
        guard let best = costs.indices.min(by: { costs[$0] < costs[$1] }) else { return zero }
        return zip(robot.joints, samples[best]).map { $0.rounded($1, to: 100) }
    }

    /// Positions within a distance of others, evenly over samples without a random stream.
    static func sampled(
        _ robot: Robot, _ sample: Int, _ path: [Int], from pose: [Double], within reach: Double
    ) -> [Double] {
        var positions = pose
        for (number, index) in path.enumerated() {
            // Multiples of irrational numbers fill the ranges evenly.
            let share = (Double(sample) * Double(number + 2).squareRoot() * 0.618_033_988_75)
                .truncatingRemainder(dividingBy: 1)
            let range = robot.joints[index].range(about: pose[index], within: reach)
            positions[index] = range.lowerBound + share * (range.upperBound - range.lowerBound)
        }
        return positions
    }
}

extension Joint {
    /// A position in steps of 1/`count` that is not beyond a stop.
    func rounded(_ position: Double, to count: Double) -> Double {
        let number = (count * position).rounded() / count
        if let upper, number > upper {
            return max((count * upper).rounded(.down) / count, lower ?? -.infinity)
        }
        if let lower, number < lower { return min((count * lower).rounded(.up) / count, upper ?? .infinity) }
        return number
    }
}
