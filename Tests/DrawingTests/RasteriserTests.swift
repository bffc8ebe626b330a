// SPDX-License-Identifier: MIT

import Drawing
import Files
import Geometry
import Testing

/// Pictures against closed forms: where a point must be, how large a ball is, what hides what, and where a shadow falls.
struct RasteriserTests {
    static let (width, height) = (320, 240)
    static let camera = Camera(eye: Vector3(3, -4, 2.5), target: Vector3(0.2, 0, 0.5), zoom: 1.5)

    static func draw(_ solids: [Solid], ground: Bool = false, from camera: Camera = camera) -> Picture {
        var stage = Stage()
        stage.solids = solids
        stage.ground = ground ? Vector3(0, 0, 1) : nil
        (stage.centre, stage.reach) = (Vector3(0, 0, 0.5), 2)
        stage.light = light
        return Rasteriser(width: width, height: height).draw(stage, from: camera)
    }

    static let light = Vector3(-1, -0.5, 2)

    /// The pixel that a point is seen in.
    static func pixel(_ point: Vector3, from camera: Camera = camera) -> (x: Int, y: Int) {
        let way = camera.target - camera.eye
        let forward = 1 / way.length * way
        let side = forward.cross(Vector3(0, 0, 1))
        let right = 1 / side.length * side
        let seen = point - camera.eye
        let scale = camera.zoom * Double(height) / seen.dot(forward)
        return (
            Int(Double(width) / 2 + scale * seen.dot(right)),
            Int(Double(height) / 2 - scale * seen.dot(right.cross(forward)))
        )
    }

    static func colour(_ picture: Picture, at point: Vector3) -> SIMD3<Int> {
        let (x, y) = pixel(point)
        return SIMD3(truncatingIfNeeded: picture[x, y])
    }

    static func ball(_ place: Vector3, _ colour: UInt32, radius: Double = 0.12) -> Solid {
        Solid(TriangleMesh(.sphere(radius: radius)), at: Pose(position: place), Colour(colour))
    }

    @Test func `each axis points where it must`() {
        let places = [
            Vector3(0.8, 0, 0.3), Vector3(0, 0.8, 0.3), Vector3(0, 0, 1.1), Vector3(0.7, -0.7, 0.2),
        ]
        let picture = Self.draw([
            Self.ball(places[0], 0xff0000), Self.ball(places[1], 0x00ff00), Self.ball(places[2], 0x0000ff),
            Self.ball(places[3], 0x000000),
        ])
        for (part, place) in places.prefix(3).enumerated() {
            let colour = Self.colour(picture, at: place)
            #expect(colour[part] > 80 + colour[(part + 1) % 3], "\(part): \(colour)")
            #expect(colour[part] > 80 + colour[(part + 2) % 3], "\(part): \(colour)")
        }
        #expect(Self.colour(picture, at: places[3]).max() < 100)
    }

    @Test func `a turned box is where its pose puts it`() {
        // A long bar along its own x, turned by 90 degrees about z: it lies along y.
        let turn = Quaternion(angle: .pi / 2, about: Vector3(0, 0, 1))
        let bar = Solid(
            TriangleMesh(.box(size: Vector3(1.6, 0.2, 0.2))),
            at: Pose(position: Vector3(0, 0, 0.5), orientation: turn), Colour(0x000000))
        let picture = Self.draw([bar])
        for end in [-0.7, 0.7] {
            #expect(Self.colour(picture, at: Vector3(0, end, 0.5)).max() < 120)
            #expect(Self.colour(picture, at: Vector3(end, 0, 0.5)).min() > 150)
        }
    }

    @Test(arguments: [0.15, 0.4, 0.9])
    func `a ball covers the area that perspective gives it`(radius: Double) {
        let middle = Self.camera.target
        let empty = Self.draw([])
        let picture = Self.draw([Self.ball(middle, 0x000000, radius: radius)])
        // How much of each pixel is no longer what is behind: at its edge the ball is black, and bytes are roots of light.
        var area = 0.0
        for y in 0..<Self.height {
            for x in 0..<Self.width where picture[x, y] != empty[x, y] {
                let around = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
                let isInside = around.allSatisfy { picture[$0.0, $0.1] != empty[$0.0, $0.1] }
                let light = Double(picture[x, y].x) / Double(empty[x, y].x)
                area += isInside ? 1 : 1 - light * light
            }
        }
        let distance = (Self.camera.eye - middle).length
        let scale = Self.camera.zoom * Double(Self.height)
        let seen = scale * radius / (distance * distance - radius * radius).squareRoot()
        // Pixels at the edge count fully where all beside them are touched.
        #expect(abs(area / (.pi * seen * seen) - 1) < 0.02 + 0.15 / seen, "\(area) of \(.pi * seen * seen)")
    }

