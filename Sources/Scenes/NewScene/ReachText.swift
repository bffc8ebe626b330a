// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// A task for a robot that is bolted down: a link to a target.
struct ReachText {
    private let plan: ScenePlan
    private var robot: Robot { plan.robot }
    /// Whether the joints on the way to the tip alone are moved, by servos.
    private var isArm: Bool { plan.anatomy.kind == .arm || plan.anatomy.kind == .hand }

    init(_ plan: ScenePlan) { self.plan = plan }

    var text: String {
        """
        episode: {steps: \(isArm ? 100 : 200)}
        reset:
          positions: {uniform: 0.02}
          velocities: {uniform: 0.05}

        """ + (isArm ? arm : others)
    }

    private var name: String { Scalar(plan.tip?.name ?? robot.root.name).yaml }

    /// A target that the tip can be at, and turned as it can be.
    private var arm: String {
        // With fewer joints an orientation goes with the place.
        let isTurned = joints.count > 5
        let above = startsAbove ? ", above: 0.05" : ""
        let seen = isTurned ? "  - {term: target_rotation, link: \(name), noise: {uniform: 0.02}}\n" : ""
        let asked = isTurned ? "  - {term: target_angle, link: \(name), weight: -0.2}\n" : ""
        return """

            # What to reach, drawn at each reset: where joints within 1 rad of the start bring the link\(isTurned ? ", and how it is turned there" : "").
            target: {reach: {link: \(name), range: 1\(above)}}

            # What the policy sees, in this order. Noise is what sensors have.
            observation:
            \(angles)  - {term: joint_velocities, joints: [\(names(joints))], noise: {uniform: 0.02}, scale: 0.2}
              # By encoders and the robot's geometry; where the target is, no encoder tells: a camera does, or who gives it.
              - {term: target_offset, link: \(name), noise: {uniform: 0.005}}
            \(seen)  - {term: target_position}
              - {term: last_action}

            # What it is asked for, per action: weight times term, summed. The most is 0: there at once.
            reward:
              - {term: target_distance, link: \(name), weight: -1}
            \(asked)  - {term: action_rate_l2, weight: -0.01}

            evaluate: {every: 2000, episodes: 20}
            train:
              sac: {steps: 30000, hidden: [128, 128], batch: 128, layer_norm: true, n_step: 1, warm_up: 1000, updates_per_step: 2, initial_temperature: 0.1}

            """
    }

    /// Whether the tip is well above where the robot is mounted.
    private var startsAbove: Bool {
        guard let tip = plan.tip else { return false }
        return (robot.linkPoses(positions: plan.pose)[tip.link] * tip.pose).position.z > 0.1
    }

    /// A point in a box, by torques.
    private var others: String {
        let (low, high) = plan.tip.map { reachableBox(of: $0) } ?? (.zero, .zero)
        let corner = { (point: Vector3) in
            "["
                + point.components.map { SceneText.digits((1000 * $0).rounded() / 1000) }.joined(
                    separator: ", ") + "]"
        }
        return """

            # The point to reach, drawn in this box at each reset.
            target: {box: {low: \(corner(low)), high: \(corner(high))}}

            # What the policy sees, in this order.
            observation:
            \(angles)  - {term: joint_velocities}
              - {term: target_offset, link: \(name)}

            # What it is asked for, per action: weight times term, summed.
            reward:
              - {term: target_distance, link: \(name), weight: -1}
              - {term: action_squared, weight: -0.01}

            evaluate: {every: 5000, episodes: 5}
            train:
              sac: {steps: 200000, hidden: [256, 256], batch: 256}

            """
    }

    /// The joints that the policy moves and sees.
    private var joints: [Int] {
        plan.parts.indices.filter { if case .held = plan.parts[$0] { false } else { true } }
    }

    private func names(_ joints: [Int]) -> String {
        joints.map { Scalar(robot.joints[$0].name).yaml }.joined(separator: ", ")
    }

    /// Hinges without limits turn round and round, so they are seen as sine and cosine; servos command angles, so these are seen.
    private var angles: String {
        let isTurning = { (index: Int) in
            !isArm && robot.joints[index].kind == .hinge && robot.joints[index].lower == nil
        }
        let (turning, others) = (joints.filter(isTurning), joints.filter { !isTurning($0) })
        var lines = ""
        if !turning.isEmpty {
            let list = names(turning)
            lines +=
                "  - {term: joint_cosines, joints: [\(list)]}\n  - {term: joint_sines, joints: [\(list)]}\n"
        }
        if !others.isEmpty {
            lines +=
                "  - {term: joint_positions, joints: [\(names(others))]\(isArm ? ", relative: true, noise: {uniform: 0.005}" : "")}\n"
        }
        return lines
    }

    /// The middle part of the places that a frame comes to while the joints go through their ranges.
    private func reachableBox(of frame: LinkFrame) -> (Vector3, Vector3) {
        let places = (0..<400).map { sample in
            let positions = ReachingPose.sampled(
                robot, sample, Array(robot.joints.indices), from: plan.pose, within: .pi)
            return (robot.linkPoses(positions: positions)[frame.link] * frame.pose).position
        }
        let middle = { (axis: Axis) in
            let sorted = places.map { $0[axis] }.sorted()
            return (sorted[sorted.count / 5], sorted[sorted.count * 4 / 5])
        }
        let (x, y, z) = (middle(.x), middle(.y), middle(.z))
        return (Vector3(x.0, y.0, z.0), Vector3(x.1, y.1, z.1))
    }
}
