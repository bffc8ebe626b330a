// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Testing

/// What is made of meshes: the primitive that one is, or its hull.
struct CollisionMeshTests {
    private let pose = Pose(
        position: Vector3(0.3, -0.2, 0.1), orientation: Quaternion(roll: 0.4, pitch: -0.9, yaw: 2.1))

    @Test func `a box is found with its size and its pose`() throws {
        let size = Vector3(0.1, 0.2, 0.35)
        let found = try CollisionMesh(Solids.box(size).placed(at: pose))
        guard case .box(let side) = found.shape else { return #expect(Bool(false), "\(found.shape)") }
        #expect(zip(side.components.sorted(), size.components).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect((found.pose.position - pose.position).length < 1e-12)
        // The same matter in the same place, whichever side is called x.
        let own = found.shape.solid(density: 1).placed(at: found.pose).inertia
        let wanted = Shape.box(size: size).solid(density: 1).placed(at: pose).inertia
        for (a, b) in [(own.xx, wanted.xx), (own.yy, wanted.yy), (own.xy, wanted.xy), (own.xz, wanted.xz)] {
            #expect(abs(a - b) < 1e-14)
        }
    }

    @Test func `a capsule of 32 segments in an STL file is a capsule`() throws {
        let solid = Solids.capsule(radius: 0.05, length: 0.2, segments: 32, rings: 8).placed(at: pose)
        let mesh = try MeshFile.mesh(Solids.binarySTL(solid), name: "thigh.STL")
        let found = try CollisionMesh(mesh)
        guard case .capsule(let radius, let length) = found.shape else {
            return #expect(Bool(false), "\(found.shape)")
        }
        #expect(abs(radius - 0.05) < 1e-4 && abs(length - 0.2) < 2e-4)
        #expect((found.pose.position - pose.position).length < 1e-5)
        let axis = found.pose.orientation.rotate(Vector3(0, 0, 1))
        #expect(abs(axis.dot(pose.orientation.rotate(Vector3(0, 0, 1)))) > 1 - 1e-8)
    }

    @Test(arguments: [12, 16, 25, 64])
    func `a cylinder is found from twelve segments on`(segments: Int) throws {
        // Also one that turns about all axes alike.
        for length in [0.02, 3.0.squareRoot() * 0.04, 0.3] {
            let solid = Solids.cylinder(radius: 0.04, length: length, segments: segments).placed(at: pose)
            let found = try CollisionMesh(solid)
            guard case .cylinder(let radius, let height) = found.shape else {
                return #expect(Bool(false), "\(found.shape)")
            }
            #expect(abs(radius - 0.04) < 1e-9 && abs(height - length) < 1e-9)
            #expect((found.pose.position - pose.position).length < 1e-9)
        }
    }

    @Test func `a ball is found, and what only resembles one is not`() throws {
        let ball = Solids.capsule(radius: 0.03, length: 0, segments: 24, rings: 6).placed(at: pose)
        let found = try CollisionMesh(ball)
        guard case .sphere(let radius) = found.shape else { return #expect(Bool(false), "\(found.shape)") }
        #expect(abs(radius - 0.03) < 1e-9 && (found.pose.position - pose.position).length < 1e-9)
        // The corners of a cube and of a prism of six sides lie on a ball and on a cylinder.
        let cube = try CollisionMesh(Solids.box(Vector3(1, 1, 1)))
        guard case .box = cube.shape else { return #expect(Bool(false), "\(cube.shape)") }
        let prism = try CollisionMesh(Solids.cylinder(radius: 0.1, length: 0.2, segments: 6))
        guard case .hull(let hull) = prism.shape else { return #expect(Bool(false), "\(prism.shape)") }
        #expect(hull.points.count == 12)
    }

    @Test func `a bent plate is a hull, and so is a box where hulls are asked for`() throws {
        let plate = try CollisionMesh(Solids.bentPlate)
        guard case .hull(let hull) = plate.shape else { return #expect(Bool(false), "\(plate.shape)") }
        // A wedge of two squares with edges cut off: half of 0.15 x 0.15 x 0.1 and a little more.
        #expect(hull.volume > 0.001125 && hull.volume < 0.0013)
        #expect(plate.shape.solid(density: 1).centerOfMass.length < 1e-12)
        let box = try CollisionMesh(Solids.box(Vector3(1, 2, 3)), as: .hull)
        guard case .hull(let corners) = box.shape else { return #expect(Bool(false), "\(box.shape)") }
        #expect(corners.points.count == 8 && abs(corners.volume - 6) < 1e-12)
    }

    /// Points in and on a ball, from a generator of our own.
    private static func cloud(_ count: Int, seed: UInt64) -> Polyhedron {
        var state = seed
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53 * 2 - 1
        }
        let points = (0..<count).map { _ in Vector3(next(), 0.5 * next(), 0.3 * next()) }
        return Polyhedron(
            points: points, triangles: (0..<UInt32(count - 2)).map { [$0, $0 + 1, $0 + 2] })
    }

    @Test(arguments: 1...20)
    func `a hull holds all corners, and of many keeps what reaches out farthest`(seed: Int) throws {
        let mesh = Self.cloud(seed <= 10 ? 5 + 2 * seed : 3000, seed: UInt64(seed))
        let found = try CollisionMesh(mesh, as: .hull)
        guard case .hull(let hull) = found.shape else { return #expect(Bool(false), "\(found.shape)") }
        #expect(hull.points.count <= CollisionMesh.mostCorners)
        // Of few points nothing is lost; of thousands in a box of 2 x 1 x 0.6 m a tenth at the most in any direction.
        let margin = seed <= 10 ? 1e-12 : 0.1
        for triangle in hull.triangles {
            let normal = 1 / hull.doubleArea(triangle).length * hull.doubleArea(triangle)
            let height = normal.dot(hull.corners(triangle).0)
            for point in mesh.points {
                #expect(normal.dot(point - found.pose.position) - height <= margin)
            }
        }
        // Each corner is one of the mesh's.
        for point in hull.points {
            #expect(mesh.points.contains { ($0 - found.pose.position - point).length < 1e-12 })
        }
        #expect(try CollisionMesh(mesh, as: .hull) == found)
    }

    @Test func `a scale counts, with its sign`() throws {
        let mesh = Solids.box(Vector3(100, 200, 300)).moved(to: Vector3(50, 0, 0))
        let found = try CollisionMesh(mesh, scale: Vector3(0.001, -0.001, 0.001))
        guard case .box(let size) = found.shape else { return #expect(Bool(false), "\(found.shape)") }
        #expect((size - Vector3(0.1, 0.2, 0.3)).length < 1e-12)
        #expect((found.pose.position - Vector3(0.05, 0, 0)).length < 1e-12)
    }

    @Test(arguments: [
        (Vector3(1, 1, 0), "a scale of 0 leaves nothing of it"), (Vector3(1, 1, .nan), "a scale of 0"),
        (Vector3(1e6, 1, 1), "it reaches 5e+05 m from its origin"), (Vector3(1e-7, 1, 1), "it is flat"),
    ])
    func `scales that leave nothing to touch with are refused`(scale: Vector3, problem: String) {
        let error = #expect(throws: MeshError.self) {
            try CollisionMesh(Solids.box(Vector3(1, 1, 1)), scale: scale)
        }
        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func `what has no area is refused, and what lies in a plane is a plate`() throws {
        let point = Polyhedron(points: [.zero, .zero, .zero], triangles: [[0, 1, 2]])
        #expect(throws: MeshError.self) { try CollisionMesh(point) }
        let square = Polyhedron(
            points: [.zero, Vector3(1, 0, 0), Vector3(1, 1, 0), Vector3(0, 1, 0)],
            triangles: [[0, 1, 2], [0, 2, 3]])
        #expect(throws: MeshError.self) {
            try CollisionMesh(
                Polyhedron(points: [.zero, Vector3(1, 0, 0), Vector3(2, 0, 0)], triangles: [[0, 1, 2]]))
        }
        // What lies in a plane is a plate of a millimetre: a sticker, the face of a tablet.
        let tilted = Quaternion(angle: 0.7, about: Vector3(0.6, 0, 0.8))
        let plate = try CollisionMesh(
            Polyhedron(points: square.points.map { tilted.rotate($0) }, triangles: square.triangles))
        guard case .box(let size) = plate.shape else { return #expect(Bool(false), "\(plate.shape)") }
        let sides = size.components.sorted()
        #expect(
            abs(sides[0] - 1e-3) < 1e-9 && abs(sides[1] - 1) < 1e-9 && abs(sides[2] - 1) < 1e-9, "\(size)")
        #expect((plate.pose.position - tilted.rotate(Vector3(0.5, 0.5, 0))).length < 1e-9)
    }

    @Test func `hundreds of thousands of points have their hull in seconds`() throws {
        let ball = Solids.capsule(radius: 1, length: 0.001, segments: 800, rings: 250)
        let found = try CollisionMesh(ball)
        guard case .sphere(let radius) = found.shape else { return #expect(Bool(false), "\(found.shape)") }
        #expect(abs(radius - 1) < 0.01)
    }
}
