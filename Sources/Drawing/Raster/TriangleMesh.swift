// SPDX-License-Identifier: MIT

internal import Geometry

/// A surface as the rasteriser takes it: corners with normals, so that round things look round.
package struct TriangleMesh: Sendable, Equatable {
    /// The corners, m.
    package private(set) var points: [SIMD3<Float>] = []
    /// The normal at each corner, of length 1.
    package private(set) var normals: [SIMD3<Float>] = []
    /// The corners of each triangle by their number, counter-clockwise where they are seen from outside.
    package private(set) var triangles: [SIMD3<Int32>] = []
    /// The radius of the ball around the mesh's origin that holds it.
    var radius: Float {
        points.reduce(0) { max($0, ($1 * $1).sum()) }.squareRoot()
    }

    mutating func addPoint(_ point: Vector3, normal: Vector3) -> Int32 {
        points.append(SIMD3(point))
        normals.append(SIMD3(normal))
        return Int32(points.count - 1)
    }

    /// Adds a grid of points, `columns` in a row, as two triangles for each square.
    mutating func addGrid(_ grid: [(point: Vector3, normal: Vector3)], columns: Int) {
        guard columns > 1 else { return }
        let first = Int32(points.count)
        for (point, normal) in grid { _ = addPoint(point, normal: normal) }
        for row in 0..<max(0, grid.count / columns - 1) {
            for column in 0..<columns - 1 {
                let a = first + Int32(row * columns + column)
                let (b, c, d) = (a + 1, a + Int32(columns), a + Int32(columns) + 1)
                triangles += [[a, b, d], [a, d, c]]
            }
        }
    }

    /// A surface whose edges are sharp where its triangles meet at more than 37° and smooth elsewhere.
    init(_ surface: Polyhedron) {
        self.init()
        let areas = surface.triangles.map(surface.doubleArea)
        let units = areas.map { $0.length > 0 ? 1 / $0.length * $0 : .zero }
        // Files may give a point once for each triangle.
        var around: [SIMD3<Double>: [Int]] = [:]
        for (index, triangle) in surface.triangles.enumerated() {
            let (a, b, c) = surface.corners(triangle)
            for corner in [a, b, c] { around[SIMD3(corner.x, corner.y, corner.z), default: []].append(index) }
        }
        for (index, triangle) in surface.triangles.enumerated() where areas[index].length > 0 {
            let (a, b, c) = surface.corners(triangle)
            let numbers = [a, b, c].map { corner in
                let sum = (around[SIMD3(corner.x, corner.y, corner.z)] ?? []).reduce(Vector3.zero) {
                    units[$1].dot(units[index]) > 0.8 ? $0 + areas[$1] : $0
                }
                return addPoint(corner, normal: sum.length > 0 ? 1 / sum.length * sum : units[index])
            }
            triangles.append([numbers[0], numbers[1], numbers[2]])
        }
    }

    init() {}
}

extension SIMD3<Float> {
    init(_ vector: Vector3) { self.init(Float(vector.x), Float(vector.y), Float(vector.z)) }

    @inline(__always)
    func dot(_ other: SIMD3<Float>) -> Float { x * other.x + y * other.y + z * other.z }
}
