// SPDX-License-Identifier: MIT

public import Geometry

/// A rigid body.
public struct LinkDefinition: Sendable, Equatable {
    /// Mass (1e-9 to 1e6 kg), its centre in the link's frame, and the inertia about it, which is positive definite.
    public var properties: MassProperties
    /// The link's frame in the world at the zero configuration.
    public var pose: Pose

    /// Makes a link whose frame is the world's unless said otherwise.
    public init(properties: MassProperties, pose: Pose = .identity) {
        self.properties = properties
        self.pose = pose
    }
}

/// The shape of a geom.
public enum GeomShape: Sendable, Equatable {
    /// The half space below the local plane z = 0; static only.
    case plane
    /// A body with a size.
    case solid(Shape)
    /// What is below heights on a grid; static only.
    case field(HeightField)
}

/// A shape that can touch others.
public struct GeomDefinition: Sendable, Equatable {
    /// The shape and its size.
    public var shape: GeomShape
    /// The link that it is part of; nil: it stands still in the world.
    public var link: Int?
    /// The shape's centre and axes in the frame of the link, or of the world.
    public var pose: Pose

    /// Makes a geom, static and at the origin unless said otherwise.
    public init(shape: GeomShape, link: Int? = nil, pose: Pose = .identity) {
        self.shape = shape
        self.link = link
        self.pose = pose
    }
}

/// Two geoms that may touch; pairs that are not listed never do.
public struct PairDefinition: Sendable, Equatable {
    /// The indices of the geoms.
    public var first: Int, second: Int
    /// The coefficient of friction, 0 to 1000.
    public var friction: Double

    /// The speed after an impact as a share of that before, 0 to 1.
    public var restitution: Double

    /// Makes a pair with friction 1 and without restitution unless said otherwise.
    public init(_ first: Int, _ second: Int, friction: Double = 1, restitution: Double = 0) {
        self.first = first
        self.second = second
        self.friction = friction
        self.restitution = restitution
    }
}

/// All of a world: a robot, objects that move freely, what surrounds them, and how it is integrated.
///
/// The ranges are those of phys_definition.h; `World` checks them.
public struct WorldDefinition: Sendable, Equatable {
    /// Seconds of a substep: 1e-6 to 0.1.
    public var timeStep: Double = 0.001
    /// Gravity in the world frame, m/s².
    public var gravity = Vector3(0, 0, -9.81)
    /// What solves the equations.
    public var solver: Solver = .ode
    /// How contacts give way.
    public var contactSoftness = Softness()
    /// The distance from which contacts push, m: 0 to 1.
    public var contactMargin: Double = 0
    /// How joint stops give way.
    public var stopSoftness = Softness()
    /// The speed of a link beyond which the world is diverged, m/s.
    public var maximumLinearSpeed: Double = 1e3
    /// The speed of a link beyond which the world is diverged, rad/s.
    public var maximumAngularSpeed: Double = 1e4
    /// How the robot stands in the world.
    public var base: Base = .fixed
    /// The links, at least one.
    public var links: [LinkDefinition] = []
    /// How many of the links, the last ones, are objects: free bodies beside the robot, without joints; at most 32.
    public var objectCount = 0
    /// The joints, in the order of commands and readings.
    public var joints: [JointDefinition] = []
    /// The geoms.
    public var geoms: [GeomDefinition] = []
    /// The pairs that may touch, in the order in which contacts are made.
    public var pairs: [PairDefinition] = []

    /// Makes an empty definition with the defaults.
    public init() {}
}
