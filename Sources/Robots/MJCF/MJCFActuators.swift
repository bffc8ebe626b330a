// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads `<actuator>` into motors of joints, and what they may do into the joints' limits.
struct MJCFActuators {
    private let findings: Findings
    private let compiler: MJCFCompiler
    private let defaults: MJCFDefaults
    private let joints: [String: MJCFJoint]

    private static let kinds: Set<String> = ["general", "motor", "position", "velocity"]

    init(_ findings: Findings, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults, _ bodies: [MJCFBody]) {
        (self.findings, self.compiler, self.defaults) = (findings, compiler, defaults)
        joints = Dictionary(bodies.flatMap(\.joints).map { ($0.name, $0) }) { first, _ in first }
    }

    func complete(_ robot: inout Robot, of root: XMLElement) {
        for element in root.all("actuator").flatMap(\.children) where Self.kinds.contains(element.name) {
            read(element, &robot)
        }
        let driven = Set(robot.actuators.map(\.joint))
        guard !driven.isEmpty else { return }
        for index in robot.joints.indices { robot.joints[index].isPassive = !driven.contains(index) }
    }

    private func read(_ element: XMLElement, _ robot: inout Robot) {
        let name = element.attributes["name"] ?? ""
        let path = name.isEmpty ? "<\(element.name)>" : "\(element.name) '\(name.shortened)'"
        let values = MJCFAttributes(
            element: element, values: element.attributes, path: path, findings: findings)
        guard let joint = joint(of: values, robot) else { return }
        let drive = defaults.drive(of: element, path: path)
        if let fault = drive.fault {
            return values.error(fault, "use <motor>, <position> or <velocity>")
        }
        if let other = robot.actuators.first(where: { $0.joint == joint }) {
            return values.warn(
                "joint '\(robot.joints[joint].name)' has the actuator '\(other.name)' already, which is used",
                "a joint takes one: of a servo to a position and one to a velocity make one with kp and kv")
        }
        guard let actuator = actuator(drive, name: name, joint, values, robot) else { return }
        robot.actuators.append(actuator)
        guard let effort = effort(drive, actuator, values) else { return }
        robot.joints[joint].effort = min(effort, robot.joints[joint].effort ?? .infinity)
    }

    /// The most that an actuator does: its force range, and a motor with none no more than its controls command.
    private func effort(_ drive: MJCFDrive, _ actuator: RobotActuator, _ values: MJCFAttributes) -> Double? {
        if let force = range(drive.forceRange, drive.forceLimited, "forcerange", values) {
            let greatest = max(abs(force.low), abs(force.high))
            if force.low != -force.high {
                values.warn("forcerange is not the same both ways; \(greatest.digits) is taken for both")
            }
            return abs(drive.gear) * greatest
        }
        guard actuator.kind == .torque, let range = actuator.range else { return nil }
        let greatest = max(abs(range.lowerBound), abs(range.upperBound))
        return greatest > 0 ? greatest : nil
    }

    /// The index of the joint that an actuator drives; nil where it drives none, which is reported.
    private func joint(of values: MJCFAttributes, _ robot: Robot) -> Int? {
        guard let name = values["joint"] ?? values["jointinparent"] else {
            let target = ["tendon", "site", "body", "cranksite", "refsite", "slidersite"].first {
                values[$0] != nil
            }
            values.error(
                target.map { "drives a \($0), which is not simulated" } ?? "drives nothing",
                "drive joints: add joint=\"...\"")
            return nil
        }
        guard let joint = joints[name] else {
            values.error(
                "there is no joint '\(name.shortened)'", NearestName.remedy(name, in: joints.keys.sorted()))
            return nil
        }
        if joint.kind == .free {
            values.error("drives a free joint, which no motor does", "drive hinges and slides")
            return nil
        }
        return robot.joint(named: name)
    }

    /// What a general drive is: an effort, or a servo with stiffness and damping at the joint.
    private func actuator(
        _ drive: MJCFDrive, name: String, _ joint: Int, _ values: MJCFAttributes, _ robot: Robot
    ) -> RobotActuator? {
        let gear = drive.gear
        guard gear != 0 else {
            values.error("gear is 0: it drives nothing")
            return nil
        }
        var bias = drive.isAffine ? drive.bias : [0, 0, 0]
        if bias[2] > 0, bias[1] == -drive.gain {
            bias[2] = -2 * bias[2] * (drive.gain * inertia(of: joint, robot)).squareRoot() / abs(gear)
        }
        let (kp, kd) = (-gear * gear * bias[1], -gear * gear * bias[2])
        guard kp >= 0, kd >= 0, kp <= 1e9, kd <= 1e9 else {
            values.error(
                "its force grows with position or velocity instead of holding them",
                "the second and third number of biasprm must not be positive")
            return nil
        }
        if drive.lag > 0 {
            values.warn(
                "its lag of \(drive.lag.digits) s is not simulated", "see `randomise: latency` in scenes")
        }
        let kind: RobotActuator.Kind = kp > 0 ? .position : kd > 0 ? .velocity : .torque
        let divisor = kp > 0 ? kp : kd > 0 ? kd : 1
        let command = { (control: Double) in gear * (drive.gain * control + bias[0]) / divisor }
        var actuator = RobotActuator(
            name: name.isEmpty ? robot.joints[joint].name : name, joint: joint, kind: kind, kp: kp, kd: kd)
        if let range = controls(drive, values, robot.joints[joint]) {
            let ends = [command(range.low), command(range.high)].sorted()
            if ends[0] < ends[1] { actuator.range = ends[0]...ends[1] }
        }
        return actuator
    }

    private func controls(
        _ drive: MJCFDrive, _ values: MJCFAttributes, _ joint: Joint
    ) -> (low: Double, high: Double)? {
        if drive.inheritedRange > 0 {
            guard let low = joint.lower, let high = joint.upper else {
                values.error("inheritrange needs a joint with a range", "write ctrlrange")
                return nil
            }
            let (middle, half) = ((low + high) / 2, drive.inheritedRange * (high - low) / 2)
            return (middle - half, middle + half)
        }
        return range(drive.controlRange, drive.controlLimited, "ctrlrange", values)
    }

    private func range(
        _ range: [Double]?, _ limited: String, _ name: String, _ values: MJCFAttributes
    ) -> (low: Double, high: Double)? {
        guard let range, limited == "true" || (limited == "auto" && compiler.autoLimits), range != [0, 0]
        else { return nil }
        guard range[0] < range[1] else {
            values.error("\(name): the first must be below the second")
            return nil
        }
        return (range[0], range[1])
    }

    /// The inertia that a joint moves where all joints are at their references, with its rotor's.
    private func inertia(of joint: Int, _ robot: Robot) -> Double {
        let poses = robot.linkPoses(positions: robot.joints.map { joints[$0.name]?.reference ?? 0 })
        var moved = Set([robot.joints[joint].child])
        for other in robot.joints where moved.contains(other.parent) { moved.insert(other.child) }
        let place = poses[robot.joints[joint].child]
        let axis = place.orientation.rotate(robot.joints[joint].axis)
        return moved.sorted().reduce(robot.joints[joint].armature) { sum, link in
            let body = robot.links[link].properties.placed(at: poses[link])
            guard robot.joints[joint].kind == .hinge else { return sum + body.mass }
            return sum + axis.dot(body.inertia(about: place.position) * axis)
        }
    }
}
