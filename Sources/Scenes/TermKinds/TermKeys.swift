// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Which end of a control step a term looks at.
package enum StepEnd: String, Sendable, CaseIterable {
    /// The state in which the action was chosen.
    case before
    /// The state that it led to.
    case after
}

// The keys that several terms share.

extension Key where Root: Term {
    static func axes(_ path: any WritableKeyPath<Root, [Axis]?> & Sendable) -> Key {
        Key("axes", path, .set(of: .choice), "Which components, in this order.", absent: "all that can move")
    }

    static func axis(_ path: any WritableKeyPath<Root, Axis> & Sendable) -> Key {
        Key("axis", path, .choice, "The world's axis.", isRequired: true)
    }

    static func joints(_ path: any WritableKeyPath<Root, [JointReference]?> & Sendable) -> Key {
        Key("joints", path, .set(of: .joint), "Which joints, in this order.", absent: "all")
    }

    static func joint(_ path: any WritableKeyPath<Root, JointReference> & Sendable) -> Key {
        Key("joint", path, .joint, "The joint.", isRequired: true)
    }

    static func link(_ path: any WritableKeyPath<Root, LinkFrame> & Sendable) -> Key {
        Key(
            "link", path, .linkOrObject, "The link, links that were merged too, or an object.",
            isRequired: true)
    }

    static func object(_ path: any WritableKeyPath<Root, LinkFrame> & Sendable) -> Key {
        Key("object", path, .object, "The object, by its name in `objects`.", isRequired: true)
    }

    /// Links whose contacts are measured: each must have a shape of its own.
    static func touchingLinks(_ path: any WritableKeyPath<Root, [LinkFrame]> & Sendable) -> Key {
        Key("links", path, .touchableLinks, "The links whose own shapes count.", isRequired: true)
    }

    static func state(_ path: any WritableKeyPath<Root, StepEnd> & Sendable) -> Key {
        Key("state", path, .choice, "Which end of the step is measured.")
    }

    static func frame(_ path: any WritableKeyPath<Root, VectorFrame> & Sendable) -> Key {
        Key("frame", path, .choice, "Whose axes the vector is written in.")
    }

    static func deviation(_ path: any WritableKeyPath<Root, Double> & Sendable) -> Key {
        Key(
            "std", path, .number(.positive), "The error at which the term has fallen to 1/e.",
            isRequired: true)
    }
}

extension Decoder {
    /// Refuses joints that slide, where a term measures angles; all joints if it names none.
    func checkHinges(_ joints: [JointReference]?, _ setting: Setting) {
        // Names that were wrong are reported; they do not mean all.
        guard joints != nil || setting["joints"] == nil, let robot = robot else { return }
        for joint in robot.references(joints) where robot.joints[joint.index].kind != .hinge {
            report(
                setting["joints"] ?? setting, "joint '\(joint.name)' slides; it has no angle",
                "name the hinges in joints: [...]")
        }
    }
}

extension Robot {
    /// The joints that a key names; all of them where it names none.
    func references(_ named: [JointReference]?) -> [JointReference] {
        named ?? joints.enumerated().map { JointReference(name: $1.name, index: $0) }
    }
}
