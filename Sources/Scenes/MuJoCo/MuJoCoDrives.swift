// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// What drives the joints of a scene's MuJoCo file, what couples them, and where they start.
struct MuJoCoDrives {
    let scene: Scene
    let names: MuJoCoNames

    /// `<actuator>`: a control is the command of a joint, in its unit.
    var actuators: MuJoCoElement? {
        let elements = scene.actuators.compactMap { actuator -> MuJoCoElement? in
            let (drive, properties) = (actuator.drive, scene.joints[actuator.joint])
            let commands = actuator.commands(under: properties)
            let name = names.joints[actuator.joint]
            let gains: (kind: String, values: [(String, String?)])
            switch drive.kind {
            case .none: return nil
            case .torque: gains = ("motor", [])
            case .position: gains = ("position", [("kp", mujoco(drive.kp)), ("kv", mujoco(drive.kd))])
            case .velocity: gains = ("velocity", [("kv", mujoco(drive.kd))])
            }
            return MuJoCoElement(
                gains.kind,
                [("name", name), ("joint", name)] + gains.values + [
                    ("ctrlrange", mujoco(commands.low, commands.high)),
                    ("forcerange", properties.effortLimit.map { mujoco(-$0, $0) }),
                ])
        }
        let thrusters = scene.thrusters.map { thruster in
            let push = (1 / thruster.axis.length) * thruster.axis
            return MuJoCoElement(
                "motor",
                [
                    ("name", thruster.name), ("site", thruster.name),
                    ("gear", mujoco(push.components + (thruster.moment * push).components)),
                    ("ctrlrange", mujoco(thruster.range.lowerBound, thruster.range.upperBound)),
                ])
        }
        return elements.isEmpty && thrusters.isEmpty
            ? nil : MuJoCoElement("actuator", [], elements + thrusters)
    }

    /// `<equality>`: the joints that follow others.
    var couplings: MuJoCoElement? {
        let elements = zip(names.joints, scene.robot.joints).compactMap { name, joint in
            joint.mimic.map { mimic in
                MuJoCoElement(
                    "joint",
                    [
                        ("joint1", name), ("joint2", names.joints[mimic.leader]),
                        ("polycoef", mujoco(mimic.offset, mimic.multiplier, 0, 0, 0)),
                    ]
                        + Softness(timeConstant: 0, impedance: 1).mujoco(timeStep: scene.physics.timeStep))
            }
        }
        return elements.isEmpty ? nil : MuJoCoElement("equality", [], elements)
    }

    /// `<keyframe>`: the scene's start, with the controls of an action of zeros.
    var start: MuJoCoElement {
        let base = scene.start.base
        let turn = base.orientation
        let place: [Double] =
            switch scene.base {
            case .fixed: []
            case .planar: [base.position.x, base.position.z, scene.start.pitch]
            case .floating: base.position.components + [turn.w, turn.x, turn.y, turn.z]
            }
        let objects = scene.objects.flatMap { object in
            let pose = object.placement.pose
            let turn = pose.orientation
            return pose.position.components + [turn.w, turn.x, turn.y, turn.z]
        }
        let controls =
            scene.actuators.filter { $0.drive.kind != .none }.map { $0.command(0) }
            + scene.thrusters.map { $0.force(0) }
        let key = MuJoCoElement(
            "key",
            [
                ("name", "home"), ("qpos", mujoco(place + scene.start.joints + objects)),
                ("ctrl", controls.allSatisfy { $0 == 0 } ? nil : mujoco(controls)),
            ])
        return MuJoCoElement("keyframe", [], [key])
    }
}
