// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Every key of a scene but those of its terms and algorithms, each on a line of its own.
private let everything = """
    format: 1
    summary: Everything that a scene can say.
    robot: quadruped.urdf
    base: floating
    physics:
      time_step: 0.004
      substeps: 5
      gravity: [0, 0.1, -9.8]
      solver: articulated
    contact:
      law: exact
      time_constant: 0.03
      damping_ratio: 1.5
      impedance: 0.9
      restitution: 0.2
      margin: 0.01
    stops:
      law: convex
      time_constant: 0.04
      damping_ratio: 0.8
      impedance: 0.7
    ground:
      friction: 0.9
      slope: 0.05
    obstacles:
      - size: [1, 2, 0.1]
        position: [5, 0, 0.05]
        rpy: [0, 0.1, 0.2]
        friction: 0.4
    objects:
      - name: crate
        box: [0.1, 0.2, 0.3]
        mass: 0.5
        friction: 0.6
        colour: [0.1, 0.2, 0.3]
        position: [1, 0, 0.15]
        rpy: [0, 0, 0.4]
        reset:
          position: {uniform: 0.1}
          height: {uniform: [0, 0.1]}
          yaw: {uniform: 3}
          linear_velocity: {normal: 0.1}
          angular_velocity: {normal: 0.2}
      - name: ball
        sphere: 0.1
        density: 300
        friction: 0.6
        colour: [0.1, 0.2, 0.3]
        position: [2, 0, 0.1]
        rpy: [0, 0, 0]
        reset: {position: {uniform: 0.1}}
      - name: can
        cylinder: [0.03, 0.1]
        density: 300
        friction: 0.6
        colour: [0.1, 0.2, 0.3]
        position: [2, 1, 0.05]
        rpy: [0, 0, 0]
        reset: {position: {uniform: 0.1}}
      - name: pill
        capsule: [0.03, 0.1]
        density: 300
        friction: 0.6
        colour: [0.1, 0.2, 0.3]
        position: [2, 2, 0.08]
        rpy: [0, 0, 0]
        reset: {position: {uniform: 0.1}}
    collision:
      kind: hull
      primitive: [FL_foot]
      hull: [FR_foot]
      decompose: [RL_foot]
    contacts:
      self_collision: true
      friction:
        FL_foot: 0.7
      ignore: [[FL_foot, FR_foot]]
    actuators:
      - kind: torque
        joints: [FL_hip]
        gear: 3
        offset: 0.5
        armature: 0.01
        damping: 0.02
        stiffness: 3
        rest: 0.1
        friction: 0.03
        effort_limit: 30
        velocity_limit: 20
      - kind: position
        joints: [FR_hip]
        kp: 30
        kd: 1
        scale: 0.5
        offset: 0.1
        armature: 0.02
      - kind: velocity
        joints: [RL_hip]
        kd: 2
        scale: 4
    thrusters:
      - link: trunk
        range: [0, 20]
        axis: [0, 0.1, 1]
        moment: 0.02
    joints:
      - joints: [RR_hip]
        armature: 0.01
        damping: 0.02
        stiffness: 3
        rest: 0.1
        friction: 0.03
        effort_limit: 30
        velocity_limit: 20
    start:
      position: [0, 0, 0.5]
      rpy: [0, 0.01, 0.02]
      joints:
        FL_thigh: 0.7
        FL_calf: -1.7
        FR_calf: -1.7
        RL_calf: -1.7
        RR_calf: -1.7
    episode:
      steps: 500
    reset:
      positions: {uniform: 0.01}
      velocities: {normal: 0.02}
      joints:
        FL_thigh:
          position: {scale: [0.9, 1.1]}
          velocity: {uniform: [-0.1, 0.2]}
      base:
        position: {uniform: 0.1}
        orientation: {uniform: 0.2}
        yaw: {uniform: 3}
        linear_velocity: {normal: 0.3}
        angular_velocity: {normal: 0.4}
    target:
      box:
        low: [0, 0, 0]
        high: [1, 1, 1]
    commands:
      lin_vel_x: [-1, 1]
      lin_vel_y: [-0.5, 0.5]
      ang_vel_z: [-0.2, 0.2]
      least_speed: 0.2
      slower: redraw
      resample_time: 5
      standing: 0.1
    randomise:
      mass: [0.9, 1.1]
      base_mass: [-0.5, 0.5]
      friction: [0.5, 1.5]
      motor_strength: [0.8, 1.2]
      latency: [0, 3]
      contact_time_constant: [0.01, 0.04]
      push:
        every: 5
        speed: 0.5
    curriculum:
      commands:
        lin_vel_x: [0.3, 0.5]
        lin_vel_y: [-0.1, 0.1]
        ang_vel_z: [0, 0]
        terms: [alive]
        above: 0.7
        step: 0.2
      randomise:
        from: 100
        to: 200
    observation:
      - {term: base_pitch, scale: 2, history: 2}
    critic_observation:
      - {term: base_velocity, frame: base, scale: 2, history: 2}
    reward:
      - {term: alive, weight: 1}
    only_positive_rewards: true
    terminate:
      - {term: bad_orientation, above: 1}
    evaluate:
      every: 2000
      episodes: 3
    train:
      sac:
        steps: 5000
        evaluate:
          every: 3000
          episodes: 4
    """

