// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Reads `actuators` and `joints`: what the action drives, and the passive side of every joint.
struct ActuatorReader {
    let findings: Findings
    let robot: Robot
    let keys: Arguments
    let start: Start

    func read() -> (actuators: [ActuatorSettings], joints: [JointSettings]) {
        var joints = robot.joints.map {
            JointSettings(
                damping: $0.damping, friction: $0.friction, effortLimit: $0.effort, velocityLimit: $0.velocity
            )
        }
        var actuators: [ActuatorSettings] = []
        // Where each joint's actuator, and each of a joint's passive values, was given.
        var driven: [Int: Int] = [:]
        var given: [String: Int] = [:]
        for block in keys.blocks("actuators") {
            // A list of joints that was wrong is reported; it must not become "all".
            if block.isGiven("joints") && block.joints("joints") == nil { continue }
            for joint in block.joints("joints") ?? Array(robot.joints.indices) {
                if let line = driven[joint] {
                    findings.error(
                        block.line(of: "joints"), block.path,
                        "joint '\(robot.joints[joint].name)' is driven in line \(line) already",
                        "a joint takes one actuator")
                    continue
                }
                driven[joint] = block.line(of: "joints") ?? 0
                if let command = command(block, joint: joint) {
                    actuators.append(ActuatorSettings(joint: joint, command: command))
                }
                apply(block, to: joint, &joints, &given)
            }
        }
        for block in keys.blocks("joints") {
            if block.isGiven("joints") && block.joints("joints") == nil { continue }
            for joint in block.joints("joints") ?? Array(robot.joints.indices) {
                apply(block, to: joint, &joints, &given)
            }
        }
        if actuators.isEmpty && !findings.hasErrors {
            findings.error(
                keys.line(of: "actuators"), "actuators", "drives nothing",
                robot.joints.isEmpty ? "the robot has no joint that moves" : "name joints")
        }
        checkEfforts(actuators, joints, driven)
        return (actuators, joints)
    }

    private func command(_ block: Arguments, joint: Int) -> ActuatorSettings.Command? {
        switch block.variant {
        case "torque":
            guard let gear = block.number("gear") else { return nil }
            guard gear != 0 else {
                findings.error(
                    block.line(of: "gear"), block.path(of: "gear"), "0 drives nothing", "use another number")
                return nil
            }
            return .torque(gear: gear)
        case "position":
            guard let kp = block.number("kp"), let kd = block.number("kd"), let scale = block.number("scale")
            else {
                return nil
            }
            return .position(
                kp: kp, kd: kd, scale: scale, offset: block.number("offset") ?? start.joints[joint])
        case "velocity":
            guard let kd = block.number("kd"), let scale = block.number("scale") else { return nil }
            return .velocity(kd: kd, scale: scale)
        default:
            return nil
        }
    }

    /// Takes the passive values of a block over the URDF's; a second value for one joint contradicts the first.
    private func apply(
        _ block: Arguments, to joint: Int, _ joints: inout [JointSettings], _ given: inout [String: Int]
    ) {
        let name = robot.joints[joint].name
        for parameter in SceneKeys.passive {
            guard let value = block.number(parameter.name) else { continue }
            let key = "\(parameter.name) \(joint)"
            if let line = given[key] {
                findings.error(
                    block.line(of: parameter.name), block.path(of: parameter.name),
                    "joint '\(name)' got its \(parameter.name) in line \(line) already", "give it once")
                continue
            }
            given[key] = block.line(of: parameter.name) ?? 0
            switch parameter.name {
            case "armature": joints[joint].armature = value
            case "damping": joints[joint].damping = value
            case "stiffness": joints[joint].stiffness = value
            case "rest": joints[joint].restPosition = value
            case "friction": joints[joint].friction = value
            case "effort_limit": joints[joint].effortLimit = value
            case "velocity_limit": joints[joint].velocityLimit = value
            default: break
            }
        }
    }

    /// A gear beyond the effort limit is cut off silently by the physics; a person should know.
    private func checkEfforts(
        _ actuators: [ActuatorSettings], _ joints: [JointSettings], _ driven: [Int: Int]
    ) {
        for actuator in actuators {
            guard case .torque(let gear) = actuator.command, let limit = joints[actuator.joint].effortLimit,
                abs(gear) > limit * (1 + 1e-9)
            else { continue }
            findings.warn(
                driven[actuator.joint], "actuators",
                "gear \(gear) of joint '\(robot.joints[actuator.joint].name)' exceeds its effort limit \(limit), which cuts it off",
                "lower gear, or set effort_limit")
        }
    }
}
