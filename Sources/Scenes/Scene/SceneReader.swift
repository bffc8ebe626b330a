// SPDX-License-Identifier: MIT

internal import Foundation
internal import Geometry
internal import Robots
internal import Settings

/// Turns the decoded keys of a scene into a ``Scene``, and checks what no single key can tell.
struct SceneReader {
    let findings: Findings
    let robot: Robot
    let root: Setting
    let keys: Arguments

    /// The scene; only to be used if nothing was reported.
    func scene(name: String) -> Scene {
        let base = base()
        let start = start(base)
        let drive = ActuatorReader(findings: findings, robot: robot, keys: keys, start: start).read()
        let target = target()
        let commands = keys.block("commands").map(commands)
        let decoder = Decoder(findings: findings, context: robot)
        func entries<Entry>(_ key: String, _ format: Format<Entry>) -> [Entry] {
            keys.setting(key).flatMap { Format.list(of: format).decode($0, decoder) } ?? []
        }
        let scene = Scene(
            name: name, file: findings.file, summary: keys.text("summary") ?? "", robot: robot, base: base,
            physics: physics(), ground: keys.block("ground").map(ground),
            obstacles: keys.blocks("obstacles").map(obstacle),
            contacts: contacts(), actuators: drive.actuators, joints: drive.joints, start: start,
            episodeSteps: keys.block("episode")?.integer("steps") ?? 1, reset: reset(base), target: target,
            commands: commands, randomisation: randomisation(base),
            observation: entries("observation", ObservationEntry.format),
            reward: entries("reward", RewardEntry.format),
            termination: entries("terminate", TerminationEntry.format), evaluation: evaluation(),
            training: training(),
            notes: [])
        SceneChecks(findings: findings, keys: keys, scene: scene).check()
        TermChecks(scene: scene, decoder: decoder).check(root)
        return scene
    }

    // MARK: The place

    private func base() -> Base {
        if let base = keys.choice("base", Base.self) { return base }
        if let base = robot.declaredBase { return base }
        if !keys.isGiven("base") {
            findings.error(
                keys.line, "base", "is missing, and the robot's file does not say how its root is held",
                "allowed: fixed, planar, floating")
        }
        // After an error, what leads to the fewest errors that follow from it.
        return robot.root.properties.mass > 0 ? .floating : .fixed
    }

    private func physics() -> PhysicsSettings {
        let block = keys.block("physics")
        var physics = PhysicsSettings(timeStep: block?.number("time_step") ?? 0.001)
        guard let block else { return physics }
        if let substeps = block.integer("substeps") { physics.substeps = substeps }
        if let gravity = block.vector("gravity") { physics.gravity = gravity }
        if let erp = block.number("joint_erp") { physics.jointERP = erp }
        if let erp = block.number("contact_erp") { physics.contactERP = erp }
        if let cfm = block.number("cfm") { physics.cfm = cfm }
        let iterations = block.integer("iterations")
        if block.text("solver") == "quick" {
            physics.solver = .quick(iterations: iterations ?? 50)
        } else if iterations != nil {
            findings.error(
                block.line, "physics.iterations", "only the quick solver has iterations",
                "remove it, or add solver: quick")
        }
        return physics
    }

    private func ground(_ block: Arguments) -> Ground {
        Ground(friction: block.number("friction") ?? 1, slope: block.number("slope") ?? 0)
    }

    private func obstacle(_ block: Arguments) -> Obstacle {
        let angles = block.vector("rpy") ?? .zero
        return Obstacle(
            size: block.vector("size") ?? Vector3(1, 1, 1),
            pose: Pose(
                position: block.vector("position") ?? .zero,
                orientation: Quaternion(roll: angles.x, pitch: angles.y, yaw: angles.z)),
            friction: block.number("friction") ?? 1)
    }

    private func contacts() -> ContactSettings {
        guard let block = keys.block("contacts") else { return ContactSettings() }
        var contacts = ContactSettings(
            selfCollision: block.bool("self_collision") ?? false, ignored: block.pairs("ignore"))
        for entry in block.numbersByName("friction") {
            contacts.friction[entry.name] = entry.element
            checkShapes(of: [entry.name], entry.path, entry.line)
        }
        return contacts
    }

