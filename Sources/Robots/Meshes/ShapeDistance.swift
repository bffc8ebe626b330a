// SPDX-License-Identifier: MIT

internal import Geometry

extension Shape {
    /// The area in m².
    var surface: Double {
        switch self {
        case .box(let size): 2 * (size.x * size.y + size.y * size.z + size.z * size.x)
        case .sphere(let radius): 4 * .pi * radius * radius
        case .cylinder(let radius, let length): 2 * .pi * radius * (radius + length)
        case .capsule(let radius, let length): 2 * .pi * radius * (2 * radius + length)
        case .hull(let hull): hull.surface
        }
    }

    /// The smallest extent of a primitive, in m.
    var smallestWidth: Double {
        switch self {
        case .box(let size): min(size.x, size.y, size.z)
        case .sphere(let radius), .capsule(let radius, _): 2 * radius
        case .cylinder(let radius, let length): min(2 * radius, length)
        case .hull: 0
        }
    }

    /// How far a point is from the surface of a primitive, in its own axes; negative inside.
    func distance(to point: Vector3) -> Double {
        let across = (point.x * point.x + point.y * point.y).squareRoot()
        switch self {
        case .box(let size):
            return Self.distance([
                abs(point.x) - size.x / 2, abs(point.y) - size.y / 2, abs(point.z) - size.z / 2,
            ])
        case .sphere(let radius): return point.length - radius
        case .cylinder(let radius, let length):
            return Self.distance([across - radius, abs(point.z) - length / 2])
        case .capsule(let radius, let length):
            return Vector3(across, 0, max(0, abs(point.z) - length / 2)).length - radius
        case .hull: return .infinity
        }
    }

    /// The distance of a point that is so far outside of each of some sides at right angles.
    private static func distance(_ sides: [Double]) -> Double {
        let outside = sides.reduce(0) { $0 + max(0, $1) * max(0, $1) }.squareRoot()
        return outside > 0 ? outside : sides.max() ?? 0
    }
}
