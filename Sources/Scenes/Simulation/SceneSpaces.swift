// SPDX-License-Identifier: MIT

public import Environments
internal import Geometry
internal import Robots

extension Scene {
    /// What an environment of this scene observes, element by element, in the order of the terms.
    public var observationSpace: Space {
        Space(
            observationElements.map {
                .init(
                    name: $0.name, unit: $0.unit, low: $0.low, high: $0.high, frame: $0.frame?.rawValue,
                    joint: $0.joint, body: $0.link)
            })
    }

    /// An actuator as the environment's users see it: what the policy's number commands, in which unit and range.
    func actuator(_ settings: ActuatorSettings) -> Actuator {
        let joint = robot.joints[settings.joint]
        let effort = joint.kind == .hinge ? "N m" : "N"
        switch settings.command {
        case .torque(let gear):
            var actuator = Actuator(
                name: joint.name, joint: joint.name, kind: .torque, unit: effort, scale: gear)
            let limit = joints[settings.joint].effortLimit ?? .infinity
            actuator.low = max(actuator.low, -limit)
            actuator.high = min(actuator.high, limit)
            return actuator
        case .position(let kp, let kd, let scale, let offset):
            return Actuator(
                name: joint.name, joint: joint.name, kind: .position, unit: joint.unit, scale: scale,
                offset: offset, kp: kp, kd: kd)
        case .velocity(let kd, let scale):
            return Actuator(
                name: joint.name, joint: joint.name, kind: .velocity, unit: joint.unit + "/s", scale: scale,
                kd: kd)
        }
    }
}