    /// Friction and contacts belong to shapes by the name of the link that has them in the file.
    func checkShapes(of links: [String], _ path: String, _ line: Int?) {
        let names = Set(robot.links.flatMap { $0.shapes.map(\.link) })
        for link in links where !names.contains(link) {
            findings.error(
                line, path, "link '\(link)' has no collision shape of its own",
                names.isEmpty
                    ? "the robot has none at all"
                    : "links with shapes: \(names.sorted().joined(separator: ", "))")
        }
    }

    // MARK: The start

    private func start(_ base: Base) -> Start {
        let block = keys.block("start")
        var start = Start(joints: Array(repeating: 0, count: robot.joints.count))
        if let position = block?.vector("position") { start.base.position = position }
        if let angles = block?.vector("rpy") {
            start.base.orientation = Quaternion(roll: angles.x, pitch: angles.y, yaw: angles.z)
            if base == .planar, angles.x != 0 || angles.z != 0 {
                findings.error(
                    block?.line(of: "rpy"), "start.rpy", "a planar base only has pitch", "write [0, pitch, 0]"
                )
            }
        }
        if base == .planar, start.base.position.y != 0 {
            findings.error(
                block?.line(of: "position"), "start.position", "a planar base stays in the plane y = 0",
                "write [x, 0, z]")
        }
        for entry in block?.numbersByName("joints") ?? [] { start.joints[entry.index] = entry.element }
        for (index, joint) in robot.joints.enumerated() {
            let position = start.joints[index]
            guard let lower = joint.lower, let upper = joint.upper,
                position < lower - 1e-9 || position > upper + 1e-9
            else { continue }
            findings.error(
                block?.line(of: "joints") ?? keys.line, "start.joints.\(joint.name)",
                "the joint starts at \(position) \(joint.unit), outside its limits \(lower) to \(upper)",
                "give it a start between them")
        }
        return start
    }

    private func reset(_ base: Base) -> ResetNoise {
        let block = keys.block("reset")
        let positions = block?.distribution("positions") ?? .none
        let velocities = block?.distribution("velocities") ?? .none
        let count = robot.joints.count
        var reset = ResetNoise(
            jointPositions: Array(repeating: positions, count: count),
            jointVelocities: Array(repeating: velocities, count: count))
        guard let block else { return reset }
        for entry in block.blocksByJoint("joints") {
            if let noise = entry.element.distribution("position") {
                reset.jointPositions[entry.index] = noise
            }
            if let noise = entry.element.distribution("velocity") {
                reset.jointVelocities[entry.index] = noise
            }
        }
        let moving = block.block("base")
        if base == .fixed {
            if moving != nil {
                findings.error(
                    block.line(of: "base"), "reset.base", "a fixed base has no noise",
                    "remove it, or free the base")
            }
            return reset
        }
        if case .scale = positions {
            // A factor of where the base stands means nothing.
        } else {
            reset.basePosition = positions
            reset.baseOrientation = positions
        }
        reset.baseLinearVelocity = velocities
        reset.baseAngularVelocity = velocities
        guard let moving else { return reset }
        if let noise = moving.distribution("position") { reset.basePosition = noise }
        if let noise = moving.distribution("orientation") { reset.baseOrientation = noise }
        if let noise = moving.distribution("linear_velocity") { reset.baseLinearVelocity = noise }
        if let noise = moving.distribution("angular_velocity") { reset.baseAngularVelocity = noise }
        if let noise = moving.distribution("yaw") {
            reset.baseYaw = noise
            if base == .planar {
                findings.error(
                    moving.line(of: "yaw"), "reset.base.yaw", "a planar base has no yaw", "remove it")
            }
        }
        return reset
    }

    // MARK: The task

