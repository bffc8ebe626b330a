// SPDX-License-Identifier: MIT

internal import CLibrary
public import Geometry
public import Robots
internal import Settings

/// Writes a first scene for a robot that has none: it loads, it trains, and its comments say what to change.
public struct SceneTemplate {
    private let robot: Robot
    private let robotFile: String
    /// How the scene holds the root.
    public let base: Base
    private let start: [Double]

    /// Why the base is what it is, for a comment.
    private let reason: String

    /// Makes a template for a robot.
    ///
    /// - Parameters:
    ///   - robot: the robot.
    ///   - robotFile: what the scene's `robot` is to say.
    ///   - base: how its root is held; a guess if left out.
    public init(_ robot: Robot, robotFile: String, base: Base? = nil) {
        self.robot = robot
        self.robotFile = robotFile
        // As the robot's file has it; else zero where the limits allow it, else the middle of the range.
        start = robot.joints.enumerated().map { index, joint in
            let (low, high) = (joint.lower ?? -.infinity, joint.upper ?? .infinity)
            if let home = robot.home?.joints[index] {
                return min(max((1000 * home).rounded() / 1000, low), high)
            }
            guard low > 0 || high < 0, low.isFinite, high.isFinite else { return 0.0 }
            return (1000 * (low + high) / 2).rounded() / 1000
        }
        (self.base, reason) = base.map { ($0, "It was asked for.") } ?? Self.guess(robot, start)
    }

    /// How the root of a robot is probably held, and why.
    private static func guess(_ robot: Robot, _ start: [Double]) -> (Base, String) {
        let root = robot.root
        guard root.properties.mass > 0, root.properties.inertia.isPositiveDefinite else {
            return (.fixed, "A guess: the root link has no mass.")
        }
        if let declared = robot.declaredBase { return (declared, "A guess: the robot's file says so.") }
        let lows = zip(robot.links, robot.linkPoses(positions: start)).map { lowest(of: $0, at: $1) }
        guard let feet = lows.dropFirst().compactMap(\.self).min() else {
            return (.fixed, "A guess: no link that moves has a shape to stand on; meshes are not read.")
        }
        // Legs and wheels reach below the root; an arm stands on it.
        if feet < (lows[0] ?? root.properties.centerOfMass.z) - 1e-3 {
            return (.floating, "A guess: links reach below the root, as legs and wheels do.")
        }
        return (.fixed, "A guess: no link reaches below the root, so it is taken as bolted down.")
    }

    /// The lowest point of a link's shapes; nil where it has none.
    private static func lowest(of link: Link, at pose: Pose) -> Double? {
        link.shapes.map { shape in
            let placed = pose * shape.origin
            let down = placed.orientation.inverse.rotate(Vector3(0, 0, 1))
            return placed.position.z - shape.geometry.reach(along: down)
        }.min()
    }

    /// The text of the scene.
    public var text: String {
        let parts = [head, physics, actuators, startAndReset, base == .fixed ? reach : walk, training]
        return parts.joined()
    }

    private var head: String {
        let kinds = "fixed | planar (x, z and the turn about y) | floating"
        let robotLine = "robot: \(Scalar(robotFile).yaml)"
        return """
            # A first task for the robot \(Scalar(robot.name.shortened).yaml): \(robot.links.count) links, \(robot.joints.count) joints that move, \(Self.digits(robot.totalMass)) kg.
            # Written by sinew; every number here is a guess to start from. Lengths in m, angles in rad, times in s.
            format: 1
            summary: \(base == .fixed ? "Bring the last link to a target." : "Move forward without falling.")
            \(robotLine)
            # \(kinds). \(reason)
            # For another one, `sinew scenes --new` takes --base and writes the task that goes with it.
            base: \(base.rawValue)

            """
    }

    private var physics: String {
        // A base that moves needs something to stand on.
        let ground = base == .fixed ? "" : "ground: {friction: 1}\n"
        return """
            # Physics steps of 5 ms, four to an action: the policy runs at 50 Hz.
            physics: {time_step: 0.005, substeps: 4}
            \(ground)
            """
    }

