// SPDX-License-Identifier: MIT

public import Geometry
internal import Robots
package import Settings

/// A rigid body beside the robot that can be pushed, rolled and lifted.
public struct MovableObject: Sendable, Equatable {
    /// Its name, by which terms know it.
    public var name = ""
    /// What it touches with and is drawn as; its centre of mass is the shape's centre.
    public var shape = Shape.box(size: Vector3(0.1, 0.1, 0.1))
    /// Its mass in kg; nil: as its density makes it.
    public var mass: Double?
    /// Its density in kg/m³.
    public var density = 1000.0
    /// The coefficient of friction.
    public var friction = 1.0
    /// Red, green and blue, each 0 to 1.
    public var colour = Vector3(0.85, 0.58, 0.36)
    /// Where its centre is at the start of an episode.
    public var placement = Placement()
    /// The noise of the start.
    public var reset = Reset()

    /// Makes a box of 0.1 m at the world's origin.
    public init() {}

    /// The noise of an object's start, one independent draw for each number.
    public struct Reset: Sendable, Equatable {
        /// On x and y of its place, in m.
        public var position = Distribution.none
        /// On z of its place, in m.
        public var height = Distribution.none
        /// A turn about the world's z axis, in rad.
        public var yaw = Distribution.none
        /// On each component of its velocity, in m/s.
        public var linearVelocity = Distribution.none
        /// On each component of its angular velocity, in rad/s.
        public var angularVelocity = Distribution.none

        /// Makes no noise.
        public init() {}
    }

    /// Its mass and inertia, which is that of a solid body.
    package var properties: MassProperties {
        shape.solid(density: mass.map { $0 / shape.volume } ?? density)
    }
}

extension MovableObject: Configurable {
    private static let length = Bounds(low: 1e-4, high: 1e4)
    private static let radiusAndLength = Format<[Double]>.list(of: .number(length), count: 2...2)

    package static let keys: [Key<MovableObject>] =
        [
            Key("name", \.name, .text, "Its name, by which terms know it.", isRequired: true),
            Key("box", \.box, .vector(length), "A box: full lengths of its sides in m.", absent: ""),
            Key("sphere", \.sphere, .number(length), "A ball: its radius in m.", absent: ""),
            Key(
                "cylinder", \.cylinder, radiusAndLength,
                "A cylinder along its z axis: `[radius, length]` in m.", absent: ""),
            Key(
                "capsule", \.capsule, radiusAndLength,
                "A cylinder with half balls on its ends, which the length does not count: `[radius, length]` in m.",
                absent: ""),
            Key(
                "mass", \.mass, .number(Bounds(low: 1e-6, high: 1e5)), "Its mass in kg.",
                absent: "as its density makes it"),
            Key("density", \.densityAlone, .number(Bounds(low: 1e-3, high: 1e5)), "Its density in kg/m³."),
            Key(
                "friction", \.friction, .number(.within(0, 100)),
                "Coefficient of friction, of which a pair takes the greater of two."),
            Key("colour", \.colour, .vector(.within(0, 1)), "Red, green and blue of pictures, each 0 to 1."),
        ]
        + Placement.keys(
            position:
                "Where its centre starts in m; on a terrain x and y count from the middle of the tile, z from its ground.",
            isRequired: true, angles: "Roll, pitch, yaw of its start in rad."
        ).map { $0.of(\.placement) } + [
            Key("reset", \.reset, .block, "The noise of its start.")
        ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        let shapes = ["box", "sphere", "cylinder", "capsule"]
        let given = shapes.filter { setting[$0] != nil }
        if given.count != 1 {
            decoder.report(
                setting, given.isEmpty ? "has no shape" : "has \(given.joined(separator: " and "))",
                "give exactly one of \(shapes.joined(separator: ", "))")
        }
        if setting["mass"] != nil, setting["density"] != nil {
            decoder.report(setting.place(of: "density"), "has mass too", "keep one of them")
        }
    }

    /// The density, where no mass stands in its place.
    private var densityAlone: Double? {
        get { mass == nil ? density : nil }
        set { if let newValue { density = newValue } }
    }

    private var box: Vector3? {
        get { if case .box(let size) = shape { size } else { nil } }
        set { if let newValue { shape = .box(size: newValue) } }
    }

    private var sphere: Double? {
        get { if case .sphere(let radius) = shape { radius } else { nil } }
        set { if let newValue { shape = .sphere(radius: newValue) } }
    }

    private var cylinder: [Double]? {
        get { if case .cylinder(let radius, let length) = shape { [radius, length] } else { nil } }
        set {
            if let newValue, newValue.count == 2 {
                shape = .cylinder(radius: newValue[0], length: newValue[1])
            }
        }
    }

    private var capsule: [Double]? {
        get { if case .capsule(let radius, let length) = shape { [radius, length] } else { nil } }
        set {
            if let newValue, newValue.count == 2 {
                shape = .capsule(radius: newValue[0], length: newValue[1])
            }
        }
    }
}

extension MovableObject.Reset: Configurable {
    package static let keys: [Key<Self>] = [
        Key("position", \.position, .distribution(), "Noise on x and y of its place, in m."),
        Key("height", \.height, .distribution(), "Noise on z of its place, in m."),
        Key("yaw", \.yaw, .distribution(), "A turn about the world's z axis, in rad."),
        Key(
            "linear_velocity", \.linearVelocity, .distribution(),
            "Noise on each component of its velocity, in m/s."),
        Key(
            "angular_velocity", \.angularVelocity, .distribution(),
            "Noise on each component of its angular velocity, in rad/s."),
    ]
}

extension Scene {
    /// Where a frame of a link or an object is at the start, noise left out.
    func poseAtStart(of frame: LinkFrame) -> Pose {
        if let object = objectIndex(of: frame) { return objects[object].placement.pose }
        return robot.linkPoses(base: start.base, positions: start.joints)[frame.link] * frame.pose
    }

    /// Which object a frame is; nil for a link of the robot.
    func objectIndex(of frame: LinkFrame) -> Int? {
        frame.link < robot.links.count ? nil : frame.link - robot.links.count
    }
}
