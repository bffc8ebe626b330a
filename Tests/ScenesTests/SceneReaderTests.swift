// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Geometry
import Robots
import Scenes
import Settings
import Testing

/// The lines of a scene, each of which a test can change.
private let lines = [
    "format: 1",
    "summary: Test.",
    "robot: hopper.urdf",
    "base: planar",
    "physics: {time_step: 0.002, substeps: 4}",
    "ground: {friction: 1.0}",
    "actuators:",
    "  - {joints: [thigh, leg, foot], kind: torque, gear: 200, armature: 1, damping: 1}",
    "start: {position: [0, 0, 1.25]}",
    "episode: {steps: 1000}",
    "reset: {positions: {uniform: 0.005}, velocities: {uniform: 0.005}}",
    "observation:",
    "  - {term: joint_positions}",
    "reward:",
    "  - {term: alive, weight: 1}",
    "terminate:",
    "  - {term: base_position, axis: z, below: 0.7}",
    "train: {sac: {steps: 10}}",
]

/// The scene with one line replaced; lines are counted from 1.
private func scene(line: Int, _ text: String) -> String {
    var changed = lines
    changed[line - 1] = text
    return changed.joined(separator: "\n") + "\n"
}

private func read(_ yaml: String) throws(DescriptionError) -> Scene {
    let algorithms = Algorithm.all.map { ($0.name, $0.keyDescriptions) }
    return try Scene(
        yaml: Array(yaml.utf8), file: "s.yaml",
        SceneOptions(catalog: ShippedScenes.catalog, algorithms: algorithms))
}

/// The messages of the errors in a scene.
private func errors(_ yaml: String) -> [String] {
    do {
        _ = try read(yaml)
        return []
    } catch {
        return error.errors.map(\.description)
    }
}

