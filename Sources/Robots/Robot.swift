// SPDX-License-Identifier: MIT

public import Geometry
public import Settings

/// A robot: a tree of links and moving joints, as a URDF file describes it, with the fixed joints merged away.
///
/// Links and joints are in tree order, depth first in the order of the file: `links[0]` is the root, and
/// `joints[i]` moves `links[i + 1]`. A link's frame is the frame of the joint that moves it, as in URDF.
public struct Robot: Sendable, Equatable {
    /// The name in the file's root element.
    public var name: String
    /// The file, as the caller named it.
    public var file: String
    /// The links that are left after merging; `links[0]` is the root.
    public var links: [Link]
    /// The joints that move, parents before children: `joints[i].child == i + 1`.
    public var joints: [Joint]
    /// The frame of every link of the file, merged ones too, by its name.
    public var frames: [String: LinkFrame]
    /// The file's joints that do not move: fixed ones, and those that nothing can move.
    package var weldedJoints: Set<String> = []
    /// The meshes that it touches with.
    package var meshes: [RobotMesh] = []
    /// How the file itself holds the root: fixed where the root has no mass, floating or planar where such a joint leads to it.
    ///
    /// Nil where the file does not say. A scene's `base` decides; this is what a new scene starts with.
    public var declaredBase: Base?
    /// The motors that the file describes, in its order; none in a URDF file.
    public var actuators: [RobotActuator] = []
    /// How the file places the robot to begin with; nil where it does not say.
    public var home: HomePose?
    /// The bodies that the file keeps from touching each other.
    package var untouching: [BodyPair] = []
    /// The files that the robot's file includes.
    package var included: [RobotFile] = []
    /// What was ignored or assumed while reading.
    public var notes: [Diagnostic]

    /// Makes a robot of its parts, which are taken as they are.
    public init(
        name: String, file: String = "", links: [Link], joints: [Joint], frames: [String: LinkFrame],
        declaredBase: Base? = nil, notes: [Diagnostic] = []
    ) {
        self.name = name
        self.file = file
        self.links = links
        self.joints = joints
        self.frames = frames
        self.declaredBase = declaredBase
        self.notes = notes
    }

    /// The root link.
    ///
    /// A root without mass can only be a fixed base.
    public var root: Link { links[0] }

    /// The mass of all links, in kg.
    public var totalMass: Double { links.reduce(0) { $0 + $1.properties.mass } }

    /// The index of the joint of this name, or nil.
    public func joint(named name: String) -> Int? { joints.firstIndex { $0.name == name } }

    /// The frame of the link of this name, which may have been merged into another; or nil.
    public func frame(named name: String) -> LinkFrame? { frames[name] }

    /// The poses of all links, in the order of `links`, for a root at `base` and joints at `positions` (rad or m).
    ///
    /// - Parameters:
    /// - base: the pose of the root link's frame in the world.
    /// - positions: one for each joint; joints beyond its end are at zero, and followers where their leaders have them.
    public func linkPoses(base: Pose = .identity, positions: [Double] = []) -> [Pose] {
        var poses = [base]
        let positions = following(positions)
        for (index, joint) in joints.enumerated() {
            let position = positions[index]
            poses.append(poses[joint.parent] * joint.origin * joint.motion(position))
        }
        return poses
    }
}

extension Robot {
    /// Positions of all joints (rad or m): those given, zero beyond their end, and followers where their leaders have them.
    package func following(_ positions: [Double]) -> [Double] {
        let given = joints.indices.map { $0 < positions.count ? positions[$0] : 0 }
        return zip(joints, given).map { joint, position in
            joint.mimic.map { $0.multiplier * given[$0.leader] + $0.offset } ?? position
        }
    }
}

/// A rigid body: a link of the file together with those that fixed joints weld to it.
public struct Link: Sendable, Equatable {
    /// The name of the link that the others were merged into.
    public var name: String
    /// Mass, centre of mass in the link's frame, inertia about that centre in the link's axes.
    public var properties: MassProperties
    /// The shapes that touch, each in this link's frame.
    public var shapes: [CollisionShape]
    /// The names of the links that were merged into this one.
    public var merged: [String]

    /// Makes a link.
    public init(
        name: String, properties: MassProperties = MassProperties(), shapes: [CollisionShape] = [],
        merged: [String] = []
    ) {
        self.name = name
        self.properties = properties
        self.shapes = shapes
        self.merged = merged
    }
}

