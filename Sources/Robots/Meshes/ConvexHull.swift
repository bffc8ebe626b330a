// SPDX-License-Identifier: MIT

internal import CMeshes
internal import Geometry

/// Convex hulls, by qhull.
enum ConvexHull {
    /// More points than this are thinned out first.
    private static let mostPoints = 200_000

    /// The hull of points: its corners sorted by their coordinates, and its triangles.
    ///
    /// - Throws: where they lie in a plane, or qhull gives up.
    static func of(_ points: [Vector3]) throws(MeshError) -> Polyhedron {
        var points = points.count > mostPoints ? thinned(points) : points
        points.sort { ($0.x, $0.y, $0.z) < ($1.x, $1.y, $1.z) }
        points = points.enumerated().filter { $0 == 0 || $1 != points[$0 - 1] }.map(\.element)
        let found = try triangles(points)
        // Only the corners, in their order.
        var number = [UInt32?](repeating: nil, count: points.count)
        for triangle in found {
            for corner in 0..<3 { number[Int(triangle[corner])] = 0 }
        }
        var hull = Polyhedron(points: [], triangles: [])
        for (index, point) in points.enumerated() where number[index] != nil {
            number[index] = UInt32(hull.points.count)
            hull.points.append(point)
        }
        hull.triangles = found.map { triangle in
            SIMD3(
                number[Int(triangle.x)] ?? 0, number[Int(triangle.y)] ?? 0, number[Int(triangle.z)] ?? 0)
        }
        if hull.volume < 0 { hull.triangles = hull.triangles.map { [$0.x, $0.z, $0.y] } }
        return hull
    }

    private static func triangles(_ points: [Vector3]) throws(MeshError) -> [SIMD3<UInt32>] {
        let numbers = points.flatMap { [$0.x, $0.y, $0.z] }
        var found: UnsafeMutablePointer<UInt32>?
        var count = 0
        let status = unsafe cmeshes_hull(numbers, points.count, &found, &count)
        defer { unsafe cmeshes_free(found) }
        switch Int(status) {
        case CMESHES_OK: break
        case CMESHES_FLAT:
            throw MeshError(
                "it is flat: all its points lie in a plane", "give it a thickness, or use a thin box")
        case CMESHES_OUT_OF_MEMORY:
            throw MeshError("there is not enough memory for its hull", "simplify the mesh")
        default: throw MeshError("qhull found no convex hull of it", "simplify the mesh, or use a box")
        }
        let corners = unsafe UnsafeBufferPointer(start: found, count: 3 * count)
        return stride(from: 0, to: 3 * count, by: 3).map {
            unsafe SIMD3(corners[$0], corners[$0 + 1], corners[$0 + 2])
        }
    }

    /// Of the points in each column of a grid of 128 x 128, along each axis, the outermost two.
    private static func thinned(_ points: [Vector3]) -> [Vector3] {
        let cells = 128
        var kept = Set<Int>()
        let low = Axis.allCases.map { axis in points.reduce(.infinity) { min($0, $1[axis]) } }
        let high = Axis.allCases.map { axis in points.reduce(-.infinity) { max($0, $1[axis]) } }
        func cell(_ point: Vector3, _ axis: Int) -> Int {
            let width = high[axis] - low[axis]
            guard width > 0 else { return 0 }
            return min(cells - 1, Int((point[Axis.allCases[axis]] - low[axis]) / width * Double(cells)))
        }
        for (along, across) in [(0, (1, 2)), (1, (0, 2)), (2, (0, 1))] {
            var ends = [(least: Int, most: Int)?](repeating: nil, count: cells * cells)
            let axis = Axis.allCases[along]
            for (index, point) in points.enumerated() {
                let column = cell(point, across.0) * cells + cell(point, across.1)
                guard let end = ends[column] else {
                    ends[column] = (index, index)
                    continue
                }
                if point[axis] < points[end.least][axis] { ends[column]?.least = index }
                if point[axis] > points[end.most][axis] { ends[column]?.most = index }
            }
            for end in ends { if let end { kept.formUnion([end.least, end.most]) } }
        }
        return kept.sorted().map { points[$0] }
    }
}

extension Polyhedron {
    /// A hull of at most `count` of this hull's corners: those that reach farthest out of the others' hull, one after the other.
    func reduced(to count: Int) throws(MeshError) -> Polyhedron {
        guard points.count > count else { return self }
        var chosen = simplex
        var hull = try ConvexHull.of(chosen.map { points[$0] })
        while chosen.count < count {
            let faces = hull.triangles.compactMap { triangle -> (normal: Vector3, height: Double)? in
                let area = hull.doubleArea(triangle)
                guard area.length > 0 else { return nil }
                let normal = 1 / area.length * area
                return (normal, normal.dot(hull.corners(triangle).0))
            }
            var (farthest, distance) = (0, 0.0)
            for (index, point) in points.enumerated() {
                let outside = faces.reduce(0) { max($0, $1.normal.dot(point) - $1.height) }
                if outside > distance { (farthest, distance) = (index, outside) }
            }
            guard distance > 0, !chosen.contains(farthest) else { break }
            chosen.append(farthest)
            hull = try ConvexHull.of(chosen.map { points[$0] })
        }
        return hull
    }

    /// Four corners far apart: the first, the farthest from it, from their line, and from the plane of the three.
    private var simplex: [Int] {
        func farthest(_ distance: (Vector3) -> Double) -> Int {
            points.indices.reduce(0) { distance(points[$1]) > distance(points[$0]) ? $1 : $0 }
        }
        let a = points[0]
        let second = farthest { ($0 - a).length }
        let along = points[second] - a
        let third = farthest { ($0 - a).cross(along).length }
        let normal = along.cross(points[third] - a)
        return [0, second, third, farthest { abs(($0 - a).dot(normal)) }]
    }
}
