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
                armature: $0.armature, damping: $0.damping, stiffness: $0.stiffness, rest: $0.rest,
                friction: $0.friction, effortLimit: $0.effort, velocityLimit: $0.velocity)
        }
        let (actuators, joints) = (scene.unresolved.actuators, scene.unresolved.joints)
        for (block, setting) in zip(actuators, root["actuators"]?.items ?? []) {
            // All are those that can be driven.
            let all = block.joints == nil
            let joints =
                block.isModel && all && setting["joints"] == nil
                ? motors
                : named(block.joints, setting).filter { !all || robot.lead(of: $0.index) == nil }
            for joint in joints { drive(joint, by: block, setting) }
            if joints.isEmpty, block.isModel { reportNoMotors(setting) }
        }
        for (block, setting) in zip(joints, root["joints"]?.items ?? []) {
            for joint in named(block.joints, setting) { apply(block.properties, to: joint, setting) }
        }
        if scene.actuators.isEmpty, scene.thrusters.isEmpty, !decoder.findings.hasErrors {
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
        if block.isModel {
            guard let settings = model(joint, block, setting) else { return }
            scene.actuators.append(settings)
        } else {
            let start = block.drive.kind == .position ? scene.start.joints[joint.index] : 0
            scene.actuators.append(
                ActuatorSettings(
                    joint: joint.index, drive: block.drive, scale: block.scale, offset: block.offset ?? start,
                    range: block.range))
        }
        apply(block.properties, to: joint, setting)
    }

    /// The joints at which the robot's file has motors, in the order of the motors.
    private var motors: [JointReference] {
        robot.actuators.map { JointReference(name: robot.joints[$0.joint].name, index: $0.joint) }
    }

    /// The motor that the robot's file has at a joint: actions span its range, or go by `scale` from the start.
    private func model(
        _ joint: JointReference, _ block: ActuatorBlock, _ setting: Setting
    ) -> ActuatorSettings? {
        guard let motor = robot.actuators.first(where: { $0.joint == joint.index }) else {
            let names = motors.map(\.name)
            decoder.report(
                setting.place(of: "joints"), "the robot's file has no motor at joint '\(joint.name)'",
                names.isEmpty ? "name another kind" : NearestName.remedy(joint.name, in: names))
            return nil
        }
        let drive: Drive =
            switch motor.kind {
            case .torque: .torque
            case .position: .position(kp: motor.kp, kd: motor.kd)
            case .velocity: .velocity(kd: motor.kd)
            }
        let range = block.range ?? motor.range
        if let scale = block.modelScale {
            let start = motor.kind == .position ? scene.start.joints[joint.index] : 0
            return ActuatorSettings(
                joint: joint.index, drive: drive, scale: scale, offset: start, range: range)
        }
        guard let range else {
            decoder.report(
                setting, "the motor of joint '\(joint.name)' has no control range that actions could span",
                "give scale, or range")
            return nil
        }
        return ActuatorSettings(
            joint: joint.index, drive: drive, scale: (range.upperBound - range.lowerBound) / 2,
            offset: (range.upperBound + range.lowerBound) / 2, range: range)
    }

    private func reportNoMotors(_ setting: Setting) {
        decoder.report(
            setting, "the robot's file describes no motors",
            "MuJoCo files have them in <actuator>; use kind: torque, position or velocity")
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
