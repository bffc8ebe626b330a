// SPDX-License-Identifier: MIT

package import Geometry

/// What stays the same in an episode that is to be seen: the robot's links and their shapes, the ground, what stands on it, and the
/// names of all that each ``EpisodeFrame`` has numbers of.
///
/// Plain values, so that whoever draws or writes an episode needs neither physics nor the scene's file. Lengths are in m, z is up.
package struct EpisodeScene: Sendable, Equatable {
    /// What a shape is, about its own centre.
    package enum Form: Sendable, Equatable {
        /// A primitive or a convex hull.
        case solid(Shape)
        /// A surface of triangles, which need not be closed.
        case surface(Polyhedron)
    }

    /// A shape that is drawn.
    package struct Part: Sendable, Equatable {
        /// What it is.
        package var form: Form
        /// Its centre, in the frame of its link; of what stands still, in the world.
        package var pose: Pose
        /// The link that it moves with, by its number.
        package var link: Int?
        /// Red, green, blue and opacity, each 0 to 1; nil where no file says.
        package var colour: SIMD4<Double>?

        package init(_ form: Form, pose: Pose = .identity, link: Int? = nil, colour: SIMD4<Double>? = nil) {
            (self.form, self.pose, self.link, self.colour) = (form, pose, link, colour)
        }
    }

    /// A link: a rigid body of the robot, or an object.
    package struct Link: Sendable, Equatable {
        /// Its name in the robot's file.
        package var name: String
        /// The link that it hangs on; nil for the root and for objects.
        package var parent: Int?
    }

    /// A joint that moves.
    package struct Joint: Sendable, Equatable {
        /// Its name in the robot's file.
        package var name: String
        /// rad or m.
        package var unit: String
        /// The link that it moves, whose frame's origin is the joint's.
        package var child: Int
        /// The axis in the child's frame, of length 1.
        package var axis: Vector3
        /// Its stops, rad or m; nil for none.
        package var lower, upper: Double?
    }

    /// Ground whose height differs from place to place: a grid, bilinear or in triangles between its points.
    package struct Terrain: Sendable, Equatable {
        /// The first point's x and y, and what its height counts from.
        package var origin: Vector3
        /// From point to point along x and y.
        package var cell: SIMD2<Double>
        /// The points along x.
        package var columns: Int
        /// The heights over `origin`, row by row: along x first.
        package var heights: [Float]

        package init(origin: Vector3, cell: SIMD2<Double>, columns: Int, heights: [Float]) {
            (self.origin, self.cell, self.columns, self.heights) = (origin, cell, columns, heights)
        }
    }

    /// The scene's name.
    package var name: String
    /// The robot's name.
    package var robot: String
    /// How the root is held.
    package var base: Base
    /// The links, in the robot's order, and then the objects.
    package var links: [Link]
    /// The joints, in the robot's order.
    package var joints: [Joint]
    /// What is drawn of the robot and the objects.
    package var parts: [Part]
    /// What stands still and may be touched.
    package var obstacles: [Part] = []
    /// The angle by which flat ground rises towards +x, rad; nil where there is no ground.
    package var groundSlope: Double?
    /// Uneven ground.
    package var terrain: Terrain?
    /// Whether frames have a target, and a command.
    package var hasTarget, hasCommand: Bool
    /// The names of the elements of an action.
    package var actions: [String]
    /// The names of the reward's terms.
    package var rewardTerms: [String]
    /// The time from frame to frame, s.
    package var period: Double
}
