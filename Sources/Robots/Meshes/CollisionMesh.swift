// SPDX-License-Identifier: MIT

package import Geometry
internal import Settings

/// What a mesh touches with: the primitive that it is, or its convex hull.
package struct CollisionMesh: Sendable, Equatable {
    /// What is made of a mesh.
    package enum Kind: String, Sendable, CaseIterable {
        /// The sphere, capsule, cylinder or box that it is, where it is one; else its hull.
        case primitive
        /// Always its hull.
        case hull
    }

    package let shape: Shape
    /// The pose of the shape's centre in the mesh's frame.
    package let pose: Pose

    /// The most corners of a hull.
    package static let mostCorners = 64
    /// The farthest that a point may be from the mesh's origin, in m.
    private static let reach = 1e4
    /// The smallest thickness of what can touch, in m.
    private static let leastWidth = 1e-6

    /// Reads a mesh file and makes of it what it touches with.
    ///
    /// Each coordinate of the file is multiplied by that of `scale` to be in m; negative ones turn it into its mirror image.
    ///
    /// - Throws: `MeshError`.
    package init(file: String, scale: Vector3 = Vector3(1, 1, 1), as kind: Kind = .primitive)
        throws(MeshError)
    {
        try self.init(MeshFile.read(file), scale: scale, as: kind)
    }

    /// Makes of a mesh what it touches with, as above.
    package init(
        _ mesh: Polyhedron, scale: Vector3 = Vector3(1, 1, 1), as kind: Kind = .primitive
    ) throws(MeshError) {
        var points = try Self.points(of: mesh, scale: scale)
        if let normal = Self.normal(ofFlat: points) {
            points = points.flatMap { [$0 + 0.5 * Self.plate * normal, $0 - 0.5 * Self.plate * normal] }
        }
        let hull = try ConvexHull.of(points)
        try Self.checkThickness(hull)
        if kind == .primitive, let (shape, pose) = PrimitiveFit.primitive(of: hull) {
            (self.shape, self.pose) = (shape, pose)
            return
        }
        let small = try hull.reduced(to: Self.mostCorners)
        let center = small.solid(density: 1).centerOfMass
        shape = .hull(small.seen(from: center))
        pose = Pose(position: center)
    }

    /// The corners of the triangles, in m.
    private static func points(of mesh: Polyhedron, scale: Vector3) throws(MeshError) -> [Vector3] {
        guard scale.components.allSatisfy({ $0.isFinite && $0 != 0 }) else {
            throw MeshError("a scale of 0 leaves nothing of it", "write the scale as \"1 1 1\"")
        }
        var isCorner = [Bool](repeating: false, count: mesh.points.count)
        var surface = 0.0
        for triangle in mesh.triangles {
            for corner in 0..<3 { isCorner[Int(triangle[corner])] = true }
            surface = max(surface, mesh.doubleArea(triangle).length)
        }
        guard surface > 0 else {
            throw MeshError("its triangles have no area", "export the mesh again")
        }
        var points: [Vector3] = []
        for (index, point) in mesh.points.enumerated() where isCorner[index] {
            let scaled = Vector3(scale.x * point.x, scale.y * point.y, scale.z * point.z)
            guard scaled.length <= reach else {
                throw MeshError(
                    "it reaches \(scaled.length.digits) m from its origin; at most \(Int(reach)) m are simulated",
                    "meshes are in m; of one in mm write scale=\"0.001 0.001 0.001\"")
            }
            points.append(scaled)
        }
        return points
    }

    /// How thick a mesh that lies in a plane is taken to be, in m: a sticker, a plate.
    private static let plate = 1e-3

    /// The normal of the plane in which all points lie to the last bits; nil where they do not, and where they lie in a line.
    private static func normal(ofFlat points: [Vector3]) -> Vector3? {
        guard let first = points.first,
            let far = points.max(by: { ($0 - first).length < ($1 - first).length })
        else { return nil }
        let along = far - first
        let across =
            points.map { along.cross($0 - first) }.max(by: { $0.length < $1.length }) ?? .zero
        guard across.length > 1e-6 * along.length * along.length else { return nil }
        let normal = (1 / across.length) * across
        return points.allSatisfy { abs(normal.dot($0 - first)) <= 1e-7 * along.length } ? normal : nil
    }

    private static func checkThickness(_ hull: Polyhedron) throws(MeshError) {
        // The thickness of a plate; others are wider than that.
        let width = 2 * hull.volume / hull.surface
        guard width >= leastWidth else {
            throw MeshError(
                "it is flat: \(width.digits) m thick",
                "give it a thickness, or use a thin box; meshes are in m, see their scale")
        }
    }
}
