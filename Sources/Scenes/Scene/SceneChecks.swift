// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Checks what follows from several parts of a scene together.
struct SceneChecks {
    let findings: Findings
    let keys: Arguments
    let scene: Scene
    var robot: Robot { scene.robot }

    func check() {
        checkRoot()
        if scene.base == .planar { checkPlane() }
        checkGround()
        checkLists()
        let poses = robot.linkPoses(base: scene.start.base, positions: scene.start.joints)
        StartChecks(findings: findings, keys: keys, scene: scene, poses: poses).check()
    }

    private func checkRoot() {
        guard scene.base != .fixed else { return }
        let root = robot.root
        if root.properties.mass == 0 {
            findings.error(
                keys.line(of: "base"), "base",
                "the root link '\(root.name)' of \(robot.file) has no mass, so it cannot move",
                "set base: fixed, or give it an <inertial>")
        } else if !root.properties.inertia.isPositiveDefinite {
            findings.error(
                keys.line(of: "base"), "base",
                "the root link '\(root.name)' of \(robot.file) has no inertia, so it cannot turn",
                "set base: fixed, or write its <inertia>")
        }
    }

    /// In a planar scene everything moves in the plane of x and z, so hinges turn about y and sliders stay in the plane.
    private func checkPlane() {
        let poses = robot.linkPoses(base: scene.start.base, positions: scene.start.joints)
        for joint in robot.joints {
            let axis = (poses[joint.parent].orientation * joint.origin.orientation).rotate(joint.axis)
            let isInPlane = joint.kind == .hinge ? abs(axis.y) > 1 - 1e-9 : abs(axis.y) < 1e-6
            guard !isInPlane else { continue }
            findings.error(
                keys.line(of: "base"), "base",
                "joint '\(joint.name)' would leave the plane of x and z that a planar base moves in",
                joint.kind == .hinge
                    ? "hinges must turn about y; or set base: floating"
                    : "sliders must move in it; or set base: floating")
        }
    }

    private func checkGround() {
        let hasShapes = robot.links.contains { !$0.shapes.isEmpty }
        let isTouchable = scene.ground != nil || !scene.obstacles.isEmpty
        if !hasShapes, isTouchable || scene.contacts.selfCollision {
            findings.warn(
                keys.line(of: "ground"), "ground", "the robot has no collision shapes, so it touches nothing",
                "add <collision> to its links")
        }
        if scene.base != .fixed, !isTouchable {
            findings.warn(
                keys.line, "ground", "there is none, so the robot falls for ever", "add ground: {friction: 1}"
            )
        }
    }

    private func checkLists() {
        for key in ["observation", "reward"]
        where keys.isGiven(key) && keys.setting(key)?.items?.isEmpty == true && !findings.hasErrors {
            findings.error(keys.line(of: key), key, "is an empty list", "name at least one term")
        }
        if scene.training.isEmpty && !keys.isGiven("train") {
            findings.note(keys.line, "train", "there is none; the algorithm's own settings are used")
        }
    }
}
