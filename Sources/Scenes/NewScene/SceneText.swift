// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// A new scene as a file with comments.
struct SceneText {
    let plan: ScenePlan
    let robotFile: String
    /// Where the robot came to rest; nil before it is known, and where it does not stand.
    let settled: Settling?
    var robot: Robot { plan.robot }

    init(_ plan: ScenePlan, robotFile: String, settled: Settling?) {
        (self.plan, self.robotFile, self.settled) = (plan, robotFile, settled)
    }

    /// Physics steps of an action.
    var substeps: Int {
        switch plan.task {
        case .walk, .drive: 10
        case .reach: plan.anatomy.kind == .arm || plan.anatomy.kind == .hand ? 10 : 4
        case .stand, .forward, .hover: 4
        }
    }

    var text: String {
        let task = TaskText(plan, settled)
        return [head, physics, actuators, held, start, task.text].joined()
    }

    private var head: String {
        let kinds = "fixed | planar (x, z and the turn about y) | floating"
        return """
            # A first task for the robot \(Scalar(robot.name.shortened).yaml): \(robot.links.count) links, \(robot.joints.count) joints that move, \(Self.digits(robot.totalMass)) kg.
            # Written by sinew; every number here is a guess to start from. Lengths in m, angles in rad, times in s.
            # It is taken for \(Self.comment(plan.anatomy.kind.words)).
            format: 1
            summary: \(TaskText.summary(plan))
            robot: \(Scalar(robotFile).yaml)
            # \(kinds). \(plan.reason)
            # For another one, `sinew scenes --new` takes --base and writes the task that goes with it.
            base: \(plan.base.rawValue)

            """
    }

    private var physics: String {
        // A base that moves needs something to stand on.
        let ground = plan.base == .fixed ? "" : "ground: {friction: 1}\n"
        let count = substeps == 4 ? "four" : "ten"
        return """
            # Physics steps of 5 ms, \(count) to an action: the policy runs at \(200 / substeps) Hz, the servos in every step.
            physics: {time_step: 0.005, substeps: \(substeps), solver: articulated}
            \(ground)
            """
    }

    // MARK: Joints

    /// What a flyer has in place of motors.
    private var thrusters: String {
        var lines =
            "\n# No joint has a motor; each rotor pushes along its z axis, by twice its share of the weight at most: actions of 0 hover.\n"
            + "# moment is the drag of a rotor in N m for each N: neighbours turn against each other. Set both from your rotors.\nactuators: []\nthrusters:\n"
        for rotor in plan.rotors.rotors {
            lines +=
                "  - {link: \(Scalar(rotor.name).yaml), range: [0, \(Self.digits(plan.rotors.force))], moment: \(rotor.moment)}\n"
        }
        return lines
    }

    private var actuators: String {
        guard plan.task != .hover else { return thrusters }
        var lines =
            "\n# One action per joint, in this order, each in [-1, 1]. armature is the inertia of a geared motor's rotor, in kg m².\nactuators:\n"
        for (index, part) in plan.parts.enumerated() {
            let name = Scalar(robot.joints[index].name).yaml
            switch part {
            case .free(let why): lines += "  # no motor: \(name), \(why)\n"
            case .held: continue
            default: lines += "  - {joints: [\(name)], \(keys(of: part, index))}\(remark(on: part))\n"
            }
        }
        return lines
    }

    private func keys(of part: ScenePlan.Part, _ index: Int) -> String {
        var keys: [(String, Double)] = []
        var kind = "position"
        switch part {
        case .servo(let servo, let scale):
            keys = [("kp", servo.kp), ("kd", servo.kd), ("scale", scale)]
            // The servo gives way to the weight: where it rests is not what it commands.
            if settled?.isStanding == true { keys.append(("offset", plan.pose[index])) }
            keys += limits(servo)
        case .wheel(let kd, let scale, let servo):
            kind = "velocity"
            keys = [("kd", kd), ("scale", scale)] + limits(servo)
        case .torque(let effort, let damping, _):
            kind = "torque"
            keys = [("gear", effort), ("armature", 0.01)] + (damping.map { [("damping", $0)] } ?? [])
        case .held, .free: break
        }
        return (["kind: \(kind)"] + keys.map { "\($0.0): \(Self.digits($0.1))" }).joined(separator: ", ")
    }

    private func limits(_ servo: ServoChoice) -> [(String, Double)] {
        [("armature", servo.armature)] + (servo.effortLimit.map { [("effort_limit", $0)] } ?? [])
    }

    private func remark(on part: ScenePlan.Part) -> String {
        switch part {
        case .servo(let servo, _), .wheel(_, _, let servo):
            servo.remark.isEmpty ? "" : "    # \(servo.remark)"
        case .torque(_, _, let remark): remark.isEmpty ? "" : "    # \(remark)"
        case .held, .free: ""
        }
    }

    /// Joints that the task is not about are held by springs.
    private var held: String {
        var lines = ""
        for (index, part) in plan.parts.enumerated() {
            guard case .held(let servo) = part else { continue }
            let keys = [
                ("stiffness", servo.kp), ("damping", servo.kd), ("rest", plan.pose[index]),
                ("armature", servo.armature),
            ].filter { $0.0 != "rest" || $0.1 != 0 }.map { "\($0.0): \(Self.digits($0.1))" }
            lines +=
                "  - {joints: [\(Scalar(robot.joints[index].name).yaml)], \(keys.joined(separator: ", "))}\n"
        }
        guard !lines.isEmpty else { return "" }
        return
            "\n# The task is not about these: springs hold them. Move one to actuators, with a kind, to have the policy move it.\njoints:\n"
            + lines
    }

    // MARK: The start

    private var start: String {
        let standing = settled?.isStanding == true ? settled : nil
        let positions = standing?.joints ?? plan.pose
        var lines = "\n# Where an episode starts, and the noise on it.\nstart:\n"
        if let standing {
            lines =
                "\n# Where an episode starts: the robot came to rest here in simulation, with actions of 0. And the noise on it.\nstart:\n"
                + "  position: [0, 0, \(Self.exact(standing.height))]\n"
            if max(abs(standing.roll), abs(standing.pitch)) > 5e-5 {
                lines += "  rpy: [\(Self.exact(standing.roll)), \(Self.exact(standing.pitch)), 0]\n"
            }
        } else {
            if let settled, !settled.isStanding {
                lines =
                    "\n# Where an episode starts, and the noise on it. With actions of 0 the robot falls after \(Self.digits(settled.fallTime)) s.\nstart:\n"
            }
            lines += "  position: [0, 0, \(Self.exact(plan.height))]\n"
        }
        let moved = zip(robot.joints, positions).filter { abs($1) >= 5e-6 && $0.mimic == nil }
        if !moved.isEmpty {
            lines +=
                "  joints:\n"
                + moved.map {
                    "    \(Scalar($0.name).yamlKey(margin: "\n    ")) \(Self.exact($0.rounded($1, to: 1e5)))\n"
                }
                .joined()
        }
        return lines
    }

    // MARK: Numbers

    /// With the digits that people read.
    static func digits(_ value: Double) -> String {
        // No minus before a zero.
        let text = (value + 0).digits
        return text.contains("e") ? "\(value)" : text
    }

    /// With five digits after the point, as what was measured.
    static func exact(_ value: Double) -> String {
        let rounded = (1e5 * value).rounded() / 1e5
        return rounded == rounded.rounded() ? "\(Int(exactly: rounded) ?? 0)" : "\(rounded)"
    }

    /// Without what would end a comment.
    static func comment(_ text: String) -> String { text.replacing("\n", with: " ") }
}
