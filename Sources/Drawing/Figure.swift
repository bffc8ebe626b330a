// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
public import Scenes

/// A robot as lines and circles in the plane that it moves in: what a picture shows of one moment.
public struct Figure: Sendable, Equatable {
    /// A line with round ends.
    public struct Stroke: Sendable, Equatable {
        /// One end, m: to the right and up.
        public var from: SIMD2<Double>
        /// The other end, m.
        public var to: SIMD2<Double>
        /// Half the width, m.
        public var radius: Double
        /// The number of the link that it belongs to.
        public var link: Int
    }

    /// The lines of all links.
    public var strokes: [Stroke] = []
    /// The places of the joints.
    public var joints: [SIMD2<Double>] = []
}

extension SimulatedEnvironment {
    /// The robot as it stands now.
    ///
    /// Capsules, cylinders and spheres are drawn in their size; a link without shapes as a line from its joint to what hangs on it. Seen
    /// from the side (x to the right, z up), or from above where every joint turns about the vertical.
    public var figure: Figure {
        var figure = Figure()
        let poses = linkPoses
        for (index, link) in scene.robot.links.enumerated() {
            for shape in link.shapes {
                let pose = poses[index] * shape.origin
                let (radius, half) = shape.geometry.lineAlongZ
                add(pose.place(.init(0, 0, -half)), pose.place(.init(0, 0, half)), radius, index, to: &figure)
            }
            guard link.shapes.isEmpty else { continue }
            for end in ends(ofLink: index, poses) where (end - poses[index].position).length > 1e-6 {
                add(poses[index].position, end, 0.02, index, to: &figure)
            }
        }
        figure.joints = scene.robot.joints.map { project(poses[$0.child].position) }
        return figure
    }

    /// Where a link without shapes ends: at the joints that hang on it, and at the frames that were merged into it.
    private func ends(ofLink index: Int, _ poses: [Pose]) -> [Vector3] {
        scene.robot.joints.filter { $0.parent == index }.map { poses[$0.child].position }
            + scene.robot.links[index].merged.compactMap { scene.robot.frame(named: $0) }
            .map { (poses[index] * $0.pose).position }
    }

    private func add(_ from: Vector3, _ to: Vector3, _ radius: Double, _ link: Int, to figure: inout Figure) {
        figure.strokes.append(
            .init(from: project(from), to: project(to), radius: radius, link: link))
    }

    private var isSeenFromAbove: Bool {
        scene.base == .fixed && !scene.robot.joints.isEmpty
            && scene.robot.joints.allSatisfy { abs($0.axis.z) > 0.99 || $0.kind == .slider }
    }

    private func project(_ point: Vector3) -> SIMD2<Double> {
        isSeenFromAbove ? [point.x, point.y] : [point.x, point.z]
    }
}

extension Shape {
    /// The shape as a thick line along its own z axis: its radius and half its length, m.
    fileprivate var lineAlongZ: (radius: Double, half: Double) {
        switch self {
        case .sphere(let radius): (radius, 0)
        case .capsule(let radius, let length), .cylinder(let radius, let length): (radius, length / 2)
        case .box(let size): (min(size.x, size.y, size.z) / 2, size.z / 2)
        case .hull(let hull): Shape.box(size: hull.extent).lineAlongZ
        }
    }
}