/// A shape that can touch others.
public struct CollisionShape: Sendable, Equatable {
    /// The kind and the sizes.
    public var geometry: Shape
    /// The pose of the shape's centre in the frame of the link that holds it (after merging).
    public var origin: Pose
    /// The link that it belongs to in the file (before merging).
    public var link: String
    /// The coefficient of friction that the file gives; nil for none.
    package var friction: Double?
    /// What it may touch.
    package var mask = ContactMask()

    /// Makes a shape.
    public init(_ geometry: Shape, origin: Pose = .identity, link: String) {
        self.geometry = geometry
        self.origin = origin
        self.link = link
    }
}

/// A joint that moves.
public struct Joint: Sendable, Equatable {
    /// How it moves.
    public enum Kind: String, Sendable {
        /// It turns about its axis (URDF revolute and continuous); positions in rad.
        case hinge
        /// It slides along its axis (URDF prismatic); positions in m.
        case slider
    }

    /// The name in the file.
    public var name: String
    /// How it moves.
    public var kind: Kind
    /// The index of the link that it hangs on.
    public var parent: Int
    /// The index of the link that it moves.
    public var child: Int
    /// The pose of the joint's frame, and of the child at position 0, in the parent link's frame.
    public var origin: Pose
    /// The axis in the joint's frame, of length 1.
    public var axis: Vector3
    /// The lowest position (rad or m); nil for no limit.
    public var lower: Double?
    /// The highest position (rad or m); nil for no limit.
    public var upper: Double?
    /// The greatest torque (N m) or force (N) of its motor; nil where the file gives none.
    public var effort: Double?
    /// The greatest speed (rad/s or m/s); nil where the file gives none.
    public var velocity: Double?
    /// The viscous damping (N m s/rad or N s/m).
    public var damping: Double
    /// The dry friction (N m or N).
    public var friction: Double
    /// The rotor's inertia as the joint feels it (kg m² or kg).
    package var armature = 0.0
    /// The stiffness of its spring (N m/rad or N/m).
    package var stiffness = 0.0
    /// Where its spring is relaxed (rad or m).
    package var rest = 0.0
    /// Whether the file says that no motor drives it; what follows another joint has none of its own either.
    package var isPassive = false
    /// What it follows; nil for a joint that moves on its own.
    public var mimic: Mimic?

    /// How a joint follows another: its position is `multiplier` times the leader's plus `offset`.
    public struct Mimic: Sendable, Equatable {
        /// The index of the joint that leads, which follows none itself.
        public var leader: Int
        /// Units of the follower for one of the leader; not 0.
        public var multiplier: Double
        /// Where the follower is when the leader is at 0 (rad or m).
        public var offset: Double

        /// Makes a rule by which a joint follows another.
        public init(leader: Int, multiplier: Double, offset: Double) {
            (self.leader, self.multiplier, self.offset) = (leader, multiplier, offset)
        }
    }

    /// Makes a joint.
    public init(
        name: String, kind: Kind, parent: Int, child: Int, origin: Pose = .identity, axis: Vector3,
        lower: Double? = nil, upper: Double? = nil, effort: Double? = nil, velocity: Double? = nil,
        damping: Double = 0, friction: Double = 0
    ) {
        self.name = name
        self.kind = kind
        self.parent = parent
        self.child = child
        self.origin = origin
        self.axis = axis
        self.lower = lower
        self.upper = upper
        self.effort = effort
        self.velocity = velocity
        self.damping = damping
        self.friction = friction
    }

    /// The unit of its position.
    public var unit: String { kind == .hinge ? "rad" : "m" }

    /// The pose of the child's frame in the joint's frame at `position` (rad or m).
    public func motion(_ position: Double) -> Pose {
        switch kind {
        case .hinge: Pose(orientation: Quaternion(angle: position, about: axis))
        case .slider: Pose(position: position * axis)
        }
    }
}

/// A frame that moves with a link.
public struct LinkFrame: Sendable, Equatable {
    /// The name of the link in the file.
    public var name: String
    /// The index of the link that holds it.
    public var link: Int
    /// Its pose in that link's frame; the identity for links that were not merged.
    public var pose: Pose

    /// Makes a frame.
    public init(name: String, link: Int, pose: Pose = .identity) {
        self.name = name
        self.link = link
        self.pose = pose
    }
}
