// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
internal import Geometry
internal import Robots

extension TargetRegion {
    /// A point of the region, each as likely as the other.
    ///
    /// - Returns: its place, and where it has one its orientation, in the world.
    func draw(in scene: Scene, using random: inout RandomStream) -> (
        position: Vector3, orientation: Quaternion?
    ) {
        switch self {
        case .point(let point): return (point, nil)
        case .disc(let disc):
            let (center, radius) = (disc.center, disc.radius)
            let distance = radius * random.uniform().squareRoot()
            let angle = random.uniform(-.pi, .pi)
            return (center + .init(distance * cos(angle), distance * sin(angle), 0), nil)
        case .box(let box):
            let (low, high) = (box.low, box.high)
            let drawn = Vector3(
                random.uniform(low.x, high.x), random.uniform(low.y, high.y), random.uniform(low.z, high.z))
            return (drawn, nil)
        case .reach(let reach):
            let pose = reach.draw(in: scene, using: &random)
            return (pose.position, pose.orientation)
        }
    }
}

extension TargetRegion.Reach {
    /// Draws the joints that carry the link until it is high enough.
    fileprivate func draw(in scene: Scene, using random: inout RandomStream) -> Pose {
        let path = scene.robot.joints(to: link.link)
        var pose = Pose.identity
        for _ in 0..<100 {
            var positions = scene.start.joints
            for joint in path {
                let range = scene.robot.joints[joint].range(about: positions[joint], within: range)
                positions[joint] = random.uniform(range.lowerBound, range.upperBound)
            }
            pose = scene.robot.linkPoses(base: scene.start.base, positions: positions)[link.link] * link.pose
            if pose.position.z >= above ?? -.infinity { break }
        }
        return pose
    }
}

extension Robot {
    /// The joints between the root and a link.
    func joints(to link: Int) -> [Int] {
        var (path, link) = ([Int](), link)
        while let joint = joints.firstIndex(where: { $0.child == link }) {
            path.insert(joint, at: 0)
            link = joints[joint].parent
        }
        return path
    }
}

extension Joint {
    /// What its stops leave of a distance to both sides of a position; a slider's is a quarter of it, in m.
    func range(about position: Double, within reach: Double) -> ClosedRange<Double> {
        let reach = kind == .hinge ? reach : reach / 4
        let low = min(position, max(lower ?? -.infinity, position - reach))
        return low...max(position, min(upper ?? .infinity, position + reach))
    }
}