    @Test func `what is nearer hides what is behind it, in either order`() {
        let box = TriangleMesh(.box(size: Vector3(0.5, 0.5, 0.5)))
        let towards =
            1 / (Self.camera.eye - Self.camera.target).length * (Self.camera.eye - Self.camera.target)
        let near = Solid(box, at: Pose(position: Self.camera.target + 1.5 * towards), Colour(0xff0000))
        let far = Solid(box, at: Pose(position: Self.camera.target), Colour(0x0000ff))
        for solids in [[near, far], [far, near]] {
            let colour = Self.colour(Self.draw(solids), at: Self.camera.target)
            #expect(colour.x > colour.z + 80)
        }
        // Two plates through each other: each is seen on its own side of where they meet.
        let flat = TriangleMesh(.box(size: Vector3(1, 1, 0.02)))
        func plate(_ angle: Double, _ colour: UInt32) -> Solid {
            let turn = Quaternion(angle: angle, about: Vector3(1, 0, 0))
            return Solid(flat, at: Pose(position: Vector3(0, 0, 0.5), orientation: turn), Colour(colour))
        }
        let picture = Self.draw([plate(0.4, 0xff0000), plate(-0.4, 0x0000ff)])
        // Turned by 0.4 about x, the first is lower in front, at -y.
        let (front, back) = (
            Self.colour(picture, at: Vector3(0, -0.35, 0.5 + 0.148)),
            Self.colour(picture, at: Vector3(0, 0.35, 0.5 + 0.148))
        )
        #expect(front.z > front.x + 60 && back.x > back.z + 60, "\(front) \(back)")
    }

    @Test func `a shadow falls where the light's ray meets the ground`() {
        let height = 0.8
        let box = Solid(
            TriangleMesh(.box(size: Vector3(0.5, 0.5, 0.1))), at: Pose(position: Vector3(0, 0, height)),
            Colour(0x808080))
        let (empty, picture) = (Self.draw([], ground: true), Self.draw([box], ground: true))
        // From the box along the light down to the ground.
        let fall = Vector3(-height * Self.light.x / Self.light.z, -height * Self.light.y / Self.light.z, 0)
        for offset in [Vector3.zero, Vector3(0.18, 0, 0), Vector3(0, -0.18, 0), Vector3(-0.18, 0.18, 0)] {
            let (before, after) = (
                Self.colour(empty, at: fall + offset), Self.colour(picture, at: fall + offset)
            )
            #expect(Double(after.x) < 0.85 * Double(before.x), "\(offset.components): \(before) \(after)")
        }
        // Outside by a little more than its edge is soft, and where a light from the other side would throw it.
        for offset in [Vector3(0.36, 0, 0), Vector3(0, 0.36, 0), -2 * fall] {
            #expect(Self.colour(empty, at: fall + offset) == Self.colour(picture, at: fall + offset))
        }
        // A face in the light does not shade itself.
        let lit = Self.colour(picture, at: Vector3(0, 0, height + 0.05))
        let alone = Self.colour(Self.draw([box]), at: Vector3(0.1, 0.1, height + 0.05))
        #expect(abs(lit.x - alone.x) < 8 && lit.x > 120, "\(lit) \(alone)")
    }

    @Test func `ground hides what is under it, and tiles change from one to the next`() {
        let (above, below) = (
            Self.ball(Vector3(0, 0, 0.3), 0x000000), Self.ball(Vector3(0, 0, -0.3), 0x000000)
        )
        #expect(Self.draw([below], ground: true) == Self.draw([], ground: true))
        #expect(Self.draw([above], ground: true) != Self.draw([], ground: true))
        #expect(Self.draw([below]) != Self.draw([]))
        let picture = Self.draw([], ground: true)
        let tiles = [(0.25, 0.25), (-0.25, 0.25), (-0.25, -0.25), (0.25, -0.25)].map {
            Self.colour(picture, at: Vector3($0, $1, 0)).x
        }
        #expect(abs(tiles[0] - tiles[2]) < 6 && abs(tiles[1] - tiles[3]) < 6)
        #expect(abs(tiles[0] - tiles[1]) > 8)
    }

