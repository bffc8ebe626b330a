// SPDX-License-Identifier: MIT

// Geometry: vectors, rotations and poses, the mass of bodies, their shapes, and how a robot's base is held. Plain values in SI
// units and right-handed frames with z up, which robots, physics and scenes share. It depends on nothing but the C library's sine.

internal import CLibrary

/// A vector of three doubles: a position (m), a direction, a velocity.
public struct Vector3: Sendable, Equatable {
    /// The component along x.
    public var x: Double
    /// The component along y.
    public var y: Double
    /// The component along z.
    public var z: Double

    /// Makes a vector of its components.
    public init(_ x: Double, _ y: Double, _ z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The vector of length 0.
    public static let zero = Vector3(0, 0, 0)

    /// The Euclidean length.
    public var length: Double { dot(self).squareRoot() }

    /// The components as an array of three.
    public var components: [Double] { [x, y, z] }

    /// The inner product.
    public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

    /// The outer product, right-handed.
    public func cross(_ other: Vector3) -> Vector3 {
        Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    /// The component along an axis.
    public subscript(axis: Axis) -> Double {
        switch axis {
        case .x: x
        case .y: y
        case .z: z
        }
    }

    /// The sum.
    public static func + (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(left.x + right.x, left.y + right.y, left.z + right.z)
    }

    /// Adds a vector.
    public static func += (left: inout Vector3, right: Vector3) { left = left + right }

    /// The difference.
    public static func - (left: Vector3, right: Vector3) -> Vector3 {
        Vector3(left.x - right.x, left.y - right.y, left.z - right.z)
    }

    /// The opposite vector.
    public static prefix func - (vector: Vector3) -> Vector3 { Vector3(-vector.x, -vector.y, -vector.z) }

    /// The vector times a number.
    public static func * (factor: Double, vector: Vector3) -> Vector3 {
        Vector3(factor * vector.x, factor * vector.y, factor * vector.z)
    }
}

/// An axis of a frame.
public enum Axis: String, Sendable, CaseIterable {
    /// Forward.
    case x
    /// To the left.
    case y
    /// Up.
    case z
}

/// A rotation as a unit quaternion.
public struct Quaternion: Sendable, Equatable {
    /// The real part, the cosine of half the angle.
    public var w: Double
    /// The imaginary part along x.
    public var x: Double
    /// The imaginary part along y.
    public var y: Double
    /// The imaginary part along z.
    public var z: Double

    /// Makes a quaternion of its parts; they are taken as they are.
    public init(w: Double, x: Double, y: Double, z: Double) {
        self.w = w
        self.x = x
        self.y = y
        self.z = z
    }

    /// The rotation by nothing.
    public static let identity = Quaternion(w: 1, x: 0, y: 0, z: 0)

    /// The rotation by `angle` (rad) about the unit vector `axis`, right-handed.
    public init(angle: Double, about axis: Vector3) {
        let sine = sin(angle / 2)
        self.init(w: cos(angle / 2), x: sine * axis.x, y: sine * axis.y, z: sine * axis.z)
    }

    /// The rotation of URDF's `rpy` (rad): about the fixed x axis, then y, then z.
    public init(roll: Double, pitch: Double, yaw: Double) {
        self =
            Quaternion(angle: yaw, about: Vector3(0, 0, 1))
            * Quaternion(angle: pitch, about: Vector3(0, 1, 0))
            * Quaternion(angle: roll, about: Vector3(1, 0, 0))
    }

    /// The shortest turn that brings z to a direction that is not zero.
    package static func turning(toward direction: Vector3) -> Quaternion {
        let unit = 1 / direction.length * direction
        let turn = Quaternion(w: 1 + unit.z, x: -unit.y, y: unit.x, z: 0)
        let length = (turn.w * turn.w + turn.x * turn.x + turn.y * turn.y).squareRoot()
        guard length > 1e-6 else { return Quaternion(w: 0, x: 1, y: 0, z: 0) }
        return Quaternion(w: turn.w / length, x: turn.x / length, y: turn.y / length, z: 0)
    }

    /// The opposite rotation.
    public var inverse: Quaternion { Quaternion(w: w, x: -x, y: -y, z: -z) }

    /// The rotation `right`, then the rotation `left`.
    public static func * (left: Quaternion, right: Quaternion) -> Quaternion {
        Quaternion(
            w: left.w * right.w - left.x * right.x - left.y * right.y - left.z * right.z,
            x: left.w * right.x + left.x * right.w + left.y * right.z - left.z * right.y,
            y: left.w * right.y - left.x * right.z + left.y * right.w + left.z * right.x,
            z: left.w * right.z + left.x * right.y - left.y * right.x + left.z * right.w)
    }

    /// The vector, rotated.
    public func rotate(_ vector: Vector3) -> Vector3 {
        let imaginary = Vector3(x, y, z)
        let twice = 2 * imaginary.cross(vector)
        return vector + w * twice + imaginary.cross(twice)
    }
}

/// Where a frame is in another: turned by `orientation`, then moved by `position`.
public struct Pose: Sendable, Equatable {
    /// The origin, in metres.
    public var position: Vector3
    /// The orientation.
    public var orientation: Quaternion

    /// Makes a pose; without arguments, the frame itself.
    public init(position: Vector3 = .zero, orientation: Quaternion = .identity) {
        self.position = position
        self.orientation = orientation
    }

    /// The frame itself.
    public static let identity = Pose()

    /// The pose `inner`, given in this frame, in the frame that this pose is given in.
    public static func * (outer: Pose, inner: Pose) -> Pose {
        Pose(
            position: outer.position + outer.orientation.rotate(inner.position),
            orientation: outer.orientation * inner.orientation)
    }

    /// A point given in this frame, in the frame that this pose is given in.
    public func place(_ point: Vector3) -> Vector3 { position + orientation.rotate(point) }
}