struct SceneReaderTests {
    /// Lines to replace, with what they become and what the message must begin with.
    static let refusals: [(Int, String, String)] = [
        (1, "format: 2", "s.yaml:1: format: 2 is not 1, the only one that is known"),
        (2, "sumary: Test.", "s.yaml:2: sumary: unknown key; did you mean 'summary'?"),
        (2, "summary: [3]", "s.yaml:2: summary: a list is not a text"),
        (2, "summary: [a", "s.yaml:3: this is not YAML"),
        (2, "format: 1", "s.yaml:2: format: the key 'format' is already in line 1"),
        (
            3, "robot: hoper.urdf",
            "s.yaml:3: robot: there is no file 'hoper.urdf' beside the scene or in Robots"
        ),
        (3, "robot: ant.urdf", "s.yaml:4: base: joint 'hip_1' would leave the plane"),
        (4, "base: flying", "s.yaml:4: base: 'flying' is not one of fixed, planar, floating"),
        (4, "", "s.yaml:1: base: is missing, and the robot's file does not say"),
        (
            5, "physics: {time_step: 0}",
            "s.yaml:5: physics.time_step: 0 is not a finite number greater than 0 and at most 0.1"
        ),
        (5, "physics: {time_step: .nan}", "s.yaml:5: physics.time_step: '.nan' is not a finite number"),
        (5, "physics: {time_step: 1e999}", "s.yaml:5: physics.time_step: '1e999' is not a finite number"),
        (
            5, "physics: {time_step: 0.01, substeps: 0}",
            "s.yaml:5: physics.substeps: 0 is not a whole number from 1 to 1000"
        ),
        (5, "physics: {substeps: 2}", "s.yaml:5: physics.time_step: is missing"),
        (
            5, "physics: {time_step: 0.002, solver: exact}",
            "s.yaml:5: physics.solver: 'exact' is not one of ode, articulated"
        ),
        (
            5, "physics: {time_step: 0.002, iterations: 9}",
            "s.yaml:5: physics.iterations: unknown key; they belonged to `solver: quick`, which is gone"
        ),
        (5, "physics: 3", "s.yaml:5: physics: 3 is not a mapping with the keys time_step"),
        (
            5, "physics: {time_step: 0.01, gravity: [0, 0]}",
            "s.yaml:5: physics.gravity: a list is not a list of 3 numbers"
        ),
        (
            5, "physics: {time_step: 0.01, contact_erp: 2}",
            "s.yaml:5: physics.contact_erp: unknown key; contact.time_constant says in seconds"
        ),
        (
            6, "ground: {friction: -1}",
            "s.yaml:6: ground.friction: -1 is not a number from 0 to 100"
        ),
        (
            6, "contacts: {friction: {feet: 2}}",
            "s.yaml:6: contacts.friction.feet: the robot has no link 'feet'; did you mean 'foot'?"
        ),
        (
            8, "  - {joints: [thigh, thigh], kind: torque, gear: 1}",
            "s.yaml:8: actuators[0].joints[1]: 'thigh' is named twice"
        ),
        (
            8, "  - {joints: [tigh], kind: torque, gear: 1}",
            "s.yaml:8: actuators[0].joints[0]: the robot has no joint 'tigh'; did you mean 'thigh'?"
        ),
        (
            8, "  - {joints: [leg], kind: torqe, gear: 1}",
            "s.yaml:8: actuators[0].kind: there is no kind 'torqe'; did you mean 'torque'?"
        ),
        (8, "  - {joints: [leg], kind: torque, gear: 0}", "s.yaml:8: actuators[0].gear: 0 drives nothing"),
        (8, "  - {joints: [leg], kind: torque, gear: 1, kp: 3}", "s.yaml:8: actuators[0].kp: unknown key"),
        (8, "  - {joints: [leg], kind: position, kp: 1, scale: 1}", "s.yaml:8: actuators[0].kd: is missing"),
        (
            8, "  - {kind: torque, gear: 1}\n  - {joints: [leg], kind: torque, gear: 1}",
            "s.yaml:9: actuators[1]: joint 'leg' is driven in line 8 already"
        ),
        (
            8, "  - {kind: torque, gear: 1, damping: 1}\njoints: [{joints: [leg], damping: 2}]",
            "s.yaml:9: joints[0].damping: joint 'leg' got its damping in line 8 already"
        ),
        (
            9, "start: {position: [0, 1, 1.25]}",
            "s.yaml:9: start.position: a planar base stays in the plane y = 0"
        ),
        (
            9, "start: {position: [0, 0, 1.25], joints: {leg: 1}}",
            "s.yaml:9: start.joints.leg: the joint starts at 1.0 rad, outside its limits"
        ),
        (
            9, "start: {position: [0, 0, 0.5]}",
            "s.yaml:17: terminate[0]: the start ends the episode: 'base_position' is 0.5 there"
        ),
        (10, "episode: {steps: 1.5}", "s.yaml:10: episode.steps: 1.5 is not a whole number"),
        (
            11, "reset: {positions: 0.1}",
            "s.yaml:11: reset.positions: 0.1 is not a mapping with one of uniform, normal or scale"
        ),
        (
            11, "reset: {positions: {unifrom: 0.1}}",
            "s.yaml:11: reset.positions.unifrom: unknown key; did you mean 'uniform'?"
        ),
        (
            11, "reset: {positions: {uniform: [1, -1]}}",
            "s.yaml:11: reset.positions.uniform: 1.0 must not be above -1.0"
        ),
        (
            13, "  - {term: joint_postions}",
            "s.yaml:13: observation[0].term: there is no term 'joint_postions'; did you mean 'joint_positions'?"
        ),
        (
            13, "  - {term: joint_vel}",
            "s.yaml:13: observation[0].term: there is no term 'joint_vel'; here it is called 'joint_velocities'"
        ),
        (
            13, "  - {term: joint_positions, joints: [hip]}",
            "s.yaml:13: observation[0].joints[0]: the robot has no joint 'hip'; allowed: thigh, leg, foot"
        ),
        (
            13, "  - {term: base_position, axes: [y]}",
            "s.yaml:13: observation[0].axes: y is always 0 in a planar scene"
        ),
        (
            13, "  - {term: base_orientation}",
            "s.yaml:13: observation[0]: 'base_orientation' needs a floating base"
        ),
        (13, "  - {term: target_position}", "s.yaml:13: observation[0]: 'target_position' needs a target"),
        (
            13, "  - {term: joint_positions}\n  - {term: joint_positions, joints: [leg]}",
            "s.yaml:12: observation: 'joint_positions.leg' is observed twice"
        ),
        (
            13, "  - {term: joint_positions, clip: -1}",
            "s.yaml:13: observation[0].clip: -1 is not a number greater than 0"
        ),
        (15, "  - {term: alive}", "s.yaml:15: reward[0].weight: is missing"),
        (
            15, "  - {term: is_alive, weight: 1}",
            "s.yaml:15: reward[0].term: there is no term 'is_alive'; here it is called 'alive'"
        ),
        (15, "  - alive", "s.yaml:15: reward[0]: 'alive' is not a mapping"),
        (
            15, "  - {term: track_lin_vel_xy_exp, std: 1, weight: 1}",
            "s.yaml:15: reward[0]: 'track_lin_vel_xy_exp' needs commands"
        ),
        (
            17, "  - {term: base_position, axis: z}",
            "s.yaml:17: terminate[0]: has no bound; add below, above or outside"
        ),
        (
            17, "  - {term: base_pitch, below: 1, above: -1}",
            "s.yaml:17: terminate[0]: every value ends the episode"
        ),
        (
            17, "  - {term: base_pitch, below: -1, outside: 2}",
            "s.yaml:17: terminate[0]: has outside and also below or above"
        ),
        (18, "train: {sax: {}}", "s.yaml:18: train.sax: there is no such algorithm; did you mean 'sac'"),
        (18, "train: {dqn: {evaluate: 3}}", "s.yaml:18: train.dqn.evaluate: 3 is not a mapping"),
        (
            18, "train: {dqn: {evaluate: {every: 0}}}",
            "s.yaml:18: train.dqn.evaluate.every: 0 is not a whole number from 1"
        ),
        (18, "train: {sac: 3}", "s.yaml:18: train.sac: 3 is not a mapping of settings"),
        (18, "evaluate: {every: 0}", "s.yaml:18: evaluate.every: 0 is not a whole number from 1"),
        (18, "target: {}", "s.yaml:18: target: is empty; give exactly one of point, disc, box"),
        (18, "randomise: {latency: [3, 1]}", "s.yaml:18: randomise.latency: 3 must not be above 1"),
    ]