/// What stands in the place of the ground, and what rises by it.
private let terrain = """
    terrain:
      kinds:
        - {kind: rough, height: 0.08, length: 0.2}
        - {kind: waves, height: 0.1, length: 2}
        - {kind: stairs, height: 0.15, length: 0.3}
        - {kind: slope, height: 0.5}
        - {kind: steps, height: 0.1, length: 0.5}
        - {kind: stepping_stones, height: 0.02, length: 0.4, gap: 0.1, depth: 0.5}
      tiles: [3, 6]
      size: 6
      cell: 0.05
      flat: 1.5
      seed: 7
      friction: 0.9
    """

/// Levels of the curriculum, which want a terrain.
private let levels = "terrain: {levels: 5, up: 0.7, down: 0.3}"

private func read(_ yaml: String, _ overrides: [String] = []) throws -> Scene {
    let overrides = try overrides.map { try Override(parsing: $0) }
    return try Scene(
        yaml: Array(yaml.utf8), file: "all.yaml",
        SceneOptions(
            catalog: ShippedScenes.catalog, overrides: overrides,
            algorithms: Algorithm.all.map { ($0.name, $0.keyDescriptions) }))
}

/// What only a robot with motors of its own can have.
private let motors = "{kind: model, joints: [FL_hip_joint, FR_hip_joint], scale: 0.3}"

