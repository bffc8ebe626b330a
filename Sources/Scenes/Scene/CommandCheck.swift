// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

extension ActuatorSettings {
    /// The lowest and the highest command that reach the joint.
    ///
    /// They are what the range and, of efforts, the joint's limit leave of those of actions within [-1, 1]; `low` is above `high`
    /// where they leave none.
    func commands(under properties: JointProperties) -> (low: Double, high: Double) {
        var low = max(offset - abs(scale), range?.lowerBound ?? -.infinity)
        var high = min(offset + abs(scale), range?.upperBound ?? .infinity)
        if drive.kind == .torque, let limit = properties.effortLimit {
            low = max(low, -limit)
            high = min(high, limit)
        }
        return (low, high)
    }
}

/// Finds what an actuator commands and its joint cannot do: the physics cuts that off, or lets the motor push against a stop,
/// silently; a person should know.
struct CommandCheck {
    /// Takes a finding: whether it is an error, what is the matter, and what to do.
    typealias Report = (_ isError: Bool, _ message: String, _ remedy: String) -> Void

    private let actuator: ActuatorSettings
    private let joint: Joint
    private let properties: JointProperties
    private let commands: (low: Double, high: Double)

    init(_ scene: Scene, _ index: Int) {
        actuator = scene.actuators[index]
        joint = scene.robot.joints[actuator.joint]
        properties = scene.joints[actuator.joint]
        commands = actuator.commands(under: properties)
    }

    func check(_ report: Report) {
        guard commands.low < commands.high else {
            let limit = actuator.drive.kind == .torque ? properties.effortLimit : nil
            return report(
                true,
                "every action commands joint '\(joint.name)' the same: \(words(wished)) is wished, and "
                    + [
                        actuator.range.map { "range is \(words(($0.lowerBound, $0.upperBound)))" },
                        limit.map { "the effort limit is \($0.digits)" },
                    ].compactMap(\.self).joined(separator: ", and "),
                "let them overlap")
        }
        switch actuator.drive.kind {
        case .torque: checkEffort(report)
        case .position: checkStops(report)
        case .velocity: checkSpeed(report)
        case .none: break
        }
    }

    /// The commands of actions from -1 to 1, whatever cuts them off.
    private var wished: (low: Double, high: Double) {
        (actuator.offset - abs(actuator.scale), actuator.offset + abs(actuator.scale))
    }

    private func checkEffort(_ report: Report) {
        let uncut = actuator.commands(under: JointProperties())
        guard let limit = properties.effortLimit, max(abs(uncut.low), abs(uncut.high)) > limit * (1 + 1e-9)
        else { return }
        let offset = actuator.offset == 0 ? "" : " with offset \(actuator.offset)"
        report(
            false,
            "gear \(actuator.scale)\(offset) of joint '\(joint.name)' exceeds its effort limit \(limit), which cuts it off",
            "lower gear, or set effort_limit")
    }

    /// Some reach beyond a stop lets a servo push with all its effort there; twice the range is more than that.
    private func checkStops(_ report: Report) {
        guard let lower = joint.lower, let upper = joint.upper else { return }
        let (low, high) = commands
        guard low < upper, high > lower else {
            return report(
                true,
                "the servo of joint '\(joint.name)' commands \(words(commands)) \(joint.unit), all of it beyond the stops \(words((lower, upper)))",
                "move offset between the stops")
        }
        let beyond = max(lower - low, high - upper)
        guard beyond > max(upper - lower, 1e-9) / 2 else { return }
        report(
            false,
            "the servo of joint '\(joint.name)' reaches past its stops: it commands \(words(commands)) \(joint.unit), the stops are \(words((lower, upper)))",
            "lower scale, move offset, or cut commands off by range: [\(lower.digits), \(upper.digits)]")
    }

    private func checkSpeed(_ report: Report) {
        guard let limit = properties.velocityLimit,
            max(abs(commands.low), abs(commands.high)) > limit * (1 + 1e-9)
        else { return }
        report(
            false,
            "scale \(actuator.scale) of joint '\(joint.name)' exceeds its velocity limit \(limit), which it never gets beyond",
            "lower scale, or set velocity_limit")
    }

    private func words(_ range: (low: Double, high: Double)) -> String {
        "\(range.low.digits) to \(range.high.digits)"
    }
}
