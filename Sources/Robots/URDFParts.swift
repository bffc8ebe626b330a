// SPDX-License-Identifier: MIT

internal import Geometry

/// A link as the file has it, before merging.
struct URDFLink {
    var name: String
    var line: Int
    var properties = MassProperties()
    /// In the link's own frame.
    var shapes: [CollisionShape] = []
    /// What is wrong with its inertia; it stands in the way where the link moves on its own.
    var inertiaFault: InertiaFault?
    /// Whether the inertia is the file's, and not that of the shapes.
    var hasOwnInertia = true
    /// Where its numbers stand: the place of its centre, its mass, its inertia.
    var lines: (center: Int, mass: Int, inertia: Int) = (0, 0, 0)
    /// What the file calls it.
    var word = "link"
    var path: String { "\(word) '\(name)'" }

    init(name: String, line: Int, word: String = "link") {
        (self.name, self.line, self.word) = (name, line, word)
    }

    /// The link's mass spread evenly in its shapes.
    var solid: MassProperties {
        let density = properties.mass / shapes.reduce(0) { $0 + $1.geometry.volume }
        return shapes.reduce(MassProperties()) {
            $0 + $1.geometry.solid(density: density).placed(at: $1.origin)
        }
    }

    struct InertiaFault {
        var line: Int
        var message: String
    }
}

/// A joint as the file has it, before merging.
struct URDFJoint {
    enum Kind: String, CaseIterable {
        case revolute, continuous, prismatic, fixed, floating, planar
    }

    var name: String
    var line: Int
    var kind: Kind
    var parent: String
    var child: String
    var origin = Pose.identity
    var axis = Vector3(1, 0, 0)
    var lower: Double?
    var upper: Double?
    var effort: Double?
    var velocity: Double?
    var damping = 0.0
    var friction = 0.0
    var armature = 0.0
    var stiffness = 0.0
    /// Where its spring is relaxed.
    var rest = 0.0
    /// Where a joint that cannot move stands; nil for one that moves.
    var lockedAt: Double?
    /// The lines that give it a greatest effort and a greatest speed of 0.
    var noEffortLine: Int?
    var noVelocityLine: Int?
    /// Whether no motor drives it.
    var isPassive = false
    /// What it follows: first as the file says, then what leads the whole chain (`MimicResolution`).
    var mimic: Mimic?
    var path: String { "joint '\(name)'" }

    struct Mimic {
        var line: Int
        var joint: String
        var multiplier = 1.0
        var offset = 0.0
    }

    var isWelded: Bool { kind == .fixed || lockedAt != nil }

    /// Whether it turns about, or slides along, its axis.
    var isOneAxis: Bool { [.revolute, .continuous, .prismatic].contains(kind) }

    /// The pose of the child in the parent, for a joint that does not move.
    var weld: Pose {
        switch kind {
        case .prismatic: origin * Pose(position: (lockedAt ?? 0) * axis)
        case .revolute, .continuous: origin * Pose(orientation: Quaternion(angle: lockedAt ?? 0, about: axis))
        case .fixed, .floating, .planar: origin
        }
    }
}
