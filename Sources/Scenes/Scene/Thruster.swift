// SPDX-License-Identifier: MIT

internal import Environments
public import Geometry
public import Robots
package import Settings

/// What pushes a link along a direction of its own: a rotor, a jet.
public struct Thruster: Sendable, Equatable {
    /// The link that it pushes, at the origin of its frame.
    public var link = LinkFrame(name: "", link: 0)
    /// The direction of the push in that frame, of any length but 0.
    public var axis = Vector3(0, 0, 1)
    /// The least and the greatest force in N; actions from -1 to 1 span it.
    public var range = 0.0...1.0
    /// The torque about the axis for each newton, in N m: what a rotor's drag turns its robot by.
    public var moment = 0.0

    /// Makes a thruster of 0 to 1 N along z of the root.
    public init() {}

    /// The change of the force per unit of action.
    var scale: Double { (range.upperBound - range.lowerBound) / 2 }
    /// The force of an action of 0.
    var offset: Double { (range.upperBound + range.lowerBound) / 2 }

    /// What its number in an action is called.
    var name: String { "\(link.name).thrust" }

    func force(_ action: Double) -> Double {
        min(max(offset + scale * action, range.lowerBound), range.upperBound)
    }

    /// Force, and torque about the centre of mass of the link that holds its frame, for one newton, in this link's axes.
    func wrench(on properties: MassProperties) -> (force: Vector3, torque: Vector3) {
        let turned = link.pose.orientation.rotate(axis)
        let force = (1 / turned.length) * turned
        let arm = link.pose.position - properties.centerOfMass
        return (force, arm.cross(force) + moment * force)
    }

    /// As the environment's users see it.
    var actuator: Actuator {
        var actuator = Actuator(name: name, kind: .torque, unit: "N", scale: scale, offset: offset)
        (actuator.low, actuator.high) = (range.lowerBound, range.upperBound)
        return actuator
    }
}

extension Thruster: Configurable {
    package static let keys: [Key<Thruster>] = [
        Key(
            "link", \.link, .link,
            "The link that is pushed, at the origin of its frame; links that were merged count too.",
            isRequired: true),
        Key(
            "range", \.range, .range(.number(.within(-1e6, 1e6))),
            "The least and the greatest force in N, which actions from -1 to 1 span; [0, 8] pushes one way only.",
            isRequired: true),
        Key("axis", \.axis, .vector(.within(-1e3, 1e3)), "The direction of the push in the link's frame."),
        Key(
            "moment", \.moment, .number(.within(-1e3, 1e3)),
            "The torque about the axis for each newton in N m, as a rotor's drag has it; its sign is against the rotor's turning."
        ),
    ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        if axis.length < 1e-9 {
            decoder.report(
                setting.place(of: "axis"), "is no direction", "write [0, 0, 1] for the link's z axis")
        }
        if setting["range"] != nil, range.lowerBound == range.upperBound {
            decoder.report(setting.place(of: "range"), "every action gives the same force", "widen it")
        }
    }
}

extension Scene {
    /// The numbers of an action: one for each actuator, then one for each thruster.
    package var actionCount: Int { actuators.count + thrusters.count }
}