    /// Servos for robots that walk, torques for those that are bolted down; as strong as the URDF says, where that makes sense.
    private var actuators: String {
        var lines =
            "\n# One action per joint, in this order, each in [-1, 1]. armature is the inertia of a geared motor's rotor, in kg m².\nactuators:\n"
        for (index, joint) in robot.joints.enumerated() {
            guard !joint.isPassive else {
                lines += "  # no motor: \(Scalar(joint.name).yaml), whose effort is 0 in the URDF\n"
                continue
            }
            let (strength, remark) = strength(of: index)
            let note = remark.isEmpty ? "" : "    # \(remark)"
            let joints = "joints: [\(Scalar(joint.name).yaml)]"
            if base == .fixed {
                // Without damping a joint that is pushed one way for long gets faster and faster.
                let damping = joint.damping > 0 ? "" : ", damping: \(Self.digits(strength / 20))"
                lines +=
                    "  - {\(joints), kind: torque, gear: \(Self.digits(strength)), armature: 0.01\(damping)}\(note)\n"
            } else {
                // Full effort at an error of half a radian.
                let (kp, kd) = (2 * strength, strength / 20)
                lines +=
                    "  - {\(joints), kind: position, kp: \(Self.digits(kp)), kd: \(Self.digits(kd)), "
                    + "scale: 0.25, armature: \(Self.digits(max(0.01, kp * 1e-4)))}\(note)\n"
            }
        }
        return lines
    }

    /// The effort of an action of 1, and a remark where it is not the URDF's: many files give none, or 1000 for all joints.
    private func strength(of index: Int) -> (effort: Double, remark: String) {
        let poses = robot.linkPoses(positions: start)
        // It lifts what hangs on it twice over, and is not slow.
        let acceleration = robot.joints[index].kind == .hinge ? 50.0 : 20
        let useful = max(
            2 * robot.weight(on: index, poses), acceleration * (robot.inertia(movedBy: index, poses) + 0.01))
        // Legs carry the whole robot besides.
        let enough = base == .fixed ? useful : max(useful, 9.81 * robot.totalMass * standingHeight / 2)
        guard let effort = robot.joints[index].effort else {
            return (Self.rounded(enough), "the URDF gives no effort: a guess")
        }
        guard effort > 10 * enough else { return (effort, "") }
        return (Self.rounded(enough), "the URDF's \(Self.digits(effort)) would throw it about: a guess")
    }

    /// A number with two significant digits.
    private static func rounded(_ value: Double) -> Double {
        Double(value.formatted("%.2g")) ?? value
    }

    private var startAndReset: String {
        var lines = "\n# Where an episode starts, and the noise on it.\nstart:\n"
        let height = base == .fixed ? 0 : max(0.05, (1000 * standingHeight).rounded(.up) / 1000)
        lines += "  position: [0, 0, \(Self.digits(height))]\n"
        let moved = zip(robot.joints, start).filter { $1 != 0 }
        if !moved.isEmpty {
            lines +=
                "  joints:\n"
                + moved.map { "    \(Scalar($0.name).yamlKey(margin: "\n    ")) \(Self.digits($1))\n" }
                .joined()
        }
        return lines
            + """
            episode: {steps: \(base == .fixed ? 200 : 1000)}
            reset:
              positions: {uniform: 0.02}
              velocities: {uniform: 0.05}

            """
    }

    /// The height of the root above the lowest point of the robot at the start.
    private var standingHeight: Double {
        zip(robot.links, robot.linkPoses(positions: start)).reduce(0) { height, placed in
            let low = Self.lowest(of: placed.0, at: placed.1) ?? placed.1.position.z
            return max(height, -min(low, placed.1.position.z))
        }
    }

    // MARK: Tasks

