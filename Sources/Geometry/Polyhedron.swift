// SPDX-License-Identifier: MIT

/// A surface of triangles: what a mesh file holds, or a convex hull.
public struct Polyhedron: Sendable, Equatable {
    /// The corners, in m.
    public var points: [Vector3]
    /// The corners of each triangle, by their number; counter-clockwise where they are seen from outside.
    public var triangles: [SIMD3<UInt32>]

    /// Makes a surface; the numbers of `triangles` must be those of points.
    public init(points: [Vector3], triangles: [SIMD3<UInt32>]) {
        self.points = points
        self.triangles = triangles
    }
}

extension Polyhedron {
    /// The three corners of a triangle.
    package func corners(_ triangle: SIMD3<UInt32>) -> (Vector3, Vector3, Vector3) {
        (points[Int(triangle.x)], points[Int(triangle.y)], points[Int(triangle.z)])
    }

    /// Twice a triangle's area, as a vector at right angles to it that points outwards.
    package func doubleArea(_ triangle: SIMD3<UInt32>) -> Vector3 {
        let (a, b, c) = corners(triangle)
        return (b - a).cross(c - a)
    }

    /// The area in m².
    package var surface: Double { triangles.reduce(0) { $0 + doubleArea($1).length / 2 } }

    /// The volume in m³ of what the surface closes in; negative where it is turned inside out.
    package var volume: Double {
        guard let origin = points.first else { return 0 }
        return triangles.reduce(0) { sum, triangle in
            let (a, b, c) = corners(triangle)
            return sum + (a - origin).dot((b - origin).cross(c - origin)) / 6
        }
    }

    /// What it closes in, filled with matter of this density (kg/m³); nothing where it closes nothing in.
    ///
    /// The sum over the tetrahedra between the triangles and a corner, of which each has the integrals ∫x = det/24 (a + b + c) and
    /// ∫xxᵀ = det/120 (ssᵀ + aaᵀ + bbᵀ + ccᵀ), s = a + b + c.
    package func solid(density: Double) -> MassProperties {
        guard let origin = points.first else { return MassProperties() }
        var (volume, first) = (0.0, Vector3.zero)
        var square = Inertia.zero
        for triangle in triangles {
            let (a, b, c) = corners(triangle)
            let (p, q, r) = (a - origin, b - origin, c - origin)
            let determinant = p.dot(q.cross(r))
            volume += determinant / 6
            first += determinant / 24 * (p + q + r)
            for v in [p + q + r, p, q, r] {
                square = square + determinant / 120 * Inertia.ofPoint(mass: 1, at: v)
            }
        }
        guard volume > 0 else { return MassProperties() }
        let center = 1 / volume * first
        let inertia = square + -volume * Inertia.ofPoint(mass: 1, at: center)
        return MassProperties(
            mass: density * volume, centerOfMass: origin + center, inertia: density * inertia)
    }

    /// The same surface in the frame whose origin is `point`.
    package func seen(from point: Vector3) -> Polyhedron {
        Polyhedron(points: points.map { $0 - point }, triangles: triangles)
    }

    /// The lengths of the box along the axes that just holds it, in m.
    package var extent: Vector3 {
        func length(_ coordinate: (Vector3) -> Double) -> Double {
            let values = points.map(coordinate)
            return (values.max() ?? 0) - (values.min() ?? 0)
        }
        return Vector3(length(\.x), length(\.y), length(\.z))
    }
}
