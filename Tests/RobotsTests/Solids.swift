// SPDX-License-Identifier: MIT

import Foundation
import Geometry

/// Meshes of solids, and how files hold them.
enum Solids {
    /// A box about the origin.
    static func box(_ size: Vector3) -> Polyhedron {
        var points: [Vector3] = []
        for x in [-0.5, 0.5] {
            for y in [-0.5, 0.5] {
                for z in [-0.5, 0.5] { points.append(Vector3(x * size.x, y * size.y, z * size.z)) }
            }
        }
        return Polyhedron(
            points: points,
            triangles: [
                [0, 1, 3], [0, 3, 2], [4, 7, 5], [4, 6, 7], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6],
                [0, 2, 6],
                [0, 6, 4], [1, 5, 7], [1, 7, 3],
            ])
    }

    /// What a profile of (radius, height), from the bottom up and with radius 0 at its ends, sweeps out about z.
    static func turned(_ profile: [(radius: Double, height: Double)], segments: Int) -> Polyhedron {
        var mesh = Polyhedron(points: [], triangles: [])
        for (radius, height) in profile {
            for k in 0..<segments {
                let angle = 2 * Double.pi * Double(k) / Double(segments)
                mesh.points.append(Vector3(radius * cos(angle), radius * sin(angle), height))
            }
        }
        for ring in 0..<(profile.count - 1) {
            for k in 0..<segments {
                let (a, b) = (UInt32(ring * segments + k), UInt32(ring * segments + (k + 1) % segments))
                let (c, d) = (a + UInt32(segments), b + UInt32(segments))
                mesh.triangles += [[a, b, d], [a, d, c]]
            }
        }
        return mesh
    }

    static func cylinder(radius: Double, length: Double, segments: Int) -> Polyhedron {
        turned(
            [(0, -length / 2), (radius, -length / 2), (radius, length / 2), (0, length / 2)],
            segments: segments)
    }

    /// A capsule, or with length 0 a ball; `rings` for each half ball.
    static func capsule(radius: Double, length: Double, segments: Int, rings: Int) -> Polyhedron {
        var profile: [(Double, Double)] = []
        for side in [-1.0, 1.0] {
            for k in 0...rings {
                let angle =
                    Double.pi / 2 * (side < 0 ? 1 - Double(k) / Double(rings) : Double(k) / Double(rings))
                profile.append((radius * cos(angle), side * (length / 2 + radius * sin(angle))))
            }
        }
        return turned(profile, segments: segments)
    }

    /// A plate of 0.3 x 0.1 m that is bent by a right angle in its middle.
    static let bentPlate: Polyhedron = {
        var mesh = box(Vector3(0.15, 0.1, 0.004)).moved(to: Vector3(0.075, 0, 0))
        let upright = box(Vector3(0.004, 0.1, 0.15)).moved(to: Vector3(0, 0, 0.075))
        mesh.triangles += upright.triangles.map { $0 &+ UInt32(mesh.points.count) }
        mesh.points += upright.points
        return mesh
    }()

    /// An STL file of text.
    static func textSTL(_ mesh: Polyhedron) -> String {
        var text = "solid part\n"
        for triangle in mesh.triangles {
            let (a, b, c) = mesh.corners(triangle)
            text += "  facet normal 0 0 0\n    outer loop\n"
            for point in [a, b, c] { text += "      vertex \(point.x) \(point.y) \(point.z)\n" }
            text += "    endloop\n  endfacet\n"
        }
        return text + "endsolid part\n"
    }

    /// An STL file of bytes.
    static func binarySTL(_ mesh: Polyhedron, count: UInt32? = nil) -> [UInt8] {
        var bytes = [UInt8](repeating: UInt8(ascii: "s"), count: 80)
        func add(_ value: UInt32) {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(value >> UInt32(shift) & 255)) }
        }
        add(count ?? UInt32(mesh.triangles.count))
        for triangle in mesh.triangles {
            let (a, b, c) = mesh.corners(triangle)
            for point in [Vector3.zero, a, b, c] {
                for number in point.components { add(Float(number).bitPattern) }
            }
            bytes += [0, 0]
        }
        return bytes
    }
}

extension Polyhedron {
    func moved(to place: Vector3) -> Polyhedron { seen(from: -place) }

    func placed(at pose: Pose) -> Polyhedron {
        Polyhedron(points: points.map(pose.place), triangles: triangles)
    }
}
