// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Testing

/// What a robot looks like, as its file draws it.
struct VisualTests {
    private static let links = """
        <material name="grey"><color rgba="0.5 0.5 0.5 1"/></material>
        <link name="a">
          <visual><origin xyz="0 0 1"/><geometry><box size="1 2 3"/></geometry><material name="grey"/></visual>
          <visual><geometry><mesh filename="part.stl" scale="2 2 2"/></geometry>
            <material name="own"><color rgba="1 0 0 0.5"/></material></visual>
        </link>
        <link name="b"><visual><origin xyz="0 1 0"/><geometry><sphere radius="0.1"/></geometry></visual></link>
        <link name="c"><inertial><mass value="1"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>
          <visual><geometry><mesh filename="gone.stl"/></geometry></visual></link>
        <joint name="weld" type="fixed"><parent link="a"/><child link="b"/><origin xyz="5 0 0"/></joint>
        <joint name="turn" type="continuous"><parent link="a"/><child link="c"/><axis xyz="0 0 1"/></joint>
        """

    @Test func `shapes, meshes and colours are where the file has them`() throws {
        let folder = URL(filePath: NSTemporaryDirectory() + "sinew-visuals-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let mesh = Solids.box(Vector3(0.1, 0.2, 0.3))
        try Data(Solids.binarySTL(mesh)).write(to: folder.appending(path: "part.stl"))
        let text = "<robot name='r'>\(Self.links)</robot>"
        let robot = try Robot(urdf: text, file: folder.appending(path: "r.urdf").path)
        let visuals = robot.visuals(
            urdf: Array(text.utf8), file: folder.appending(path: "r.urdf").path, MeshFinder())
        #expect(visuals.parts.map(\.link) == [0, 0, 0])
        #expect(visuals.incomplete == [1])
        #expect(visuals.parts[0].form == .solid(.box(size: Vector3(1, 2, 3))))
        #expect(visuals.parts[0].origin.position == Vector3(0, 0, 1))
        #expect(visuals.parts[0].colour == SIMD4(0.5, 0.5, 0.5, 1))
        #expect(visuals.parts[1].colour == SIMD4(1, 0, 0, 0.5))
        guard case .surface(let surface) = visuals.parts[1].form else {
            return #expect(Bool(false), "no mesh")
        }
        #expect(abs(surface.volume - 8 * mesh.volume) < 1e-6)
        // Welded to a, 5 m from it.
        #expect(visuals.parts[2].origin.position == Vector3(5, 1, 0))
        #expect(visuals.parts[2].colour == nil)
    }

    @Test func `a colour that stands in a part goes before its name's, and is cut to what there is`() throws {
        let ball = "<geometry><sphere radius='1'/></geometry>"
        let text = """
            <robot name='r'><material name='m'><color rgba='0 0 1 1'/></material>
            <link name='a'><inertial><mass value='1'/></inertial>
            <visual>\(ball)<material name='m'><color rgba='1.5 -1 0.25 1'/></material></visual>
            <visual>\(ball)<material name='m'/></visual>
            <visual>\(ball)<material name='n'><color rgba='1 1'/></material></visual></link></robot>
            """
        let robot = try Robot(urdf: text, file: "r.urdf")
        let visuals = robot.visuals(urdf: Array(text.utf8), file: "r.urdf", MeshFinder())
        #expect(visuals.parts.map(\.colour) == [SIMD4(1, 0, 0.25, 1), SIMD4(0, 0, 1, 1), nil])
    }

    @Test func `a mesh of many triangles keeps its looks with few`() throws {
        let ball = Solids.capsule(radius: 0.5, length: 1, segments: 400, rings: 100)
        #expect(ball.triangles.count > 100_000)
        let folder = URL(filePath: NSTemporaryDirectory() + "sinew-visuals-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Solids.binarySTL(ball)).write(to: folder.appending(path: "ball.stl"))
        let text =
            "<robot name='r'><link name='a'><inertial><mass value='1'/></inertial><visual><geometry><mesh filename='ball.stl'/></geometry></visual></link></robot>"
        let robot = try Robot(urdf: text, file: "r.urdf")
        let visuals = robot.visuals(
            urdf: Array(text.utf8), file: folder.appending(path: "r.urdf").path, MeshFinder())
        guard case .surface(let surface) = visuals.parts.first?.form else {
            return #expect(Bool(false), "no mesh")
        }
        #expect((2000...10_000).contains(surface.triangles.count))
        #expect(abs(surface.volume / ball.volume - 1) < 0.01)
    }
}