    @Test(arguments: [
        Shape.box(size: Vector3(0.3, 0.5, 0.7)), .sphere(radius: 0.4), .cylinder(radius: 0.3, length: 0.8),
        .capsule(radius: 0.2, length: 0.5), .hull(tetrahedron),
    ])
    func `a shape's surface is closed, turned outwards and as large as the shape`(shape: Shape) {
        let mesh = TriangleMesh(shape)
        let surface = Polyhedron(
            points: mesh.points.map { Vector3(Double($0.x), Double($0.y), Double($0.z)) },
            triangles: mesh.triangles.map { SIMD3(truncatingIfNeeded: $0) })
        #expect(abs(surface.volume / shape.volume - 1) < 0.02)
        #expect(mesh.normals.allSatisfy { abs(($0 * $0).sum() - 1) < 1e-5 })
        for (point, normal) in zip(surface.points, mesh.normals) {
            // From the middle outwards.
            #expect(point.dot(Vector3(Double(normal.x), Double(normal.y), Double(normal.z))) > 0)
        }
    }

    static let tetrahedron = Polyhedron(
        points: [Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1)].map {
            0.3 * $0
        },
        triangles: [[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]])

    @Test func `nothing that is seen from within, from behind, from far away or is no number stops it`() {
        let plate = TriangleMesh(.box(size: Vector3(1e4, 1e4, 0.01)))
        let poses = [
            Pose(position: Self.camera.eye), Pose(position: Vector3(.nan, 0, 0)),
            Pose(position: Vector3(1e300, 0, 0)),
            Pose(position: Vector3(0, 0, .infinity)), Pose(position: Vector3(0, 0, 2.4)),
            Pose(orientation: Quaternion(w: .nan, x: 0, y: 0, z: 0)), Pose(position: 3 * Self.camera.eye),
        ]
        for pose in poses {
            for mesh in [plate, TriangleMesh(.sphere(radius: 0.5)), TriangleMesh(.box(size: .zero))] {
                _ = Self.draw([Solid(mesh, at: pose, Colour(0x336699))], ground: true)
            }
        }
        // A plate that goes through the camera's own plane is seen in front of it and not behind.
        let level = Camera(eye: Vector3(3, -4, 1), target: Vector3(0, 0, 1.2))
        let floor = Solid(plate, at: Pose(position: Vector3(0, 0, -0.5)), Colour(0x000000))
        let picture = Self.draw([floor], from: level)
        #expect(SIMD3<Int>(truncatingIfNeeded: picture[160, 230]).max() < 120)
        #expect(SIMD3<Int>(truncatingIfNeeded: picture[160, 2]).min() > 150)
        for eye in [Vector3.zero, Vector3(0, 0, 3), Vector3(0, 0, -3), Vector3(.nan, 0, 1)] {
            _ = Self.draw([Self.ball(.zero, 0)], ground: true, from: Camera(eye: eye, target: .zero))
        }
    }

    @Test func `the same stage is the same bytes everywhere`() {
        let turn = Quaternion(w: 0.8, x: 0, y: 0.6, z: 0)
        var solids = [Self.ball(Vector3(0.5, 0.2, 0.4), 0xe09866, radius: 0.3)]
        for (index, shape) in [Shape.capsule(radius: 0.1, length: 0.5), .box(size: Vector3(0.4, 0.3, 0.2))]
            .enumerated()
        {
            let pose = Pose(position: Vector3(-0.4 * Double(index), -0.3, 0.4), orientation: turn)
            solids.append(Solid(TriangleMesh(shape), at: pose, Colour(0x4b7895)))
        }
        #expect(CRC32.checksum(of: Self.draw(solids, ground: true).bytes) == 3_958_292_224)
        // On level ground, in a second picture of the same rasteriser, and far from the world's origin.
        var stage = Stage()
        (stage.solids, stage.ground) = (solids, Vector3(0, 0, 1))
        let rasteriser = Rasteriser(width: 80, height: 60)
        let first = rasteriser.draw(stage, from: Self.camera)
        #expect(rasteriser.draw(Stage(), from: Self.camera) != first)
        #expect(rasteriser.draw(stage, from: Self.camera) == first)
    }
}
