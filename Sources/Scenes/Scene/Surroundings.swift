// SPDX-License-Identifier: MIT

public import Geometry
internal import Robots
package import Settings

/// Where a file puts something: a place, and roll, pitch and yaw.
public struct Placement: Sendable, Equatable {
    /// Its place in the world, in m.
    public var position = Vector3.zero
    /// Its roll, pitch and yaw, in rad.
    public var angles = Vector3.zero

    /// Makes the world's own frame.
    public init() {}

    /// The pose in the world.
    public var pose: Pose {
        Pose(
            position: position, orientation: Quaternion(roll: angles.x, pitch: angles.y, yaw: angles.z))
    }

    static func keys(
        position: String, isRequired: Bool = false, angles: String
    ) -> [Key<Placement>] {
        [
            Key("position", \.position, .vector(.within(-1e4, 1e4)), position, isRequired: isRequired),
            Key("rpy", \.angles, .vector(.within(-10, 10)), angles),
        ]
    }
}

/// The floor: a plane through the world's origin.
public struct Ground: Sendable, Equatable {
    /// The coefficient of friction, at least 0.
    ///
    /// A pair of surfaces takes the greater of its two coefficients.
    public var friction: Double = 1
    /// The angle by which it rises towards +x, in rad, within ±1.2: its normal is (-sin, 0, cos).
    public var slope: Double = 0

    /// Makes level ground with friction 1.
    public init() {}
}

extension Ground: Configurable {
    package static let keys: [Key<Ground>] = [
        Key("friction", \.friction, .number(.within(0, 100)), coefficient),
        Key("slope", \.slope, .number(.within(-1.2, 1.2)), "Angle in rad by which it rises towards +x."),
    ]
}

private let coefficient = "Coefficient of friction, of which a pair takes the greater of two."

/// A box that does not move.
public struct Obstacle: Sendable, Equatable {
    /// The full lengths of its sides, in m.
    public var size = Vector3(1, 1, 1)
    /// Where its centre is.
    public var placement = Placement()
    /// The coefficient of friction.
    public var friction: Double = 1

    /// Makes a box of 1 m at the world's origin.
    public init() {}
}

extension Obstacle: Configurable {
    package static let keys: [Key<Obstacle>] =
        [
            Key(
                "size", \.size, .vector(Bounds(low: 1e-4, high: 1e4)), "Full lengths of the sides in m.",
                isRequired: true)
        ]
        + Placement.keys(
            position: "Centre in the world in m.", isRequired: true, angles: "Roll, pitch, yaw in rad."
        ).map { $0.of(\.placement) } + [
            Key("friction", \.friction, .number(.within(0, 100)), coefficient)
        ]
}

/// What touches what.
///
/// Links that a joint connects never touch each other, nor do those whose shapes are in each other at the start.
public struct ContactSettings: Sendable, Equatable {
    /// Whether the robot's own links touch each other.
    public var selfCollision = false
    /// The coefficient of friction by the name of the link that the shape has in the URDF (`CollisionShape.link`).
    ///
    /// A link that is not named takes that of the robot's file, else the ground's, or 1 without ground. A pair takes the greater of its two.
    public var friction: [String: Double] = [:]
    /// Pairs of links (names as in `CollisionShape.link`) that do not touch.
    public var ignored: [LinkPair] = []

    /// Makes the settings of a scene that says nothing.
    public init() {}
}

extension ContactSettings: Configurable {
    package static let keys: [Key<ContactSettings>] = [
        Key(
            "self_collision", \.selfCollision, .flag,
            "Whether the robot's links touch each other; not those that a joint connects, nor those that do at the start already."
        ),
        Key(
            "friction", \.friction, .byLink(.number(.within(0, 100))), "Coefficients by link.",
            absent: "those of the robot's file, else the ground's"),
        Key("ignore", \.ignored, .list(of: .linkPair), "Pairs of links that do not touch."),
    ]

    /// Friction belongs to shapes by the name of the link that has them in the file.
    package func check(_ setting: Setting, _ decoder: Decoder) {
        guard let robot = decoder.robot else { return }
        let names = Set(robot.links.flatMap { $0.shapes.map(\.link) })
        for link in friction.keys.sorted() where !names.contains(link) {
            decoder.report(
                setting.place(of: "friction").place(of: link),
                "link '\(link)' has no collision shape of its own",
                names.isEmpty
                    ? "the robot has none at all"
                    : "links with shapes: \(names.sorted().joined(separator: ", "))")
        }
    }
}

/// Two links by their names in the URDF.
public struct LinkPair: Sendable, Equatable {
    /// One link.
    public var first: String
    /// The other link.
    public var second: String

    /// Makes a pair.
    public init(first: String, second: String) {
        self.first = first
        self.second = second
    }
}