struct SceneKeysTests {
    @Test func `the motors of a robot's file are taken, from the start or over their range`() throws {
        let robot = ShippedScenes.folder + "/Tests/RobotsTests/Golden/dog.xml"
        let text = """
            format: 1
            summary: A robot with motors.
            robot: \(robot)
            physics: {time_step: 0.005}
            actuators: [\(motors)]
            start: {joints: {FL_hip_joint: 0.2, FR_calf_joint: -1.8, FL_calf_joint: -1.8, RR_calf_joint: -1.8, RL_calf_joint: -1.8}}
            joints: [{joints: [FR_hip_joint], friction: 0.5}]
            episode: {steps: 1}
            observation: [{term: joint_positions}]
            reward: [{term: alive, weight: 1}]
            """
        let scene = try read(text)
        #expect(scene.base == .floating)
        #expect(
            scene.actuators.map(\.joint)
                == ["FL_hip_joint", "FR_hip_joint"].map { scene.robot.joint(named: $0) })
        #expect(
            scene.actuators.allSatisfy { $0.drive == .position(kp: 100, kd: 1.5) && $0.range == -0.86...0.86 }
        )
        #expect(scene.actuators.map(\.offset) == [0.2, 0] && scene.actuators.map(\.scale) == [0.3, 0.3])
        let hip = try #require(scene.robot.joint(named: "FR_hip_joint"))
        #expect(scene.joints[hip].armature == 0.01 && scene.joints[hip].effortLimit == 23.7)
        #expect(scene.joints[hip].friction == 0.5 && scene.joints[hip + 1].friction == 0.2)
        let written = Setting(encoding: scene)
        #expect(written["actuators"]?.differences(from: scene.source["actuators"] ?? written) == [])
        #expect(Setting(encoding: try read(written.yaml)).means(written))

        let whole = try read(text.replacing(motors, with: "{kind: model}"))
        #expect(
            whole.actuators.map(\.joint) == whole.robot.actuators.map(\.joint) && whole.actuators.count == 12)
        let knee = try #require(
            whole.actuators.first { $0.joint == whole.robot.joint(named: "FR_calf_joint") })
        #expect(abs(knee.command(1) + 0.9) < 1e-12 && abs(knee.command(-1) + 2.8) < 1e-12)

        let bare =
            text.replacing(robot, with: "quadruped.urdf").split(separator: "\n")
            .filter { !$0.hasPrefix("start") && !$0.hasPrefix("joints") }.joined(separator: "\n")
            .replacing(motors, with: "{kind: model}") + "\nbase: floating\n"
        #expect(errors(bare).contains { $0.contains("the robot's file describes no motors") })
    }

    private static let targets = [
        "box:\n    low: [0, 0, 0]\n    high: [1, 1, 1]",
        "disc:\n    center: [0, 0, 0]\n    radius: 2", "point: [1, 2, 3]",
        "reach:\n    link: FL_foot\n    range: 0.5\n    above: 0.1",
    ]

    @Test(arguments: targets)
    func `what a scene says is written again, key by key`(target: String) throws {
        let text = everything.replacing(Self.targets[0], with: target)
        let scene = try read(text)
        let written = Setting(encoding: scene)
        #expect(written.differences(from: scene.source) == [])
        #expect(Setting(encoding: try read(written.yaml)).means(written))
    }

    @Test func `what a scene says of its terrain is written again`() throws {
        let text = everything.replacing("ground:\n  friction: 0.9\n  slope: 0.05", with: terrain)
            .replacing("curriculum:\n", with: "curriculum:\n  \(levels)\n")
        let scene = try read(text)
        let written = Setting(encoding: scene)
        #expect(written.differences(from: scene.source) == [])
        #expect(Setting(encoding: try read(written.yaml)).means(written))
    }

    @Test func `everything says every key`() throws {
        var paths: Set<String> = []
        func collect(_ setting: Setting, _ path: String) {
            paths.insert(path)
            for entry in setting.entries ?? [] { collect(entry.value, "\(path).\(entry.key)") }
            for item in setting.items ?? [] {
                collect(item, path + (item["kind"]?.text.map { ".\($0)" } ?? ""))
            }
        }
        for target in Self.targets {
            let text = everything.replacing(Self.targets[0], with: target)
            collect(try Setting(yaml: Array(text.utf8), file: ""), "")
        }
        for text in [
            "actuators: [\(motors)]", terrain, "curriculum: {\(levels)}",
            "terrain: {kinds: [{kind: image, file: a.pgm, height: 1}]}",
        ] {
            collect(try Setting(yaml: Array(text.utf8), file: ""), "")
        }
        func check(_ keys: [SettingShape.KeyDescription], _ path: String) {
            let lists = ["observation", "critic_observation", "reward", "terminate", "train"]
            for key in keys where !lists.contains(key.name) {
                #expect(paths.contains("\(path).\(key.name)"), "\(path).\(key.name)")
                switch key.shape {
                case .mapping, .described: continue
                default: break
                }
                check(key.shape.keys ?? [], "\(path).\(key.name)")
                for variant in key.shape.variants?.variants ?? [] {
                    check(variant.keys, "\(path).\(key.name).\(variant.name)")
                }
            }
        }
        check(SceneReference.shape(algorithms: []).keys ?? [], "")
    }

    /// The lines of `everything` that hold a value, counted from 1, each with its key.
    static let leaves = everything.split(separator: "\n").enumerated().compactMap {
        index, line -> (Int, String)? in
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, !parts[1].isEmpty, !line.contains("term:") else { return nil }
        let key = parts[0].drop { " -".contains($0) }
        return ["summary", "steps", "name"].contains(String(key)) ? nil : (index + 1, String(key))
    }

    @Test(arguments: leaves)
    func `a value of another kind is refused with its line`(line: Int, key: String) {
        for wrong in ["nonsense", "[nonsense, nonsense, nonsense]", "-1e9"] {
            // Some keys take any number, and names are looked up, not measured.
            let takesAny = ["gear", "rest", "offset"].contains(key)
            if wrong == "-1e9", takesAny { continue }
            var lines = everything.components(separatedBy: "\n")
            let head = lines[line - 1].prefix { $0 != ":" }
            lines[line - 1] = "\(head): \(wrong)"
            let found = errors(lines.joined(separator: "\n"))
            #expect(
                found.contains { $0.hasPrefix("all.yaml:\(line): ") && $0.contains(key) },
                "\(wrong) gave \(found)")
        }
    }

    /// Keys with the numbers just outside of what they may hold.
    static let outside: [(String, String)] = [
        ("physics.time_step", "0.11"), ("physics.time_step", "0"), ("physics.substeps", "1001"),
        ("physics.substeps", "0"), ("physics.gravity", "[0, 0, -101]"), ("physics.solver", "exact"),
        ("contact.time_constant", "0"), ("contact.damping_ratio", "0"), ("contact.impedance", "1.1"),
        ("contact.restitution", "1.1"), ("contact.margin", "1.1"), ("contact.law", "soft"),
        ("stops.time_constant", "101"), ("ground.friction", "101"),
        ("ground.slope", "1.3"), ("obstacles[0].size", "[1, 1, 1e-5]"),
        ("obstacles[0].position", "[2e4, 0, 0]"), ("obstacles[0].rpy", "[0, 11, 0]"),
        ("obstacles[0].friction", "-0.1"), ("objects[0].mass", "0"), ("objects[0].colour", "[0, 0, 2]"),
        ("objects[1].density", "1e6"), ("objects[1].sphere", "0"), ("objects[2].cylinder", "[1, 1, 1]"),
        ("objects[0].friction", "101"), ("thrusters[0].range", "[1, 0]"), ("thrusters[0].moment", "1e4"),
        ("thrusters[0].axis", "[0, 0, 1e4]"), ("contacts.friction.FL_foot", "101"),
        ("actuators.torque.gear", "0"), ("actuators.torque.armature", "-0.1"),
        ("actuators.torque.damping", "-1"), ("actuators.torque.stiffness", "-1"),
        ("actuators.torque.friction", "-1"), ("actuators.torque.effort_limit", "0"),
        ("actuators.torque.velocity_limit", "0"), ("actuators.position.kp", "0"),
        ("actuators.position.kd", "-1"), ("actuators.position.scale", "0"),
        ("actuators.velocity.kd", "0"), ("actuators.velocity.scale", "-1"),
        ("joints[0].armature", "-1"), ("start.position", "[0, 0, 1e5]"), ("start.rpy", "[11, 0, 0]"),
        ("start.joints.FL_thigh", "100"), ("episode.steps", "0"), ("episode.steps", "10000001"),
        ("reset.positions", "{normal: -1}"), ("reset.velocities", "{scale: [1, 2]}"),
        ("reset.joints.FL_thigh.position", "{uniform: [1, 0]}"), ("target.box.low", "[2, 0, 0]"),
        ("commands.lin_vel_x", "[1, -1]"), ("commands.lin_vel_y", "[-101, 0]"),
        ("commands.resample_time", "0"), ("commands.standing", "1.1"), ("randomise.mass", "[0, 1]"),
        ("randomise.contact_time_constant", "[0, 1]"),
        ("randomise.base_mass", "[-100, 0]"), ("randomise.friction", "[-1, 1]"),
        ("randomise.motor_strength", "[1, 101]"), ("randomise.latency", "[0, 1001]"),
        ("randomise.latency", "[0, 0.5]"), ("randomise.push.every", "0"),
        ("randomise.push.speed", "101"), ("evaluate.every", "0"), ("evaluate.episodes", "100001"),
        ("train.sac.evaluate.every", "0"), ("sac.evaluate.episodes", "0"),
    ]

    @Test(arguments: outside)
    func `a number out of range is refused, by a flag too`(path: String, value: String) {
        let set = "\(path)=\(value)"
        let found = errors(everything, [set])
        #expect(found.count >= 1 && found.contains { $0.hasPrefix("--set \(set.prefix(30))") }, "\(found)")
    }

    @Test func `a flag sets any key of a scene`() throws {
        let scene = try read(
            everything,
            [
                "physics.substeps=8", "reward.alive.weight=2", "sac.steps=7", "train.dqn.steps=1e3",
                "actuators.torque.gear=5", "obstacles[0].friction=0.5", "start.joints.RR_calf=-1.5",
                "ground.slope=0", "terminate[0].above=0.5", "sac.evaluate.every=5",
            ])
        #expect(scene.physics.substeps == 8)
        #expect(scene.reward[0].weight == 2)
        #expect(scene.training.map(\.algorithm) == ["sac", "dqn"])
        #expect(scene.training[0].settings["steps"]?.scalar?.whole() == 7)
        #expect(scene.training[0].evaluation == EvaluationPlan(every: 5, episodes: 4))
        #expect(scene.training[1].settings["steps"]?.scalar?.whole() == 1000)
        #expect(scene.actuators[0].scale == 5)
        #expect(scene.obstacles[0].friction == 0.5)
        #expect(scene.ground?.slope == 0)
        #expect(scene.start.joints.last == -1.5)
    }

    @Test func `what a flag misspells is refused with the nearest name`() {
        #expect(errors(everything, ["physics.substep=8"]).first?.contains("did you mean 'substeps'?") == true)
        #expect(errors(everything, ["reward.aliv.weight=8"]).first?.contains("did you mean 'alive'?") == true)
    }

    @Test(arguments: [("iterations", "50"), ("contact_erp", "0"), ("joint_erp", "a lot")])
    func `a key that is gone is refused with what to do`(key: String, value: String) {
        let text = everything.replacing("substeps: 5", with: "\(key): \(value)")
        let found = errors(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("all.yaml:7: physics.\(key): unknown key; ") == true)
    }

    @Test func `another robot's file may stand in for the one that a scene names`() throws {
        let robot = ShippedScenes.folder + "/Robots/hopper.urdf"
        let text = """
            format: 1
            summary: No such robot.
            robot: nobody.urdf
            base: fixed
            physics: {time_step: 0.01}
            actuators: [{kind: torque, gear: 1}]
            episode: {steps: 1}
            observation: [{term: joint_positions}]
            reward: [{term: alive, weight: 1}]
            """
        let scene = try Scene(yaml: Array(text.utf8), file: "x.yaml", SceneOptions(robotFile: robot))
        #expect(scene.robot.name == "hopper")
        #expect(throws: DescriptionError.self) { try read(text) }
    }

    private func errors(_ yaml: String, _ overrides: [String] = []) -> [String] {
        do {
            _ = try read(yaml, overrides)
            return []
        } catch let error as DescriptionError {
            return error.errors.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }
}
