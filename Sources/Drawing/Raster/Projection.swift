// SPDX-License-Identifier: MIT

package import Geometry

/// A surface somewhere in the world.
package struct Solid: Sendable {
    /// Its surface.
    package var mesh: TriangleMesh
    /// Where it is.
    package var pose: Pose
    /// Its colour.
    package var colour: Colour
    /// Whether tiles as those of the ground are drawn on it.
    package var isTiled = false

    package init(_ mesh: TriangleMesh, at pose: Pose = .identity, _ colour: Colour, isTiled: Bool = false) {
        (self.mesh, self.pose, self.colour, self.isTiled) = (mesh, pose, colour, isTiled)
    }
}

extension SampleBuffer {
    /// Draws a surface through a lens.
    mutating func add(_ solid: Solid, colour: Int, through lens: Lens) {
        let (columns, offset) = lens.placement(of: solid.pose)
        func turn(_ vector: SIMD3<Float>) -> SIMD3<Float> {
            vector.x * columns[0] + vector.y * columns[1] + vector.z * columns[2]
        }
        let points = solid.mesh.points.map { turn($0) + offset }
        // A pose that is no number is not drawn.
        guard points.allSatisfy({ $0.x.magnitude < 1e9 && $0.y.magnitude < 1e9 && $0.z.magnitude < 1e9 })
        else { return }
        let normals = solid.mesh.normals.map(turn)
        let isWhole = points.allSatisfy { $0.z > lens.near }
        let corners: [Corner] = isWhole ? zip(points, normals).map { lens.corner($0, $1) } : []
        for triangle in solid.mesh.triangles {
            let (a, b, c) = (Int(triangle.x), Int(triangle.y), Int(triangle.z))
            if isWhole {
                add(corners[a], corners[b], corners[c], colour: colour)
            } else {
                addCut([a, b, c].map { (points[$0], normals[$0]) }, colour: colour, through: lens)
            }
        }
    }

    /// Draws what of a triangle is in front of the lens.
    private mutating func addCut(
        _ corners: [(point: SIMD3<Float>, normal: SIMD3<Float>)], colour: Int, through lens: Lens
    ) {
        var kept: [Corner] = []
        for (index, end) in corners.enumerated() {
            let start = corners[(index + 2) % 3]
            if (start.point.z > lens.near) != (end.point.z > lens.near) {
                let share = (lens.near - start.point.z) / (end.point.z - start.point.z)
                var point = start.point + share * (end.point - start.point)
                point.z = lens.near
                kept.append(lens.corner(point, start.normal + share * (end.normal - start.normal)))
            }
            if end.point.z > lens.near { kept.append(lens.corner(end.point, end.normal)) }
        }
        for index in kept.indices.dropFirst(2) { add(kept[0], kept[index - 1], kept[index], colour: colour) }
    }
}

extension Lens {
    @inline(__always)
    fileprivate func corner(_ point: SIMD3<Float>, _ normal: SIMD3<Float>) -> SampleBuffer.Corner {
        let (place, nearness) = project(point)
        return (place, SIMD4(nearness * normal, nearness))
    }
}