    /// A task for a robot that moves: forward, upright.
    private var walk: String {
        let height = max(0.05, standingHeight)
        let turning =
            base == .planar ? "  - {term: base_pitch_rate}" : "  - {term: base_angular_velocity, scale: 0.25}"
        return """

            # What the policy sees, in this order.
            observation:
              - {term: base_velocity, frame: base}
            \(turning)
              - {term: projected_gravity}
              - {term: joint_positions, relative: true}
              - {term: joint_velocities, scale: 0.05}
              - {term: last_action}

            # What it is asked for, per action: weight times term, summed.
            reward:
              - {term: forward_velocity, weight: 1}
              - {term: alive, weight: 0.5}
              - {term: action_rate_l2, weight: -0.01}
              - {term: flat_orientation_l2, weight: -0.5}

            # What ends an episode.
            terminate:
              - {term: bad_orientation, above: 1}
              - {term: base_position, axis: z, below: \(Self.digits(height / 2))}

            """
    }

    /// A task for a robot that is bolted down: its last link to a target drawn in a box about where the link starts.
    private var reach: String {
        let tip = robot.frames.values.max { ($0.link, length($0), $1.name) < ($1.link, length($1), $0.name) }
        let name = Scalar(tip?.name ?? robot.root.name).yaml
        let corners = tip.map { reachableBox(of: $0) } ?? (.zero, .zero)
        let corner = { (point: Vector3) in
            "[" + point.components.map { Self.digits((1000 * $0).rounded() / 1000) }.joined(separator: ", ")
                + "]"
        }
        // Hinges without limits turn round and round, so they are seen as sine and cosine.
        let turning = robot.joints.filter { $0.kind == .hinge && $0.lower == nil }.map {
            Scalar($0.name).yaml
        }
        let others = robot.joints.filter { $0.kind == .slider || $0.lower != nil }.map {
            Scalar($0.name).yaml
        }
        var angles = ""
        if !turning.isEmpty {
            let list = turning.joined(separator: ", ")
            angles +=
                "  - {term: joint_cosines, joints: [\(list)]}\n  - {term: joint_sines, joints: [\(list)]}\n"
        }
        if !others.isEmpty {
            angles += "  - {term: joint_positions, joints: [\(others.joined(separator: ", "))]}\n"
        }
        return """

            # The point to reach, drawn in this box at each reset.
            target: {box: {low: \(corner(corners.0)), high: \(corner(corners.1))}}

            # What the policy sees, in this order.
            observation:
            \(angles)  - {term: joint_velocities}
              - {term: target_offset, link: \(name)}

            # What it is asked for, per action: weight times term, summed.
            reward:
              - {term: target_distance, link: \(name), weight: -1}
              - {term: action_squared, weight: -0.01}

            """
    }

    /// The middle part of the places that a frame comes to while the joints go through their ranges.
    private func reachableBox(of frame: LinkFrame) -> (Vector3, Vector3) {
        let places = (0..<400).map { sample in
            let positions = robot.joints.enumerated().map { index, joint in
                // Multiples of irrational numbers fill the ranges evenly, without a random stream.
                let share = (Double(sample) * Double(index + 2).squareRoot() * 0.618_033_988_75)
                    .truncatingRemainder(dividingBy: 1)
                let free = joint.kind == .hinge ? Double.pi : 0.5
                let (low, high) = (max(joint.lower ?? -free, -free), min(joint.upper ?? free, free))
                return low < high ? low + share * (high - low) : start[index]
            }
            return (robot.linkPoses(positions: positions)[frame.link] * frame.pose).position
        }
        let middle = { (axis: Axis) in
            let sorted = places.map { $0[axis] }.sorted()
            return (sorted[sorted.count / 5], sorted[sorted.count * 4 / 5])
        }
        let (x, y, z) = (middle(.x), middle(.y), middle(.z))
        return (Vector3(x.0, y.0, z.0), Vector3(x.1, y.1, z.1))
    }

    private func length(_ frame: LinkFrame) -> Double { frame.pose.position.length }

    private var training: String {
        """

        evaluate: {every: 5000, episodes: 5}
        train:
          sac: {steps: 200000, hidden: [256, 256], batch: 256}

        """
    }

    // MARK: Text

    private static func digits(_ value: Double) -> String {
        let text = value.digits
        return text.contains("e") ? "\(value)" : text
    }
}
