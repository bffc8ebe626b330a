// SPDX-License-Identifier: MIT

public import Geometry

/// What a world was read into: numbers that `World.read(into:)` fills again without allocating.
///
/// Joints, links and geoms have their indices in the definition; vectors are in the world frame. The numbers are in one
/// array, so that a reading is read and copied at once; the whole arrays of a quantity are copies, for tests and tools.
public struct WorldReading: Sendable, Equatable {
    /// All numbers, in the order of `PHYS_READING`.
    var values: [Double]
    private let joints: Int
    private let links: Int

    init(joints: Int, links: Int) {
        values = Array(repeating: 0, count: 3 * joints + 16 * links)
        self.joints = joints
        self.links = links
    }

    /// The position of `joint`, rad or m, turns counted.
    public func position(ofJoint joint: Int) -> Double { values[checked(joint)] }

    /// The velocity of `joint`, rad/s or m/s.
    public func velocity(ofJoint joint: Int) -> Double { values[joints + checked(joint)] }

    /// The effort that the drive of `joint` applied in the last substep, N m or N.
    public func effort(ofJoint joint: Int) -> Double { values[2 * joints + checked(joint)] }

    /// Where the frame of `link` is, m.
    public func position(ofLink link: Int) -> Vector3 { vector(0, link) }

    /// How the frame of `link` is turned.
    public func orientation(ofLink link: Int) -> Quaternion {
        precondition(link >= 0 && link < links, "link \(link) of \(links)")
        let start = 3 * joints + 3 * links + 4 * link
        return Quaternion(
            w: values[start], x: values[start + 1], y: values[start + 2], z: values[start + 3])
    }

    /// The velocity of the origin of the frame of `link`, m/s.
    public func linearVelocity(ofLink link: Int) -> Vector3 { vector(7, link) }

    /// The angular velocity of `link`, rad/s.
    public func angularVelocity(ofLink link: Int) -> Vector3 { vector(10, link) }

    /// The sum of contact forces on `link`, mean over the substeps of the last step, N.
    public func contactForce(onLink link: Int) -> Vector3 { vector(13, link) }

    /// The positions of all joints, rad or m.
    public var jointPositions: [Double] { Array(values[0..<joints]) }
    /// The velocities of all joints, rad/s or m/s.
    public var jointVelocities: [Double] { Array(values[joints..<2 * joints]) }
    /// The efforts of all joints' drives, N m or N.
    public var jointEfforts: [Double] { Array(values[2 * joints..<3 * joints]) }
    /// The origins of all links' frames, m (links × 3).
    public var linkPositions: [Double] { ofLinks(0, 3) }
    /// The velocities of the frames' origins, m/s (links × 3).
    public var linkLinearVelocities: [Double] { ofLinks(7, 3) }
    /// The angular velocities of all links, rad/s (links × 3).
    public var linkAngularVelocities: [Double] { ofLinks(10, 3) }
    /// The sums of contact forces, mean over the substeps of the last step, N (links × 3).
    public var linkContactForces: [Double] { ofLinks(13, 3) }

    /// Takes what acted on a robot that another simulator moved: the efforts of its joints' drives, and the sums of contact forces on its
    /// links.
    package mutating func take(efforts: [Double], contactForces: [Vector3]) {
        precondition(efforts.count == joints && contactForces.count == links, "forces of another robot")
        values.replaceSubrange(2 * joints..<3 * joints, with: efforts)
        values.replaceSubrange(
            3 * joints + 13 * links..<values.count, with: contactForces.flatMap(\.components))
    }

    private func checked(_ joint: Int) -> Int {
        precondition(joint >= 0 && joint < joints, "joint \(joint) of \(joints)")
        return joint
    }

    /// The vector of `link` in the quantity that begins after `before` numbers for each link.
    private func vector(_ before: Int, _ link: Int) -> Vector3 {
        precondition(link >= 0 && link < links, "link \(link) of \(links)")
        let start = 3 * joints + before * links + 3 * link
        return Vector3(values[start], values[start + 1], values[start + 2])
    }

    private func ofLinks(_ before: Int, _ width: Int) -> [Double] {
        let start = 3 * joints + before * links
        return Array(values[start..<start + width * links])
    }
}
