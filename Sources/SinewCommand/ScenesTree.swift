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
        let links = "\(robot.links.count) link\(robot.links.count == 1 ? "" : "s")"
        let joints = "\(robot.joints.count) joint\(robot.joints.count == 1 ? "" : "s") that move"
        let head = "robot '\(robot.name)': \(links), \(joints), \(SceneSheet.short(robot.totalMass)) kg\n"
        var rows: [[String]] = []
        add(link: 0, prefix: "", branch: "", to: &rows)
        return head + lines(rows)
    }

    /// Name and mass in columns, the rest behind them, broken where it is too long.
    private func lines(_ rows: [[String]]) -> String {
        let widths = [0, 1].map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let name = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            let mass = String(repeating: " ", count: widths[1] - row[1].count) + row[1]
            let head = "  \(name)  \(mass) kg"
            guard !row[2].isEmpty else { return head + "\n" }
            // The tree is no run of words; hold it together while the line is broken.
            let held = head.replacingOccurrences(of: " ", with: "\u{A0}")
            let indent = min(head.count + 4, SceneSheet.columns / 2)
            return SceneSheet.wrapped(held + "\u{A0} " + row[2], indent: indent)
                .replacingOccurrences(of: "\u{A0}", with: " ")
        }.joined()
    }

    private func add(link: Int, prefix: String, branch: String, to rows: inout [[String]]) {
        let body = scene.robot.links[link]
        var what = scene.robot.joints.indices.contains(link - 1) ? text(ofJoint: link - 1) : ""
        if !body.merged.isEmpty {
            what += (what.isEmpty ? "" : "; ") + "with " + body.merged.joined(separator: ", ")
        }
        rows.append([prefix + branch + body.name, SceneSheet.short(body.properties.mass), what])
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
            parts.append("\(SceneSheet.range(lower, upper)) \(joint.unit)")
        } else {
            parts.append("no limits")
        }
        if let velocity = settings.velocityLimit {
            parts.append("speed ≤ \(SceneSheet.short(velocity)) \(joint.unit)/s")
        }
        for (name, value) in [
            ("armature", settings.armature), ("damping", settings.damping), ("spring", settings.stiffness),
            ("dry friction", settings.friction),
        ] where value != 0 {
            parts.append("\(name) \(SceneSheet.short(value))")
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
