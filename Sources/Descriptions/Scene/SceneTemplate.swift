// SPDX-License-Identifier: MIT

import Foundation

/// Writes a first scene for a robot that has none: it loads, it trains, and its comments say what to change.
public struct SceneTemplate {
    private let robot: Robot
    private let robotFile: String
    private let base: Base
    private let start: [Double]

    /// Makes a template for a robot.
    ///
    /// - Parameters:
    ///   - robot: the robot.
    ///   - robotFile: what the scene's `robot` is to say.
    public init(_ robot: Robot, robotFile: String) {
        self.robot = robot
        self.robotFile = robotFile
        let canMove = robot.root.properties.mass > 0 && robot.root.properties.inertia.isPositiveDefinite
        base = canMove ? robot.declaredBase ?? .floating : .fixed
        // Zero where the limits allow it, else the middle of the range.
        start = robot.joints.map { joint in
            guard let lower = joint.lower, let upper = joint.upper, lower > 0 || upper < 0 else { return 0 }
            return (1000 * (lower + upper) / 2).rounded() / 1000
        }
    }

    /// The text of the scene.
    public var text: String {
        let parts = [head, physics, actuators, startAndReset, base == .fixed ? reach : walk, training]
        return parts.joined()
    }

    private var head: String {
        let kinds = "fixed | planar (x, z and the turn about y) | floating"
        let robotLine = "robot: \(Self.quoted(robotFile))"
        return """
            # yaml-language-server: $schema=scene.schema.json
            #
            # A first task for the robot '\(URDFNumbers.short(robot.name))': \(robot.links.count) links, \(robot.joints.count) joints that move, \(Self.digits(robot.totalMass)) kg.
            # Written by sinew; every number here is a guess to start from. Lengths in m, angles in rad, times in s.
            format: 1
            summary: \(base == .fixed ? "Bring the last link to a target." : "Move forward without falling.")
            \(robotLine)
            base: \(base.rawValue)    # \(kinds)

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

    /// Servos for robots that walk, torques for those that are bolted down; as strong as the URDF says.
    private var actuators: String {
        var lines =
            "\n# One action per joint, in this order, each in [-1, 1]. armature is the inertia of a geared motor's rotor, in kg m².\nactuators:\n"
        for joint in robot.joints {
            let effort = joint.effort.map { min($0, 1e6) }
            let known = effort == nil ? "    # the URDF gives no effort: a guess" : ""
            let strength = effort ?? 10
            if base == .fixed {
                lines +=
                    "  - {joints: [\(Self.quoted(joint.name))], kind: torque, gear: \(Self.digits(strength)), armature: 0.01}\(known)\n"
            } else {
                // Full effort at an error of half a radian.
                let (kp, kd) = (2 * strength, strength / 20)
                lines +=
                    "  - {joints: [\(Self.quoted(joint.name))], kind: position, kp: \(Self.digits(kp)), kd: \(Self.digits(kd)), "
                    + "scale: 0.25, armature: \(Self.digits(max(0.01, kp * 1e-4)))}\(known)\n"
            }
        }
        return lines
    }

    private var startAndReset: String {
        var lines = "\n# Where an episode starts, and the noise on it.\nstart:\n"
        let height = base == .fixed ? 0 : max(0.05, (1000 * standingHeight).rounded(.up) / 1000)
        lines += "  position: [0, 0, \(Self.digits(height))]\n"
        let moved = zip(robot.joints, start).filter { $1 != 0 }
        if !moved.isEmpty {
            lines +=
                "  joints:\n" + moved.map { "    \(Self.quoted($0.name)): \(Self.digits($1))\n" }.joined()
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
        let down = Vector3(0, 0, 1)
        var lowest = 0.0
        for (link, pose) in zip(robot.links, robot.linkPoses(positions: start)) {
            lowest = min(lowest, pose.position.z)
            for shape in link.shapes {
                let placed = pose * shape.origin
                let reach = shape.geometry.reach(along: placed.orientation.inverse.rotate(down))
                lowest = min(lowest, placed.position.z - reach)
            }
        }
        return -lowest
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
        let poses = robot.linkPoses(positions: start)
        let tip = robot.frames.values.max { ($0.link, length($0), $1.name) < ($1.link, length($1), $0.name) }
        let name = Self.quoted(tip?.name ?? robot.root.name)
        let place = tip.map { (poses[$0.link] * $0.pose).position } ?? .zero
        let size = max(0.05, 0.25 * place.length)
        let corner = { (sign: Double) in
            "[" + place.components.map { Self.digits($0 + sign * size) }.joined(separator: ", ") + "]"
        }
        // Hinges without limits turn round and round, so they are seen as sine and cosine.
        let turning = robot.joints.filter { $0.kind == .hinge && $0.lower == nil }.map {
            Self.quoted($0.name)
        }
        let others = robot.joints.filter { $0.kind == .slider || $0.lower != nil }.map {
            Self.quoted($0.name)
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
            target: {box: {low: \(corner(-1)), high: \(corner(1))}}

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
        let text = String(format: "%.4g", value)
        return text.contains("e") ? "\(value)" : text
    }

    /// A name as YAML takes it for a text.
    static func quoted(_ name: String) -> String {
        let isPlain = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || character == "_")
        }
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        if let first = name.first, first.isASCII, first.isLetter, !words.contains(name.lowercased()),
            name.allSatisfy({ isPlain($0) || $0 == "-" || $0 == "." || $0 == "/" })
        {
            return name
        }
        let escaped = name.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: String(format: "\\x%02X", scalar.value)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
