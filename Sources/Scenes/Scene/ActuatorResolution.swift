// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// Makes of the blocks under `actuators` and `joints` what each element of an action drives, and what each joint has of its own.
struct ActuatorResolution {
    private let decoder: Decoder
    private let robot: Robot
    private var scene: Scene
    /// What drives each joint, and where each joint got each of its values.
    private var driven: [Int: Setting] = [:]
    private var given: [Int: [String: Setting]] = [:]

    /// Resolves the blocks of a scene whose start is known.
    static func resolve(_ scene: inout Scene, _ root: Setting, _ decoder: Decoder) {
        var resolution = ActuatorResolution(decoder: decoder, robot: scene.robot, scene: scene)
        resolution.resolve(root)
        (scene.actuators, scene.joints) = (resolution.scene.actuators, resolution.scene.joints)
    }

    private init(decoder: Decoder, robot: Robot, scene: Scene) {
        self.decoder = decoder
        self.robot = robot
        self.scene = scene
    }

    private mutating func resolve(_ root: Setting) {
        scene.joints = robot.joints.map {
            JointProperties(
                damping: $0.damping, friction: $0.friction, effortLimit: $0.effort, velocityLimit: $0.velocity
            )
        }
        let (actuators, joints) = (scene.unresolved.actuators, scene.unresolved.joints)
        for (block, setting) in zip(actuators, root["actuators"]?.items ?? []) {
            // All are those that can be driven.
            let all = block.joints == nil
            for joint in named(block.joints, setting) where !all || robot.lead(of: joint.index) == nil {
                drive(joint, by: block, setting)
            }
        }
        for (block, setting) in zip(joints, root["joints"]?.items ?? []) {
            for joint in named(block.joints, setting) { apply(block.properties, to: joint, setting) }
        }
        if scene.actuators.isEmpty, !decoder.findings.hasErrors {
            decoder.report(
                root.place(of: "actuators"), "drives nothing",
                robot.joints.isEmpty ? "the robot has no joint that moves" : "name joints")
        }
        for (index, actuator) in scene.actuators.enumerated() {
            guard let place = driven[actuator.joint] else { continue }
            CommandCheck(scene, index).check { isError, message, remedy in
                let setting = Setting(.null, path: "actuators", line: place.line, source: place.source)
                isError ? decoder.report(setting, message, remedy) : decoder.warn(setting, message, remedy)
            }
        }
    }

    /// A list of joints that was wrong is reported; it does not mean all.
    private func named(_ joints: [JointReference]?, _ setting: Setting) -> [JointReference] {
        joints == nil && setting["joints"] != nil ? [] : robot.references(joints)
    }

    private mutating func drive(_ joint: JointReference, by block: ActuatorBlock, _ setting: Setting) {
        let place = setting.place(of: "joints")
        if let lead = robot.lead(of: joint.index) {
            decoder.report(
                place, "joint '\(lead.follower)' follows '\(lead.leader)', so one action moves both",
                "drive '\(lead.leader)'")
            return
        }
        if let other = driven.updateValue(place, forKey: joint.index) {
            decoder.report(
                Setting(.null, path: setting.path, line: place.line, source: place.source),
                "joint '\(joint.name)' is driven in \(other.origin) already", "a joint takes one actuator")
            return
        }
        let start = block.drive.kind == .position ? scene.start.joints[joint.index] : 0
        scene.actuators.append(
            ActuatorSettings(
                joint: joint.index, drive: block.drive, scale: block.scale, offset: block.offset ?? start,
                range: block.range))
        apply(block.properties, to: joint, setting)
    }

    /// Lays what a block gives over what the robot's file says; a second value for one joint contradicts the first.
    private mutating func apply(
        _ properties: Given<JointProperties>, to joint: JointReference, _ setting: Setting
    ) {
        for entry in properties.entries {
            guard let first = given[joint.index]?[entry.key] else {
                given[joint.index, default: [:]][entry.key] = entry.value
                continue
            }
            decoder.report(
                entry.value, "joint '\(joint.name)' got its \(entry.key) in \(first.origin) already",
                "give it once")
        }
        properties.apply(to: &scene.joints[joint.index])
    }
}

extension Setting {
    /// Where it was given: `line 8`, or the flag that gave it.
    fileprivate var origin: String { line.map { "line \($0)" } ?? source ?? path }
}
