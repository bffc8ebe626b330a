// SPDX-License-Identifier: MIT

public import Environments
internal import Geometry
internal import Physics
internal import Robots

extension Scene {
    /// What an environment of this scene observes, element by element, in the order of the terms.
    public var observationSpace: Space { Space(observationElements) }

    /// What it can show a critic besides, likewise.
    public var criticSpace: Space { Space(criticElements) }

    /// An actuator as the environment's users see it: what the policy's number commands, in which unit and range.
    func actuator(_ settings: ActuatorSettings) -> Actuator {
        let joint = robot.joints[settings.joint]
        let drive = settings.drive
        let (kind, unit): (Actuator.Kind, String) =
            switch drive.kind {
            case .none: (.other, "1")
            case .torque: (.torque, joint.kind == .hinge ? "N m" : "N")
            case .position: (.position, joint.unit)
            case .velocity: (.velocity, joint.unit + "/s")
            }
        var actuator = Actuator(
            name: joint.name, joint: joint.name, kind: kind, unit: unit, scale: settings.scale,
            offset: settings.offset, kp: kind == .position ? drive.kp : nil,
            kd: kind == .position || kind == .velocity ? drive.kd : nil)
        let properties = joints[settings.joint]
        (actuator.effortLimit, actuator.velocityLimit) = (properties.effortLimit, properties.velocityLimit)
        (actuator.lower, actuator.upper) = (joint.lower, joint.upper)
        let commands = settings.commands(under: properties)
        (actuator.low, actuator.high) = (commands.low, commands.high)
        return actuator
    }
}

extension Space {
    fileprivate init(_ elements: [ObservationElement]) {
        self.init(
            elements.map {
                .init(
                    name: $0.name, unit: $0.unit, low: $0.low, high: $0.high, frame: $0.frame?.rawValue,
                    joint: $0.joint, body: $0.link)
            })
    }
}
