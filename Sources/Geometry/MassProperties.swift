// SPDX-License-Identifier: MIT

/// The six numbers of a symmetric inertia matrix, in kg m².
public struct Inertia: Sendable, Equatable {
    /// The moment about x.
    public var xx: Double
    /// The moment about y.
    public var yy: Double
    /// The moment about z.
    public var zz: Double
    /// The element in row x, column y (the negative product of inertia).
    public var xy: Double
    /// The element in row x, column z.
    public var xz: Double
    /// The element in row y, column z.
    public var yz: Double

    /// Makes a matrix of its elements.
    public init(xx: Double, yy: Double, zz: Double, xy: Double = 0, xz: Double = 0, yz: Double = 0) {
        self.xx = xx
        self.yy = yy
        self.zz = zz
        self.xy = xy
        self.xz = xz
        self.yz = yz
    }

    /// No inertia at all.
    public static let zero = Inertia(xx: 0, yy: 0, zz: 0)

    /// The inertia of a point mass at `offset` from the point it is taken about: m (r·r 1 - r rᵀ).
    public static func ofPoint(mass: Double, at offset: Vector3) -> Inertia {
        let (x, y, z) = (offset.x, offset.y, offset.z)
        return Inertia(
            xx: mass * (y * y + z * z), yy: mass * (x * x + z * z), zz: mass * (x * x + y * y),
            xy: -mass * x * y, xz: -mass * x * z, yz: -mass * y * z)
    }

    /// The sum, element by element.
    public static func + (left: Inertia, right: Inertia) -> Inertia {
        Inertia(
            xx: left.xx + right.xx, yy: left.yy + right.yy, zz: left.zz + right.zz,
            xy: left.xy + right.xy, xz: left.xz + right.xz, yz: left.yz + right.yz)
    }

    /// The matrix times a number.
    public static func * (factor: Double, inertia: Inertia) -> Inertia {
        Inertia(
            xx: factor * inertia.xx, yy: factor * inertia.yy, zz: factor * inertia.zz,
            xy: factor * inertia.xy, xz: factor * inertia.xz, yz: factor * inertia.yz)
    }

    /// The matrix times a vector.
    public static func * (inertia: Inertia, v: Vector3) -> Vector3 {
        Vector3(
            inertia.xx * v.x + inertia.xy * v.y + inertia.xz * v.z,
            inertia.xy * v.x + inertia.yy * v.y + inertia.yz * v.z,
            inertia.xz * v.x + inertia.yz * v.y + inertia.zz * v.z)
    }

    /// The matrix of the same body in the axes of the frame that `orientation` leads to: R I Rᵀ.
    public func rotated(by orientation: Quaternion) -> Inertia {
        // Column j of R I Rᵀ is R I (Rᵀ e_j).
        let back = orientation.inverse
        let column = { (unit: Vector3) in orientation.rotate(self * back.rotate(unit)) }
        let (x, y, z) = (column(Vector3(1, 0, 0)), column(Vector3(0, 1, 0)), column(Vector3(0, 0, 1)))
        return Inertia(
            xx: x.x, yy: y.y, zz: z.z, xy: (x.y + y.x) / 2, xz: (x.z + z.x) / 2, yz: (y.z + z.y) / 2)
    }

    /// The three principal moments, in ascending order (Jacobi's rotations).
    public var principalMoments: [Double] {
        var a = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
        for _ in 0..<32 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
                // The rotation in the plane p, q that makes a[p][q] zero.
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                let s = t * c
                for k in 0..<3 { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
                for k in 0..<3 { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
            }
        }
        return [a[0][0], a[1][1], a[2][2]].sorted()
    }

    /// Whether it resists a turn about every axis.
    package var isPositiveDefinite: Bool {
        let moments = principalMoments
        return moments[0] > 1e-9 * moments[2] && moments[0] > 0 && moments[2].isFinite
    }
}

/// Mass, its centre, and the inertia about that centre.
public struct MassProperties: Sendable, Equatable {
    /// The mass in kg; 0 for a frame without matter.
    public var mass: Double
    /// The centre of mass in the link's frame, in m.
    public var centerOfMass: Vector3
    /// The inertia about the centre of mass, in the axes of the link's frame.
    public var inertia: Inertia

    /// Makes mass properties; without arguments, none.
    public init(mass: Double = 0, centerOfMass: Vector3 = .zero, inertia: Inertia = .zero) {
        self.mass = mass
        self.centerOfMass = centerOfMass
        self.inertia = inertia
    }

    /// The same matter, seen from the frame in which its own frame has the pose `pose`.
    public func placed(at pose: Pose) -> MassProperties {
        MassProperties(
            mass: mass, centerOfMass: pose.place(centerOfMass), inertia: inertia.rotated(by: pose.orientation)
        )
    }

    /// The inertia about a point of the frame (parallel axis theorem).
    public func inertia(about point: Vector3) -> Inertia {
        inertia + .ofPoint(mass: mass, at: centerOfMass - point)
    }

    /// Both together, welded; both are given in the same frame.
    public static func + (left: MassProperties, right: MassProperties) -> MassProperties {
        let mass = left.mass + right.mass
        guard mass > 0 else { return left }
        if right.mass == 0 && right.inertia == .zero { return left }
        if left.mass == 0 && left.inertia == .zero { return right }
        let center = (1 / mass) * (left.mass * left.centerOfMass + right.mass * right.centerOfMass)
        return MassProperties(
            mass: mass, centerOfMass: center,
            inertia: left.inertia(about: center) + right.inertia(about: center))
    }
}
