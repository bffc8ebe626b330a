// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Checks what follows from several parts of a scene together.
struct SceneChecks {
    let decoder: Decoder
    /// What the scene was decoded from.
    let root: Setting
    let scene: Scene
    private var robot: Robot { scene.robot }

    func check() {
        let poses = robot.linkPoses(base: scene.start.base, positions: scene.start.joints)
        checkRoot()
        checkSolver()
        if scene.base == .planar { checkPlane(poses) }
        checkRandomisation()
        checkGround()
        checkLists()
        SceneMeaning.check(scene, root, decoder)
        TermChecks(scene: scene, decoder: decoder).check(root)
        StartChecks(decoder: decoder, root: root, scene: scene, poses: poses).check()
    }

    private func checkRoot() {
        guard scene.base != .fixed else { return }
        let trunk = robot.root
        if trunk.properties.mass == 0 {
            decoder.report(
                root.place(of: "base"),
                "the root link '\(trunk.name)' of \(robot.file) has no mass, so it cannot move",
                "set base: fixed, or give it an <inertial>")
        } else if !trunk.properties.inertia.isPositiveDefinite {
            decoder.report(
                root.place(of: "base"),
                "the root link '\(trunk.name)' of \(robot.file) has no inertia, so it cannot turn",
                "set base: fixed, or write its <inertia>")
        }
    }

    /// In a planar scene everything moves in the plane of x and z, so hinges turn about y and sliders stay in the plane.
    private func checkPlane(_ poses: [Pose]) {
        for joint in robot.joints {
            let axis = (poses[joint.parent].orientation * joint.origin.orientation).rotate(joint.axis)
            let isInPlane = joint.kind == .hinge ? abs(axis.y) > 1 - 1e-9 : abs(axis.y) < 1e-6
            guard !isInPlane else { continue }
            decoder.report(
                root.place(of: "base"),
                "joint '\(joint.name)' would leave the plane of x and z that a planar base moves in",
                joint.kind == .hinge
                    ? "hinges must turn about y; or set base: floating"
                    : "sliders must move in it; or set base: floating")
        }
    }

    private func checkGround() {
        let hasShapes = robot.links.contains { !$0.shapes.isEmpty }
        let isTouchable = scene.hasGround || !scene.obstacles.isEmpty
        if !hasShapes, isTouchable || scene.contacts.selfCollision {
            decoder.warn(
                root.place(of: "ground"), "the robot has no collision shapes, so it touches nothing",
                "add <collision> to its links")
        }
        if scene.base != .fixed, !isTouchable {
            decoder.warn(
                root.place(of: "ground"), "there is none, so the robot falls for ever",
                "add ground: {friction: 1}")
        }
    }

    private func checkRandomisation() {
        let setting = root.place(of: "randomise")
        for key in ["base_mass", "push"] where scene.base == .fixed && setting[key] != nil {
            decoder.report(setting.place(of: key), "means nothing for a fixed base", "remove it")
        }
        if let added = scene.randomisation.baseMass, added.lowerBound <= -robot.root.properties.mass {
            decoder.report(
                setting.place(of: "base_mass"),
                "would take \(-added.lowerBound) kg from a root link of \(robot.root.properties.mass) kg",
                "take less")
        }
    }

    private func checkLists() {
        for (key, isEmpty) in [
            ("observation", scene.observation.isEmpty), ("reward", scene.reward.isEmpty),
        ] where isEmpty && root[key] != nil && !decoder.findings.hasErrors {
            decoder.report(root.place(of: key), "is an empty list", "name at least one term")
        }
        if scene.training.isEmpty, root["train"] == nil {
            decoder.findings.note(
                root.place(of: "train"), "there is none; the algorithm's own settings are used")
        }
    }
}
