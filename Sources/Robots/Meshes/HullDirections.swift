// SPDX-License-Identifier: MIT

internal import Geometry

/// Directions that a hull has: those of its large faces, and the one that it is longest in.
enum HullDirections {
    private static let most = 8

    /// The directions of the largest faces, largest first; opposite faces are one direction.
    static func normals(of hull: Polyhedron) -> [Vector3] {
        var faces: [SIMD3<Int>: Vector3] = [:]
        for triangle in hull.triangles {
            var area = hull.doubleArea(triangle)
            guard area.length > 0 else { continue }
            // Rounded, so that what is one direction but for rounding is found together.
            var key = rounded(1 / area.length * area)
            let first = [key.x, key.y, key.z].first { $0 != 0 } ?? 0
            if first < 0 {
                area = -area
                key = rounded(1 / area.length * area)
            }
            faces[key, default: .zero] += area
        }
        let largest = faces.sorted {
            ($1.value.length, $0.key.x, $0.key.y, $0.key.z) < ($0.value.length, $1.key.x, $1.key.y, $1.key.z)
        }
        return largest.prefix(most).map { 1 / $0.value.length * $0.value }
    }

    private static func rounded(_ direction: Vector3) -> SIMD3<Int> {
        SIMD3(
            Int((direction.x * 200).rounded()), Int((direction.y * 200).rounded()),
            Int((direction.z * 200).rounded()))
    }

    /// Pairs of directions at right angles: of the three sides of a box two.
    static func rightAngles(_ normals: [Vector3]) -> [(Vector3, Vector3)] {
        normals.prefix(3).compactMap { x in
            guard let other = normals.first(where: { abs($0.dot(x)) < 0.02 }) else { return nil }
            let across = other - other.dot(x) * x
            return (x, 1 / across.length * across)
        }
    }

    /// The direction in which it is longest: about which it turns most easily.
    static func longAxis(of hull: Polyhedron) -> Vector3 {
        let inertia = hull.solid(density: 1).inertia
        // Powers of what is left of the matrix lead any vector to it.
        let spread = 0.5 * (inertia.xx + inertia.yy + inertia.zz)
        let matrix =
            Inertia(xx: spread, yy: spread, zz: spread)
            + -1 * inertia
        var axis = Vector3(0.36, 0.48, 0.8)
        for _ in 0..<500 {
            let next = matrix * axis
            guard next.length > 0 else { break }
            axis = 1 / next.length * next
        }
        return axis
    }
}

extension Quaternion {
    /// The rotation that leads the z axis to a direction of length 1, by the shortest way.
    init(turningZTo direction: Vector3) {
        let w = 1 + direction.z
        guard w > 1e-9 else {
            self.init(w: 0, x: 1, y: 0, z: 0)
            return
        }
        let length = (2 * w).squareRoot()
        self.init(w: length / 2, x: -direction.y / length, y: direction.x / length, z: 0)
    }

    /// The rotation that leads the axes to these three, which are at right angles and right-handed.
    init(columns x: Vector3, _ y: Vector3, _ z: Vector3) {
        // The largest part first, so that nothing is divided by little (Shepperd 1978).
        let parts = [x.x + y.y + z.z, x.x - y.y - z.z, y.y - x.x - z.z, z.z - x.x - y.y]
        let largest = parts.indices.reduce(0) { parts[$1] > parts[$0] ? $1 : $0 }
        let root = (1 + parts[largest]).squareRoot()
        let (half, factor) = (root / 2, 0.5 / root)
        switch largest {
        case 0: self.init(w: half, x: factor * (y.z - z.y), y: factor * (z.x - x.z), z: factor * (x.y - y.x))
        case 1: self.init(w: factor * (y.z - z.y), x: half, y: factor * (y.x + x.y), z: factor * (z.x + x.z))
        case 2: self.init(w: factor * (z.x - x.z), x: factor * (y.x + x.y), y: half, z: factor * (z.y + y.z))
        default: self.init(w: factor * (x.y - y.x), x: factor * (z.x + x.z), y: factor * (z.y + y.z), z: half)
        }
    }
}
