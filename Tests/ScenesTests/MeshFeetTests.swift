// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// The quadruped on feet from STL files stands as it does on its balls.
struct MeshFeetTests {
    /// The quadruped with this mesh, beside its file, for each foot.
    private func robot(feet facets: [[Vector3]], scale: String = "1 1 1") throws -> Robot {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "feet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var stl = "solid foot\n"
        for facet in facets {
            stl += "facet normal 0 0 0\nouter loop\n"
            for corner in facet { stl += "vertex \(corner.x) \(corner.y) \(corner.z)\n" }
            stl += "endloop\nendfacet\n"
        }
        try Data((stl + "endsolid\n").utf8).write(to: folder.appendingPathComponent("foot.stl"))
        let urdf = try String(
            contentsOfFile: ShippedScenes.folder + "/Robots/quadruped.urdf", encoding: .utf8
        )
        .replacing("<sphere radius=\"0.02\"/>", with: "<mesh filename=\"foot.stl\" scale=\"\(scale)\"/>")
        return try Robot(urdf: urdf, file: folder.path + "/quadruped.urdf")
    }

    /// The corners of a ball's rings, in strips of four.
    private func ball(radius: Double, segments: Int) -> [[Vector3]] {
        func point(_ ring: Int, _ k: Int) -> Vector3 {
            let (up, around) = (
                Double.pi * Double(ring) / Double(segments), 2 * Double.pi * Double(k) / Double(segments)
            )
            return radius * Vector3(sin(up) * cos(around), sin(up) * sin(around), -cos(up))
        }
        return (0..<segments).flatMap { ring in
            (0..<segments).map { k in
                [point(ring, k), point(ring, k + 1), point(ring + 1, k + 1), point(ring + 1, k)]
            }
        }
    }

    @Test func `a scene says what meshes touch with, by links that there are`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "collision-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var stl = "solid foot\n"
        for facet in ball(radius: 0.02, segments: 24) {
            stl += "facet normal 0 0 0\nouter loop\n"
            for corner in facet { stl += "vertex \(corner.x) \(corner.y) \(corner.z)\n" }
            stl += "endloop\nendfacet\n"
        }
        try Data((stl + "endsolid\n").utf8).write(to: folder.appendingPathComponent("foot.stl"))
        let urdf = try String(
            contentsOfFile: ShippedScenes.folder + "/Robots/quadruped.urdf", encoding: .utf8
        )
        .replacing("<sphere radius=\"0.02\"/>", with: "<mesh filename=\"foot.stl\"/>")
        try Data(urdf.utf8).write(to: folder.appendingPathComponent("dog.urdf"))
        let text = try String(
            contentsOfFile: ShippedScenes.folder + "/Scenes/quadruped.yaml", encoding: .utf8
        )
        .replacing("robot: quadruped.urdf", with: "robot: dog.urdf\ncollision: BLOCK")
        func feet(_ block: String) throws -> Int {
            let scene = try Scene(
                yaml: text.replacing("BLOCK", with: block), file: folder.path + "/dog.yaml")
            return scene.robot.links.flatMap(\.shapes).count { shape in
                if case .hull = shape.geometry { true } else { false }
            }
        }
        let foot = try #require(
            Robot.load(file: folder.path + "/dog.urdf").links.flatMap(\.shapes).first {
                $0.link.hasSuffix("_foot")
            })
        #expect(try feet("{}") == 0)
        #expect(try feet("{kind: hull}") == 4)
        #expect(try feet("{hull: [\(foot.link)]}") == 1)
        #expect(try feet("{kind: hull, primitive: [\(foot.link)]}") == 3)
        let wrong = #expect(throws: DescriptionError.self) { try feet("{hull: [fot]}") }
        #expect(wrong?.errors.contains { $0.description.contains("no link 'fot'") } == true)
    }

    @Test func `feet that are balls in triangles become balls`() throws {
        let robot = try robot(feet: ball(radius: 20, segments: 24), scale: "0.001 0.001 0.001")
        let feet = robot.links.flatMap(\.shapes).filter { $0.link.hasSuffix("_foot") }
        #expect(feet.count == 4)
        for foot in feet {
            guard case .sphere(let radius) = foot.geometry else { return #expect(Bool(false), "\(foot)") }
            #expect(abs(radius - 0.02) < 1e-9)
        }
    }

    @Test(arguments: [Solver.ode, .articulated])
    func `a robot on feet that are hulls stands, holds its weight and does not creep`(solver: Solver) throws {
        // A pyramid of eight sides that stands on its blunt end.
        let rim = (0..<8).map { k in
            let angle = Double.pi / 4 * Double(k)
            return (Vector3(0.012 * cos(angle), 0.012 * sin(angle), -0.02), Vector3(0, 0, 0.03))
        }
        let facets = (0..<8).map { [rim[$0].0, rim[($0 + 1) % 8].0, rim[$0].1] } + [rim.reversed().map(\.0)]
        var scene = try ShippedScenes.load("quadruped").withoutChance
        scene.robot = try robot(feet: facets)
        scene.physics.solver = solver
        scene.termination = []
        let feet = scene.robot.links.flatMap(\.shapes).filter { $0.link.hasSuffix("_foot") }
        for foot in feet {
            guard case .hull(let hull) = foot.geometry else { return #expect(Bool(false), "\(foot)") }
            #expect(hull.points.count == 9)
        }
        let driver = try Driver(scene)
        try driver.reset()
        let environment = driver.environment
        let weight = scene.robot.totalMass * 9.81
        var place = Vector3.zero
        while environment.time < 10 {
            try driver.step(all: 0)
            let reading = environment.reading
            if environment.time <= 3 { place = reading.position(ofLink: 0) }
            guard environment.time > 3 else { continue }
            let force = scene.robot.links.indices.reduce(Vector3.zero) {
                $0 + reading.contactForce(onLink: $1)
            }
            #expect((force - Vector3(0, 0, weight)).length < 0.02 * weight, "\(environment.time) s: \(force)")
            #expect((reading.position(ofLink: 0) - place).length < 2e-3, "\(environment.time) s")
        }
        #expect(place.z > 0.25)
    }
}
