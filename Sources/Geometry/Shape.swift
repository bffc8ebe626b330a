// SPDX-License-Identifier: MIT

/// A shape and its size in m; cylinders and capsules lie along their own z axis.
public enum Shape: Sendable, Equatable {
    /// A box of these full lengths of its sides.
    case box(size: Vector3)
    /// A ball.
    case sphere(radius: Double)
    /// A cylinder of this full length.
    case cylinder(radius: Double, length: Double)
    /// A cylinder of this length with a half ball on each end, which the length does not count.
    case capsule(radius: Double, length: Double)
    /// A convex polyhedron whose centre of mass is the shape's centre; all points are corners.
    case hull(Polyhedron)
}

extension Shape {
    /// The volume in m³.
    package var volume: Double {
        switch self {
        case .box(let size): size.x * size.y * size.z
        case .sphere(let radius): 4 / 3 * .pi * radius * radius * radius
        case .cylinder(let radius, let length): .pi * radius * radius * length
        case .capsule(let radius, let length): .pi * radius * radius * (length + 4 / 3 * radius)
        case .hull(let hull): hull.volume
        }
    }

    /// The radius in m of the ball around its centre that holds it.
    package var radiusAround: Double {
        switch self {
        case .box(let size): size.length / 2
        case .sphere(let radius): radius
        case .cylinder(let radius, let length): (radius * radius + length * length / 4).squareRoot()
        case .capsule(let radius, let length): radius + length / 2
        case .hull(let hull): hull.points.reduce(0) { max($0, $1.length) }
        }
    }

    /// The shape filled with matter of this density (kg/m³), about its centre.
    package func solid(density: Double) -> MassProperties {
        let mass = density * volume
        switch self {
        case .box(let size):
            let (x, y, z) = (size.x * size.x, size.y * size.y, size.z * size.z)
            let factor = mass / 12
            return MassProperties(
                mass: mass, inertia: Inertia(xx: factor * (y + z), yy: factor * (x + z), zz: factor * (x + y))
            )
        case .sphere(let radius):
            let moment = 0.4 * mass * radius * radius
            return MassProperties(mass: mass, inertia: Inertia(xx: moment, yy: moment, zz: moment))
        case .cylinder(let radius, let length):
            let across = mass * (radius * radius / 4 + length * length / 12)
            return MassProperties(
                mass: mass, inertia: Inertia(xx: across, yy: across, zz: mass * radius * radius / 2))
        case .capsule(let radius, let length):
            // A cylinder and two half balls, whose centres lie 3/8 radius outside its ends.
            let (middle, ends) = (
                density * .pi * radius * radius * length, density * 4 / 3 * .pi * radius * radius * radius
            )
            let across =
                middle * (radius * radius / 4 + length * length / 12)
                + ends * (0.4 * radius * radius + length * length / 4 + 3 / 8 * length * radius)
            let along = middle * radius * radius / 2 + ends * 0.4 * radius * radius
            return MassProperties(mass: mass, inertia: Inertia(xx: across, yy: across, zz: along))
        case .hull(let hull): return hull.solid(density: density)
        }
    }

    /// How far it reaches from its centre against a direction of length 1, in the shape's own axes.
    package func reach(along direction: Vector3) -> Double {
        let across = (direction.x * direction.x + direction.y * direction.y).squareRoot()
        return switch self {
        case .box(let size):
            (abs(direction.x) * size.x + abs(direction.y) * size.y + abs(direction.z) * size.z) / 2
        case .sphere(let radius): radius
        case .cylinder(let radius, let length): abs(direction.z) * length / 2 + across * radius
        case .capsule(let radius, let length): abs(direction.z) * length / 2 + radius
        case .hull(let hull): hull.points.reduce(0) { max($0, -$1.dot(direction)) }
        }
    }
}
