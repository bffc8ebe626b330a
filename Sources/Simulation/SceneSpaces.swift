// SPDX-License-Identifier: MIT

public import Descriptions
public import Environments

extension Scene {
    /// What an environment of this scene observes, element by element, in the order of the terms.
    public var observationSpace: Space {
        var elements: [Space.Element] = []
        for term in observation {
            for var element in elementsOf(term.quantity) {
                if let clip = term.clip {
                    element.low = max(element.low, clip.lowerBound)
                    element.high = min(element.high, clip.upperBound)
                }
                let ends = [element.low * term.scale, element.high * term.scale]
                element.low = min(ends[0], ends[1])
                element.high = max(ends[0], ends[1])
                elements.append(element)
            }
        }
        return Space(elements.withUniqueNames)
    }

    private func elementsOf(_ quantity: ObservationQuantity) -> [Space.Element] {
        let root = robot.root.name
        func vector(
            _ name: String, _ unit: String, _ axes: [Axis], frame: String = "world", body: String? = nil
        )
            -> [Space.Element]
        {
            axes.map { .init(name: "\(name).\($0.rawValue)", unit: unit, frame: frame, body: body ?? root) }
        }
        func ofJoints(_ joints: [Int], _ name: String, _ element: (Joint) -> Space.Element) -> [Space.Element]
        {
            joints.map { index in
                var element = element(robot.joints[index])
                element.name = "\(robot.joints[index].name).\(name)"
                element.joint = robot.joints[index].name
                return element
            }
        }
        switch quantity {
        case .basePosition(let axes): return vector("base.position", "m", axes)
        case .baseOrientation:
            return ["w", "x", "y", "z"].map {
                .init(name: "base.orientation.\($0)", low: -1, high: 1, frame: "world", body: root)
            }
        case .basePitch: return [.init(name: "base.pitch", unit: "rad", frame: "world", body: root)]
        case .baseVelocity(let axes, let frame):
            return vector("base.velocity", "m/s", axes, frame: frame.rawValue)
        case .baseAngularVelocity(let axes, let frame):
            return vector("base.angular_velocity", "rad/s", axes, frame: frame.rawValue)
        case .basePitchRate:
            return [.init(name: "base.pitch_rate", unit: "rad/s", frame: "world", body: root)]
        case .projectedGravity:
            return vector("base.gravity", "1", Axis.allCases, frame: "base").map {
                Space.Element(name: $0.name, low: -1, high: 1, frame: $0.frame, body: root)
            }
        case .jointPositions(let joints, let isRelative):
            return ofJoints(joints, isRelative ? "relative_position" : "position") {
                .init(name: "", unit: $0.unit)
            }
        case .jointSines(let joints):
            return ofJoints(joints, "sine") { _ in .init(name: "", low: -1, high: 1) }
        case .jointCosines(let joints):
            return ofJoints(joints, "cosine") { _ in .init(name: "", low: -1, high: 1) }
        case .jointVelocities(let joints):
            return zip(joints, ofJoints(joints, "velocity") { .init(name: "", unit: $0.unit + "/s") }).map {
                var element = $1
                let limit = self.joints[$0].velocityLimit ?? .infinity
                (element.low, element.high) = (-limit, limit)
                return element
            }
        case .jointEfforts(let joints):
            return ofJoints(joints, "effort") { .init(name: "", unit: $0.kind == .hinge ? "N m" : "N") }
        case .linkPosition(let frame, let axes):
            return vector("\(frame.name).position", "m", axes, body: frame.name)
        case .linkVelocity(let frame, let axes):
            return vector("\(frame.name).velocity", "m/s", axes, body: frame.name)
        case .targetPosition(let axes):
            return axes.map { .init(name: "target.position.\($0.rawValue)", unit: "m", frame: "world") }
        case .targetOffset(let frame, let axes):
            return vector("\(frame.name).target_offset", "m", axes, body: frame.name)
        case .velocityCommands:
            return [("x", "m/s"), ("y", "m/s"), ("yaw", "rad/s")].map {
                .init(name: "command.\($0.0)", unit: $0.1, frame: "base")
            }
        case .lastAction:
            return actuators.map {
                let joint = robot.joints[$0.joint].name
                return .init(name: "\(joint).last_action", low: -1, high: 1, joint: joint)
            }
        case .contact(let links):
            return links.map { .init(name: "\($0.name).contact", low: 0, high: 1, body: $0.name) }
        case .contactForce(let links):
            return links.map { .init(name: "\($0.name).contact_force", unit: "N", low: 0, body: $0.name) }
        }
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

extension [Space.Element] {
    /// The elements with a number behind names that stand more than once.
    fileprivate var withUniqueNames: [Space.Element] {
        var seen: [String: Int] = [:]
        return map { element in
            var element = element
            seen[element.name, default: 0] += 1
            if let count = seen[element.name], count > 1 { element.name += "#\(count)" }
            return element
        }
    }
}
