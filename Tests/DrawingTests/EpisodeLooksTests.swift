// SPDX-License-Identifier: MIT

import Drawing
import Foundation
import Geometry
import Scenes
import Testing

/// What of a task is seen in pictures of an episode: commands, targets, slopes, and which part hides which.
struct EpisodeLooksTests {
    /// The mean place across the picture, from -1 to 1, and the count of the pixels in which one colour is far above the others.
    static func coloured(_ picture: Picture, _ part: Int, above: Int = 30) -> (x: Double, count: Int) {
        var (sum, count) = (0.0, 0)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let colour = SIMD3<Int>(truncatingIfNeeded: picture[x, y])
                let others = max(colour[(part + 1) % 3], colour[(part + 2) % 3])
                guard colour[part] > others + above else { continue }
                sum += 2 * Double(x) / Double(picture.width) - 1
                count += 1
            }
        }
        return (count > 0 ? sum / Double(count) : .nan, count)
    }

    @Test func `a command is an arrow that points where it is to go`() throws {
        func arrow(_ x: Double, _ y: Double) throws -> (x: Double, count: Int) {
            let (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 1) { _, frame in
                frame.command = Vector3(x, y, 0)
                for link in frame.links.indices { frame.links[link].orientation = .identity }
            }
            let pictures = try #require(EpisodePictures(scene, frames, width: 320, height: 240))
            return Self.coloured(pictures.picture(0), 1)
        }
        // The camera looks along y, and from the right: x and y both go to the right.
        for (x, y) in [(0.4, 0.0), (0.0, 0.6)] {
            let (there, back) = (try arrow(x, y), try arrow(-x, -y))
            #expect(there.count > 20 && back.count > 20, "\(there) \(back)")
            #expect(there.x > back.x + 0.02, "\(there) \(back)")
        }
        #expect(try arrow(0, 0).count == 0)
    }

    @Test func `a target is a red ball`() throws {
        let (scene, frames) = try EpisodePicturesTests.episode("reacher", steps: 1)
        var without = frames
        for index in without.indices { without[index].target = nil }
        let counts = try [frames, without].map { frames in
            let pictures = try #require(EpisodePictures(scene, frames, width: 320, height: 240))
            return Self.coloured(pictures.picture(0), 0, above: 60).count
        }
        #expect(counts[0] > counts[1] + 10, "\(counts)")
    }

    @Test func `in outlines a slope rises ahead, and what is nearer is drawn later`() throws {
        var (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 1)
        scene.groundSlope = 0.2
        let elements = try SVGElement.all(in: FigureStrip(scene, [frames[0]], title: "").svg)
        let ground = try #require(elements.first { $0.name == "line" && $0["class"] == "axis" })
        let ends = ["x1", "y1", "x2", "y2"].map { Double(ground[$0] ?? "") ?? .nan }
        // Rows count downwards.
        #expect(abs((ends[3] - ends[1]) / (ends[2] - ends[0]) + tan(0.2)) < 0.02, "\(ends)")
        let solid = EpisodeScene.Form.solid(.sphere(radius: 0.1))
        scene.parts = [.init(solid, link: 0), .init(solid, link: 1)]
        for (near, order) in [(0, ["#e07a5f", "#2a6f97"]), (1, ["#2a6f97", "#e07a5f"])] {
            frames[0].links[near].position.y = -1
            frames[0].links[1 - near].position.y = 1
            let outlines = try SVGElement.all(in: FigureStrip(scene, [frames[0]], title: "").svg)
                .filter { $0["stroke-linecap"] == "round" }
            #expect(outlines.map { $0["stroke"] } == order)
        }
    }

    @Test func `a strip does not count the way of the robot as a whole`() throws {
        // It glides at first, and turns a leg at last.
        let (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 40)
        let moves = frames.indices.map { index in
            var frame = frames[0]
            for link in frame.links.indices { frame.links[link].position.x += 0.2 * Double(index) }
            if index > 30 {
                frame.links[1].orientation = Quaternion(
                    angle: 0.1 * Double(index - 30), about: Vector3(0, 1, 0))
            }
            return frame
        }
        let pictures = try #require(EpisodePictures(scene, moves, width: 16, height: 16))
        let times = pictures.strip(6).times
        #expect(times.count { $0 > 29.5 * scene.period } >= 4, "\(times)")
    }

    @Test func `at the rate of the frames a film has each of them`() throws {
        let (scene, frames) = try EpisodePicturesTests.episode("pendulum", steps: 12)
        let pictures = try #require(EpisodePictures(scene, frames, width: 16, height: 16))
        #expect(pictures.indices(perSecond: 1 / scene.period) == Array(frames.indices))
        // At three a frame, each time is nearest to its own.
        #expect(
            pictures.indices(perSecond: 3 / scene.period) == (0...36).map { Int((Double($0) / 3).rounded()) })
    }

    @Test func `ground has the normals of its slopes, boxes are sharp and balls are smooth`() {
        let heights = (0..<20).map { index -> Float in
            let (column, row) = (Float(index % 5), Float(index / 5))
            return 0.3 * 0.5 * column - 0.2 * 0.25 * row
        }
        let ground = TriangleMesh(heights: heights, columns: 5, origin: .zero, cell: [0.5, 0.25])
        let normal = 1 / Vector3(-0.3, 0.2, 1).length * Vector3(-0.3, 0.2, 1)
        // Within; at the edge there is no point beside it to one side.
        for index in [6, 7, 8, 11, 12, 13] {
            let own = ground.normals[index]
            #expect((Vector3(Double(own.x), Double(own.y), Double(own.z)) - normal).length < 1e-6)
        }
        let faces = TriangleMesh(.hull(RasteriserTests.tetrahedron))
        for triangle in faces.triangles {
            let normals = [triangle.x, triangle.y, triangle.z].map { faces.normals[Int($0)] }
            #expect(normals.allSatisfy { (($0 - normals[0]) * ($0 - normals[0])).sum() < 1e-9 })
        }
        let round = TriangleMesh(.sphere(radius: 2))
        let ball = Polyhedron(
            points: round.points.map { Vector3(Double($0.x), Double($0.y), Double($0.z)) },
            triangles: round.triangles.map { SIMD3(truncatingIfNeeded: $0) })
        let smooth = TriangleMesh(.hull(ball))
        for (point, normal) in zip(smooth.points, smooth.normals) {
            #expect((point * normal).sum() > 0.99 * 2)
        }
    }
}
