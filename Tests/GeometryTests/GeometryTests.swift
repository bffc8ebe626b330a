// SPDX-License-Identifier: MIT

import Geometry
import Testing

struct GeometryTests {
    static let shapes: [Shape] = [
        .box(size: Vector3(0.2, 0.3, 0.4)), .sphere(radius: 0.2), .cylinder(radius: 0.1, length: 0.4),
        .capsule(radius: 0.1, length: 0.2),
    ]

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
            #expect(abs(whole / parts - 1) < 0.03)
        }
        #expect(abs(sum.mass - density * shape.volume) < 1e-12)
    }

    @Test(arguments: shapes)
    func `no point of a shape lies beyond its reach`(shape: Shape) {
        for direction in [Vector3(0, 0, 1), Vector3(1, 0, 0), Vector3(0.6, 0, -0.8)] {
            let reach = shape.reach(along: direction)
            #expect(reach > 0 && reach <= shape.radiusAround + 1e-15)
            #expect(!shape.holds((reach + 1e-9) * direction))
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
        }
    }
}
