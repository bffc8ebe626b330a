// SPDX-License-Identifier: MIT

import Geometry
import Testing

struct GeometryTests {
    static let shapes: [Shape] = [
        .box(size: Vector3(0.2, 0.3, 0.4)), .sphere(radius: 0.2), .cylinder(radius: 0.1, length: 0.4),
        .capsule(radius: 0.1, length: 0.2), .hull(wedge),
    ]

    /// Half of a box of 0.2 x 0.3 x 0.4 m, cut along a diagonal; its centre of mass is a third of the way in.
    static let wedge = Polyhedron(
        points: [
            Vector3(0, 0, 0), Vector3(0.2, 0, 0), Vector3(0, 0.3, 0), Vector3(0, 0, 0.4),
            Vector3(0.2, 0, 0.4), Vector3(0, 0.3, 0.4),
        ],
        triangles: [
            [0, 2, 1], [3, 4, 5], [0, 1, 4], [0, 4, 3], [0, 3, 5], [0, 5, 2], [1, 2, 5], [1, 5, 4],
        ]
    ).seen(from: Vector3(0.2 / 3, 0.1, 0.2))

    @Test func `rolling, pitching and yawing turn about the fixed axes in this order`() {
        let quarter = Double.pi / 2
        let turned = Quaternion(roll: quarter, pitch: quarter, yaw: 0).rotate(Vector3(0, 1, 0))
        // Roll takes y to z, and then pitch takes z to x.
        #expect((turned - Vector3(1, 0, 0)).length < 1e-15)
    }

    @Test func `a pose after its inverse rotation is where it was`() {
        let pose = Pose(
            position: Vector3(1, 2, 3), orientation: Quaternion(angle: 0.7, about: Vector3(0, 0.6, 0.8)))
        let back = Pose(
            position: -pose.orientation.inverse.rotate(pose.position), orientation: pose.orientation.inverse)
        #expect(((pose * back).place(Vector3(4, 5, 6)) - Vector3(4, 5, 6)).length < 1e-14)
    }

    /// Mass and inertia against a sum over small cubes.
    @Test(arguments: shapes)
    func `a solid weighs and resists as the sum of its parts`(shape: Shape) {
        let (step, density) = (0.005, 700.0)
        let half = Int(shape.radiusAround / step) + 1
        var (mass, inertia) = (0.0, Inertia.zero)
        for x in -half..<half {
            for y in -half..<half {
                for z in -half..<half {
                    let place = step * Vector3(Double(x) + 0.5, Double(y) + 0.5, Double(z) + 0.5)
                    guard shape.holds(place) else { continue }
                    mass += density * step * step * step
                    inertia = inertia + .ofPoint(mass: density * step * step * step, at: place)
                }
            }
        }
        let sum = shape.solid(density: density)
        #expect(abs(sum.mass / mass - 1) < 0.02)
        for (whole, parts) in zip(sum.inertia.principalMoments, inertia.principalMoments) {
            #expect(abs(whole / parts - 1) < 0.04)
        }
        #expect(abs(sum.mass - density * shape.volume) < 1e-12)
    }

    @Test func `a closed surface has the volume, area and centre of what it closes in`() {
        let wedge = Self.wedge.seen(from: Vector3(-3, 5, 7))
        let sloping = Vector3(0.2, 0.3, 0).length * 0.4
        #expect(abs(wedge.volume - 0.012) < 1e-15)
        #expect(abs(wedge.surface - (0.2 * 0.3 + 0.2 * 0.4 + 0.3 * 0.4 + sloping)) < 1e-14)
        let solid = wedge.solid(density: 500)
        #expect(abs(solid.mass - 6) < 1e-12)
        #expect((solid.centerOfMass - Vector3(3, -5, -7)).length < 1e-13)
        // Seen from afar it resists as from near, but for rounding.
        let near = Self.wedge.solid(density: 500).inertia
        #expect(abs(near.xy - solid.inertia.xy) < 1e-13 && near.xy > 0.001)
        // Inside out it closes nothing in.
        let inverted = Polyhedron(
            points: wedge.points, triangles: wedge.triangles.map { [$0.x, $0.z, $0.y] })
        #expect(inverted.volume < 0 && inverted.solid(density: 500) == MassProperties())
    }

    @Test(arguments: shapes)
    func `no point of a shape lies beyond its reach`(shape: Shape) {
        for direction in [Vector3(0, 0, 1), Vector3(1, 0, 0), Vector3(0.6, 0, -0.8)] {
            let reach = shape.reach(along: direction)
            #expect(reach > 0 && reach <= shape.radiusAround + 1e-15)
            #expect(!shape.holds(-(reach + 1e-9) * direction))
        }
    }
}

extension Shape {
    /// Whether a point of the shape's frame is inside.
    fileprivate func holds(_ point: Vector3) -> Bool {
        let across = Vector3(point.x, point.y, 0).length
        return switch self {
        case .box(let size):
            abs(point.x) <= size.x / 2 && abs(point.y) <= size.y / 2 && abs(point.z) <= size.z / 2
        case .sphere(let radius): point.length <= radius
        case .cylinder(let radius, let length): across <= radius && abs(point.z) <= length / 2
        case .capsule(let radius, let length):
            Vector3(across, 0, max(0, abs(point.z) - length / 2)).length <= radius
        case .hull(let hull):
            hull.triangles.allSatisfy { hull.doubleArea($0).dot(point - hull.corners($0).0) <= 0 }
        }
    }
}
