// SPDX-License-Identifier: MIT

public import Physics
package import Settings

/// What one element of an action, in [-1, 1], drives.
public struct ActuatorSettings: Sendable, Equatable {
    /// The index of the joint.
    public var joint: Int
    /// What the joint makes of the command.
    public var drive: Drive
    /// The change of the command per unit of action: of an effort the gear.
    public var scale: Double
    /// The command of an action of 0; 0 for servos to a velocity.
    public var offset: Double
    /// What commands are cut off to; nil where all pass.
    public var range: ClosedRange<Double>?

    /// Makes an actuator.
    public init(
        joint: Int, drive: Drive, scale: Double, offset: Double = 0, range: ClosedRange<Double>? = nil
    ) {
        self.joint = joint
        self.drive = drive
        self.scale = scale
        self.offset = offset
        self.range = range
    }

    /// The command for a number of the policy, in N m, rad or rad/s, for sliders N, m or m/s.
    package func command(_ action: Double) -> Double {
        let command =
            drive.kind == .position || offset != 0 ? offset + scale * action : scale * action
        return range.map { min(max(command, $0.lowerBound), $0.upperBound) } ?? command
    }
}

/// One entry of `actuators`: it drives one joint or several.
package struct ActuatorBlock: Sendable, Equatable {
    package var joints: [JointReference]?
    package var drive: Drive
    package var scale = 1.0
    /// Nil for the start's position, or no effort.
    package var offset: Double?
    package var range: ClosedRange<Double>?
    /// Whether it is what the robot's file has, and the change of its command per unit of action; nil for the whole range.
    package var isModel = false
    package var modelScale: Double?
    package var properties = Given<JointProperties>()

    package static let format = Format<ActuatorBlock>.variant(
        tag: "kind",
        shared: [joints(\.joints), range] + JointProperties.keys.map { $0.given(in: \.properties) },
        [
            variant(
                .torque, "The effort offset plus gear times action.", synonyms: ["motor", "effort"],
                [
                    Key(
                        "gear", \.scale, .number(.any),
                        "Change of effort per unit of action in N m (N), not 0.", isRequired: true),
                    Key(
                        "offset", \.offset, .number(.any), "Effort of an action of 0 in N m (N).",
                        absent: "0"),
                ]),
            variant(
                .position, "A servo to the position offset plus scale times action.",
                synonyms: ["P", "pd", "servo"],
                [
                    Key(
                        "kp", \.drive.kp, .number(.positive), "Stiffness in N m/rad (N/m).", isRequired: true),
                    Key(
                        "kd", \.drive.kd, .number(.notNegative), "Damping in N m s/rad (N s/m).",
                        isRequired: true),
                    scale(in: "rad (m)"),
                    Key(
                        "offset", \.offset, .number(.any), "Position of an action of 0 in rad (m).",
                        absent: "the start's"),
                ]),
            variant(
                .velocity, "A servo to the velocity scale times action.", synonyms: ["V"],
                [
                    Key(
                        "kd", \.drive.kd, .number(.positive), "Gain in N m s/rad (N s/m).", isRequired: true),
                    scale(in: "rad/s (m/s)"),
                ]),
            Variant(
                "model",
                "The motors that the robot's MuJoCo file describes, in its order where no joints are named.",
                keys: [
                    Key(
                        "scale", \.modelScale, .number(.positive),
                        "What an action of 1 commands beyond the start's position (of motors: beyond nothing).",
                        absent: "actions span the motor's control range")
                ], matches: { $0.isModel },
                make: {
                    var block = ActuatorBlock(drive: .none)
                    block.isModel = true
                    return block
                }),
        ],
        check: { block, setting, decoder in
            if block.scale == 0 {
                decoder.report(setting.place(of: "gear"), "0 drives nothing", "use another number")
            }
        })

    private static func variant(
        _ kind: Drive.Kind, _ summary: String, synonyms: [String], _ keys: [Key<ActuatorBlock>]
    ) -> Variant<ActuatorBlock> {
        Variant(
            kind.rawValue, summary, synonyms: synonyms, keys: keys,
            matches: { !$0.isModel && $0.drive.kind == kind },
            make: {
                var block = ActuatorBlock(drive: .none)
                block.drive.kind = kind
                return block
            })
    }

    private static let range = Key<ActuatorBlock>(
        "range", \.range, .range(.number(.any)),
        "What commands are cut off to, in their unit; [0, 8] makes a thruster that only pushes.",
        absent: "none")

    private static func scale(in unit: String) -> Key<ActuatorBlock> {
        Key(
            "scale", \.scale, .number(.positive), "What an action of 1 commands, in \(unit).",
            isRequired: true)
    }

    fileprivate static func joints<Block>(
        _ path: any WritableKeyPath<Block, [JointReference]?> & Sendable
    ) -> Key<Block> {
        Key("joints", path, .set(of: .joint), "The joints, in this order.", absent: "all")
    }
}

/// One entry of `joints`: values of joints over those of the robot's file.
package struct JointBlock: Configurable, Equatable {
    package var joints: [JointReference]?
    package var properties = Given<JointProperties>()

    package init() {}

    package static let keys: [Key<JointBlock>] =
        [ActuatorBlock.joints(\.joints)] + JointProperties.keys.map { $0.given(in: \.properties) }
}

extension JointProperties: Configurable {
    package init() { self.init(armature: 0) }

    package static let keys: [Key<JointProperties>] = [
        Key(
            "armature", \.armature, .number(.notNegative), "Rotor inertia in kg m² (kg).",
            absent: "the robot's, of a URDF 0"),
        Key(
            "damping", \.damping, .number(.notNegative), "Viscous damping in N m s/rad (N s/m).",
            absent: "the robot's"),
        Key(
            "stiffness", \.stiffness, .number(.notNegative), "Spring in N m/rad (N/m).",
            absent: "the robot's, of a URDF 0"),
        Key(
            "rest", \.rest, .number(.any), "Position in rad (m) at which the spring is relaxed.",
            absent: "the robot's, of a URDF 0"),
        Key(
            "friction", \.friction, .number(.notNegative), "Dry friction in N m (N).", absent: "the robot's"),
        Key(
            "effort_limit", \.effortLimit, .number(.positive), "Greatest effort in N m (N).",
            absent: "the robot's"),
        Key(
            "velocity_limit", \.velocityLimit, .number(.positive), "Speed never exceeded in rad/s (m/s).",
            absent: "the robot's"),
    ]
}
