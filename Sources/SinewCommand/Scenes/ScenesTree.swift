// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings

/// A robot's links as a tree, each with its mass and the joint that moves it.
struct RobotTree {
    private let scene: Scene

    init(_ scene: Scene) { self.scene = scene }

    /// A line for each link, below a line with the sums.
    var text: String {
        let robot = scene.robot
        let head = Layout.wrapped(
            "robot '\(robot.name)': \(Self.count(of: robot)), \(robot.totalMass.short) kg", indent: 2)
        var rows: [[String]] = []
        add(link: 0, prefix: "", branch: "", to: &rows)
        return head + lines(rows)
    }

    /// How many links and joints it has.
    static func count(of robot: Robot) -> String {
        counted(robot.links.count, "link") + ", " + counted(robot.joints.count, "joint")
            + (robot.joints.count == 1 ? " that moves" : " that move")
    }

    /// Name and mass in columns, the rest behind them, broken where it is too long.
    private func lines(_ rows: [[String]]) -> String {
        let heads = Layout.lines(of: rows.map { [$0[0], $0[1]] }, right: [1])
        return zip(rows, heads).map { row, columns in
            let head = columns + " kg"
            guard !row[2].isEmpty else { return head + "\n" }
            // The tree is no run of words; hold it together while the line is broken.
            let indent = min(head.count + 4, Layout.columns / 2)
            return Layout.released(Layout.wrapped(Layout.held(head + " ") + " " + row[2], indent: indent))
        }.joined()
    }

    private func add(link: Int, prefix: String, branch: String, to rows: inout [[String]]) {
        let body = scene.robot.links[link]
        var what = scene.robot.joints.indices.contains(link - 1) ? text(ofJoint: link - 1) : ""
        if !body.merged.isEmpty {
            what += (what.isEmpty ? "" : "; ") + "with " + body.merged.joined(separator: ", ")
        }
        rows.append([prefix + branch + body.name, body.properties.mass.short, what])
        let children = scene.robot.joints.filter { $0.parent == link }.map(\.child)
        let inner = prefix + (branch.isEmpty ? "" : branch.hasPrefix("└") ? "   " : "│  ")
        for child in children {
            add(link: child, prefix: inner, branch: child == children.last ? "└─ " : "├─ ", to: &rows)
        }
    }

    private func text(ofJoint index: Int) -> String {
        let (joint, settings) = (scene.robot.joints[index], scene.joints[index])
        var parts = [
            "\(joint.name): \(joint.kind.rawValue) \(joint.kind == .hinge ? "about" : "along") \(axis(of: joint))"
        ]
        if let lower = joint.lower, let upper = joint.upper {
            parts.append("\(rangeWords(lower, upper)) \(joint.unit)")
        } else {
            parts.append("no limits")
        }
        if let mimic = joint.mimic {
            let offset = mimic.offset == 0 ? "" : " + \(mimic.offset.short)"
            parts.append(
                "follows \(mimic.multiplier.short) × \(scene.robot.joints[mimic.leader].name)\(offset)")
        }
        if let velocity = settings.velocityLimit {
            parts.append("speed ≤ \(velocity.short) \(joint.unit)/s")
        }
        for (name, value) in [
            ("armature", settings.armature), ("damping", settings.damping), ("spring", settings.stiffness),
            ("dry friction", settings.friction),
        ] where value != 0 {
            parts.append("\(name) \(value.short)")
        }
        return parts.joined(separator: ", ")
    }

    /// An axis as people say it: `x`, `-y`, or three numbers.
    private func axis(of joint: Joint) -> String {
        for axis in Axis.allCases {
            let part = joint.axis[axis]
            if abs(abs(part) - 1) < 1e-9 { return (part < 0 ? "-" : "") + axis.rawValue }
        }
        return "[" + joint.axis.components.map { String(format: "%.3g", $0) }.joined(separator: ", ") + "]"
    }
}
