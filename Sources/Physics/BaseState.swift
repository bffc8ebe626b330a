// SPDX-License-Identifier: MIT

public import Geometry

/// A pose and velocity of a planar or floating base, or of an object: of the origin of its link's frame, in the world frame.
public struct BaseState: Sendable, Equatable {
    /// m; of a planar base, y is that of the zero configuration.
    public var position: Vector3
    /// Of a planar base: the zero configuration's, turned about y.
    public var orientation: Quaternion
    /// m/s; of a planar base, y is 0.
    public var linearVelocity: Vector3
    /// rad/s; of a planar base, x and z are 0.
    public var angularVelocity: Vector3

    /// Makes a base at rest and not turned unless said otherwise.
    public init(
        position: Vector3, orientation: Quaternion = .identity, linearVelocity: Vector3 = .zero,
        angularVelocity: Vector3 = .zero
    ) {
        self.position = position
        self.orientation = orientation
        self.linearVelocity = linearVelocity
        self.angularVelocity = angularVelocity
    }
}
