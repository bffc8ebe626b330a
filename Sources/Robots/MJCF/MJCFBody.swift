// SPDX-License-Identifier: MIT

internal import Geometry

/// A `<body>` as the file has it, in the order of the file: the world first, parents before children.
struct MJCFBody {
    var name: String
    var element: XMLElement
    /// The index of the body that holds it; nil for the world.
    var parent: Int?
    /// Its frame in the frame of that body, where all joints are at their references.
    var pose = Pose.identity
    /// In the order in which they move it.
    var joints: [MJCFJoint] = []
    var geoms: [MJCFGeom] = []
    var sites: [(name: String, pose: Pose, element: XMLElement)] = []
    var properties = MassProperties()
    /// The elements that tell its centre, mass and inertia.
    var inertial: XMLElement?
    /// What is wrong with its inertia.
    var inertiaFault: String?

    var path: String { "body '\(name)'" }
    var isFree: Bool { joints.first?.kind == .free }

    /// The point on the axis of the last joint: where the frame of that joint is, in which links are described.
    var anchor: Vector3 { isFree ? .zero : joints.last?.anchor ?? .zero }
}