    @Test(arguments: refusals)
    func `what is wrong in a scene is refused with line, key path and remedy`(
        line: Int, text: String, message: String
    ) {
        let first = errors(scene(line: line, text)).first ?? "nothing"
        #expect(first.hasPrefix(message), "said: \(first)")
        #expect(!first.contains("\n"))
    }

    @Test func `the unchanged scene is right`() {
        #expect(errors(lines.joined(separator: "\n")) == [])
    }

    @Test func `all errors of a scene and of its robot are reported at once`() {
        var changed = lines
        changed[3] = "base: planr"
        changed[7] = "  - {joints: [knee], kind: torque, gear: x}"
        changed[14] = "  - {term: aliv, weight: 1}"
        let found = errors(changed.joined(separator: "\n"))
        #expect(
            found.map { String($0.prefix(10)) } == ["s.yaml:4: ", "s.yaml:8: ", "s.yaml:8: ", "s.yaml:15:"])
    }

    @Test func `a fixed base refuses what only a moving one has`() {
        var changed = lines
        changed[3] = "base: fixed"
        changed[10] = "reset: {base: {position: {uniform: 1}}}"
        let found = errors(changed.joined(separator: "\n"))
        #expect(found.contains { $0.hasPrefix("s.yaml:11: reset.base: a fixed base has no noise") })
        #expect(
            found.contains {
                $0.hasPrefix("s.yaml:17: terminate[0]: 'base_position' needs a base that moves")
            })
    }

    @Test func `a root without mass cannot be freed`() {
        var changed = lines
        changed[2] = "robot: pendulum.urdf"
        changed[7] = "  - {kind: torque, gear: 2}"
        #expect(
            errors(changed.joined(separator: "\n")).contains {
                $0.contains("the root link 'mount' of") && $0.contains("has no mass")
            })
    }

    @Test func `joints out of the plane are refused in a planar scene`() {
        var changed = lines
        changed[2] = "robot: ant.urdf"
        changed[7] = "  - {kind: torque, gear: 2}"
        changed[8] =
            "start: {position: [0, 0, 1], joints: {ankle_1: 0.6, ankle_2: -0.6, ankle_3: -0.6, ankle_4: 0.6}}"
        let found = errors(changed.joined(separator: "\n"))
        #expect(found.contains { $0.contains("joint 'hip_1' would leave the plane of x and z") })
    }

    /// Lines to replace, with the warning that follows.
    static let warnings: [(Int, String, String)] = [
        // The foot, of radius 0.06 m, hangs 1.15 m below the torso.
        (
            9, "start: {position: [0, 0, 1.2]}",
            "s.yaml:9: warning: start: link 'foot' starts 0.01 m deep in the ground"
        ),
        (6, "ground: {slope: 1}", "s.yaml:9: warning: start: link 'foot' starts"),
        (6, "", "s.yaml:1: warning: ground: there is none, so the robot falls for ever"),
        (
            8, "  - {kind: torque, gear: 300}",
            "s.yaml:8: warning: actuators: gear 300.0 of joint 'thigh' exceeds its effort limit 200.0"
        ),
        (
            8, "  - {joints: [foot], kind: position, kp: 1e5, kd: 1, scale: 1}",
            "s.yaml:5: warning: physics.time_step: joint 'foot' is too stiff for it"
        ),
    ]

    @Test(arguments: warnings)
    func `what will simulate badly is warned of`(line: Int, text: String, message: String) throws {
        let notes = try read(scene(line: line, text)).notes.map(\.description)
        #expect(notes.contains { $0.hasPrefix(message) }, "said: \(notes)")
    }
}
