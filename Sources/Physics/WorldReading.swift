// SPDX-License-Identifier: MIT

/// What a world was read into: arrays that `World.read(into:)` fills again without allocating.
///
/// Joints, links and geoms have their indices in the definition; vectors are in the world frame.
public struct WorldReading: Sendable, Equatable {
    /// Joint positions, rad or m, turns counted (joints).
    public internal(set) var jointPositions: [Double]
    /// Joint velocities, rad/s or m/s (joints).
    public internal(set) var jointVelocities: [Double]
    /// The efforts that the drives applied in the last substep, N m or N (joints).
    public internal(set) var jointEfforts: [Double]
    /// Origins of the links' frames, m (links × 3).
    public internal(set) var linkPositions: [Double]
    /// Orientations of the links' frames, w x y z (links × 4).
    public internal(set) var linkOrientations: [Double]
    /// Velocities of the frames' origins, m/s (links × 3).
    public internal(set) var linkLinearVelocities: [Double]
    /// Angular velocities, rad/s (links × 3).
    public internal(set) var linkAngularVelocities: [Double]

    /// Sums of contact forces, mean over the substeps of the last step, N (links × 3).
    public internal(set) var linkContactForces: [Double]

    /// Where the frame of `link` is, m.
    public func position(ofLink link: Int) -> Vector3 { vector(linkPositions, link) }

    /// How the frame of `link` is turned.
    public func orientation(ofLink link: Int) -> Orientation {
        Orientation(
            w: linkOrientations[4 * link], x: linkOrientations[4 * link + 1],
            y: linkOrientations[4 * link + 2], z: linkOrientations[4 * link + 3])
    }

    /// The velocity of the origin of the frame of `link`, m/s.
    public func linearVelocity(ofLink link: Int) -> Vector3 { vector(linkLinearVelocities, link) }

    /// The angular velocity of `link`, rad/s.
    public func angularVelocity(ofLink link: Int) -> Vector3 { vector(linkAngularVelocities, link) }

    /// The sum of contact forces on `link`, mean over the substeps of the last step, N.
    public func contactForce(onLink link: Int) -> Vector3 { vector(linkContactForces, link) }

    private func vector(_ values: [Double], _ index: Int) -> Vector3 {
        Vector3(values[3 * index], values[3 * index + 1], values[3 * index + 2])
    }
}
