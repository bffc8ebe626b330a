// SPDX-License-Identifier: MIT

internal import CPhysics
internal import Geometry

/// The corners and triangles of all hulls of a definition, one after the other, as C takes them.
struct HullArrays {
    private var points: [Double] = []
    private var triangles: [UInt32] = []
    /// Of each geom that is a hull: its number, and where its corners and triangles begin.
    private var hulls: [(geom: Int, hull: Polyhedron, point: Int, triangle: Int)] = []

    init(_ geoms: [GeomDefinition]) {
        for (index, geom) in geoms.enumerated() {
            guard case .solid(.hull(let hull)) = geom.shape else { continue }
            hulls.append((index, hull, points.count, triangles.count))
            points += hull.points.flatMap { [$0.x, $0.y, $0.z] }
            triangles += hull.triangles.flatMap { [$0.x, $0.y, $0.z] }
        }
    }

    /// Calls `body` with the geoms, whose hulls have their arrays during the call.
    func fill<Result>(
        _ geoms: [phys_geom_def], _ body: (UnsafeBufferPointer<phys_geom_def>) -> Result
    ) -> Result {
        var geoms = unsafe geoms
        return unsafe points.withUnsafeBufferPointer { points in
            unsafe triangles.withUnsafeBufferPointer { triangles in
                for (geom, hull, point, triangle) in hulls {
                    unsafe geoms[geom].points = points.baseAddress.map { unsafe $0 + point }
                    unsafe geoms[geom].point_count = hull.points.count
                    unsafe geoms[geom].triangles = triangles.baseAddress.map { unsafe $0 + triangle }
                    unsafe geoms[geom].triangle_count = hull.triangles.count
                }
                return unsafe geoms.withUnsafeBufferPointer(body)
            }
        }
    }
}
