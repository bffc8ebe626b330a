// SPDX-License-Identifier: MIT

internal import Geometry

/// Finds the primitive that a convex hull is: most robots' feet, wheels and links are one, drawn in triangles.
///
/// A hull is a primitive where volume and surface agree within 5 % each and every corner lies within 3 % of the primitive's smallest
/// width of its surface. So a cylinder or a capsule needs 12 segments around or more, a ball as many each way.
struct PrimitiveFit {
    static let tolerance = 0.05
    static let cornerTolerance = 0.03

    private let hull: Polyhedron
    private let (volume, surface): (Double, Double)
    /// The best that was found, and by what share it is off.
    private var best: (shape: Shape, pose: Pose, error: Double)?

    /// The primitive, in the frame of the hull's points; nil where it is none.
    static func primitive(of hull: Polyhedron) -> (shape: Shape, pose: Pose)? {
        var fit = PrimitiveFit(hull)
        fit.tryAll()
        return fit.best.map { ($0.shape, $0.pose) }
    }

    private init(_ hull: Polyhedron) {
        self.hull = hull
        (volume, surface) = (hull.volume, hull.surface)
    }

    private mutating func tryAll() {
        let normals = HullDirections.normals(of: hull)
        let axes = [Vector3(0, 0, 1), Vector3(0, 1, 0), Vector3(1, 0, 0)]
        for frame in [(axes[2], axes[1])] + HullDirections.rightAngles(normals) { tryBox(frame.0, frame.1) }
        trySphere()
        for axis in axes + normals + [HullDirections.longAxis(of: hull)] { tryRound(about: axis) }
    }

    // MARK: Each kind

    private mutating func tryBox(_ x: Vector3, _ y: Vector3) {
        let frame = [x, y, x.cross(y)]
        let extents = frame.map { axis in extent(of: hull.points.map { $0.dot(axis) }) }
        let size = Vector3(
            extents[0].high - extents[0].low, extents[1].high - extents[1].low,
            extents[2].high - extents[2].low)
        let center = zip(frame, extents).reduce(Vector3.zero) { $0 + ($1.1.low + $1.1.high) / 2 * $1.0 }
        consider(
            .box(size: size),
            Pose(position: center, orientation: Quaternion(columns: frame[0], frame[1], frame[2])))
    }

    private mutating func trySphere() {
        guard let center = Self.center(of: hull.points.map { ($0, $0.dot($0)) }) else { return }
        let radius = mean(hull.points.map { ($0 - center).length })
        consider(.sphere(radius: radius), Pose(position: center))
    }

    /// A cylinder and a capsule about this direction.
    private mutating func tryRound(about axis: Vector3) {
        let orientation = Quaternion(turningZTo: axis)
        let local = hull.points.map { orientation.inverse.rotate($0) }
        let heights = extent(of: local.map(\.z))
        // The corners that are outermost lie on the rim.
        let (wide, deep) = (extent(of: local.map(\.x)), extent(of: local.map(\.y)))
        var middle = Vector3((wide.low + wide.high) / 2, (deep.low + deep.high) / 2, 0)
        var radius = 0.0
        for _ in 0..<3 {
            let flat = local.map { Vector3($0.x - middle.x, $0.y - middle.y, 0) }
            let greatest = flat.reduce(0) { max($0, $1.length) }
            let rim = flat.filter { $0.length > 0.97 * greatest }
            guard let shift = Self.center(of: rim.map { ($0, $0.dot($0)) }) else { return }
            radius = rim.reduce(0) { max($0, ($1 - shift).length) }
            middle += shift
        }
        let height = heights.high - heights.low
        middle.z = (heights.low + heights.high) / 2
        let pose = Pose(position: orientation.rotate(middle), orientation: orientation)
        consider(.cylinder(radius: radius, length: height), pose)
        let length = height - 2 * radius
        if length > Self.cornerTolerance * radius { consider(.capsule(radius: radius, length: length), pose) }
    }

    /// Takes a candidate where it agrees, and better than those before.
    private mutating func consider(_ shape: Shape, _ pose: Pose) {
        let (size, ownVolume, ownSurface) = (shape.smallestWidth, shape.volume, shape.surface)
        guard size > 0, ownVolume.isFinite, ownSurface.isFinite else { return }
        let errors = (abs(ownVolume / volume - 1), abs(ownSurface / surface - 1))
        guard errors.0 <= Self.tolerance, errors.1 <= Self.tolerance else { return }
        let back = pose.orientation.inverse
        let farthest = hull.points.reduce(0) {
            max($0, abs(shape.distance(to: back.rotate($1 - pose.position))))
        }
        guard farthest <= Self.cornerTolerance * size else { return }
        let error = max(errors.0, errors.1, farthest / size)
        if error < best?.error ?? .infinity { best = (shape, pose, error) }
    }

    // MARK: Sums

    private func extent(of values: [Double]) -> (low: Double, high: Double) {
        values.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The centre of the sphere (of points in a plane, of the circle) that fits points best: least squares of |p|² = 2 p·c + d (Kåsa 1976).
    private static func center(of points: [(point: Vector3, square: Double)]) -> Vector3? {
        guard !points.isEmpty else { return nil }
        let count = Double(points.count)
        let middle = 1 / count * points.reduce(Vector3.zero) { $0 + $1.point }
        let square = points.reduce(0) { $0 + $1.square } / count
        var (matrix, right) = (Inertia.zero, Vector3.zero)
        for (point, value) in points {
            let from = point - middle
            matrix =
                matrix
                + Inertia(
                    xx: from.x * from.x, yy: from.y * from.y, zz: from.z * from.z, xy: from.x * from.y,
                    xz: from.x * from.z, yz: from.y * from.z)
            right += (value - square) / 2 * from
        }
        // Of points in a plane the third coordinate is free, and stays.
        if matrix.zz == 0 { matrix.zz = 1 }
        return matrix.solve(right)
    }
}

extension Inertia {
    /// The vector that this matrix leads to `right`, by Cramer's rule; nil where there is none or more than one.
    fileprivate func solve(_ right: Vector3) -> Vector3? {
        let (a, b, c) = (Vector3(xx, xy, xz), Vector3(xy, yy, yz), Vector3(xz, yz, zz))
        let determinant = a.dot(b.cross(c))
        guard abs(determinant) > 1e-12 * a.length * b.length * c.length else { return nil }
        return 1 / determinant
            * Vector3(right.dot(b.cross(c)), a.dot(right.cross(c)), a.dot(b.cross(right)))
    }
}