    private func target() -> TargetRegion? {
        guard let block = keys.block("target") else { return nil }
        let given = ["point", "disc", "box"].filter(block.isGiven)
        guard given.count == 1 else {
            findings.error(
                block.line, "target", given.isEmpty ? "is empty" : "has \(given.joined(separator: " and "))",
                "give exactly one of point, disc, box")
            return nil
        }
        if let point = block.vector("point") { return .point(point) }
        if let disc = block.block("disc"), let center = disc.vector("center"),
            let radius = disc.number("radius")
        {
            return .disc(center: center, radius: radius)
        }
        if let box = block.block("box"), let low = box.vector("low"), let high = box.vector("high") {
            guard low.x <= high.x, low.y <= high.y, low.z <= high.z else {
                findings.error(
                    box.line, "target.box", "low must not be above high", "swap the components that are")
                return nil
            }
            return .box(low: low, high: high)
        }
        return nil
    }

    private func commands(_ block: Arguments) -> CommandSettings {
        CommandSettings(
            linearVelocityX: block.range("lin_vel_x") ?? 0...0,
            linearVelocityY: block.range("lin_vel_y") ?? 0...0,
            angularVelocityZ: block.range("ang_vel_z") ?? 0...0, resampleTime: block.number("resample_time"),
            standingFraction: block.number("standing") ?? 0)
    }

    private func randomisation(_ base: Base) -> Randomisation {
        guard let block = keys.block("randomise") else { return Randomisation() }
        var randomisation = Randomisation(
            mass: block.range("mass"), baseMass: block.range("base_mass"), friction: block.range("friction"),
            motorStrength: block.range("motor_strength"), latency: block.integerRange("latency"))
        if let push = block.block("push"), let every = push.number("every"), let speed = push.number("speed")
        {
            randomisation.push = .init(every: every, speed: speed)
        }
        for key in ["base_mass", "push"] where base == .fixed && block.isGiven(key) {
            findings.error(
                block.line(of: key), "randomise.\(key)", "means nothing for a fixed base", "remove it")
        }
        if let added = randomisation.baseMass, added.lowerBound <= -robot.root.properties.mass {
            findings.error(
                block.line(of: "base_mass"), "randomise.base_mass",
                "would take \(-added.lowerBound) kg from a root link of \(robot.root.properties.mass) kg",
                "take less")
        }
        return randomisation
    }

    private func evaluation() -> EvaluationSettings {
        evaluation(keys.block("evaluate"), over: EvaluationSettings())
    }

    private func evaluation(
        _ block: Arguments?, over other: EvaluationSettings
    ) -> EvaluationSettings {
        EvaluationSettings(
            every: block?.integer("every") ?? other.every,
            episodes: block?.integer("episodes") ?? other.episodes)
    }

    private func training() -> [TrainingBlock] {
        guard let setting = keys.setting("train") else { return [] }
        guard let entries = setting.entries else {
            findings.error(
                setting.line, "train", "\(setting.shown) is not a mapping of algorithms",
                "write train: {sac: {...}}")
            return []
        }
        return entries.compactMap(block)
    }

    /// The settings of one algorithm.
    private func block(_ entry: Setting.Entry) -> TrainingBlock? {
        guard SceneKeys.algorithms.contains(entry.key) else {
            findings.error(
                entry.value.line, entry.value.path, "there is no such algorithm",
                NearestName.remedy(entry.key, in: SceneKeys.algorithms))
            return nil
        }
        var settings = entry.value
        var evaluation = evaluation()
        guard let own = settings.entries else {
            findings.error(
                settings.line, settings.path, "\(settings.shown) is not a mapping of settings",
                "write \(entry.key): {steps: 10000}")
            return nil
        }
        if let evaluate = settings["evaluate"] {
            let decoder = ParameterDecoder(findings: findings, robot: robot)
            evaluation = self.evaluation(decoder.arguments(evaluate, SceneKeys.evaluate), over: evaluation)
        }
        settings.value = .mapping(own.filter { $0.key != "evaluate" })
        return TrainingBlock(algorithm: entry.key, settings: settings, evaluation: evaluation)
    }
}
