// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Settings
import Testing

/// Meshes of MJCF files, and joints that follow others; the numbers are those of MuJoCo 4.0.
struct MJCFMeshTests {
    /// A box from the origin to (1, 2, 3).
    private static let box =
        "v 0 0 0\nv 0 0 3\nv 0 2 0\nv 0 2 3\nv 1 0 0\nv 1 0 3\nv 1 2 0\nv 1 2 3\n"
        + [
            "1 2 4", "1 4 3", "5 7 8", "5 8 6", "1 5 6", "1 6 2", "3 4 8", "3 8 7", "1 3 7", "1 7 5", "2 6 8",
            "2 8 4",
        ].map { "f \($0)\n" }.joined()

    private func robot(asset: String, geom: String, compiler: String = "meshdir='s'") throws -> Robot {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("s"), withIntermediateDirectories: true)
        try Self.box.write(to: folder.appendingPathComponent("s/box.obj"), atomically: true, encoding: .utf8)
        let text = """
            <mujoco><compiler \(compiler)/><asset><mesh \(asset)/></asset><worldbody>
            <body name="b"><joint name="j"/><geom type="mesh" mesh="box" density="1" \(geom)/></body></worldbody></mujoco>
            """
        return try Robot(urdf: text, file: folder.path + "/m.xml")
    }

    @Test(
        arguments: [
            ("file='box.obj'", "", 6.0, [0.5, 1, 1.5]),
            ("file='box.obj' scale='2 1 1'", "", 12, [1, 1, 1.5]),
            ("file='box.obj' refpos='1 0 0' scale='2 2 2'", "", 48, [-1, 2, 3]),
            (
                "file='box.obj' refquat='1 0 0 1' refpos='1 0 0' scale='2 2 2'", "pos='1 0 0' quat='1 1 0 0'",
                48,
                [3, -3, 1]
            ), ("file='box.obj' scale='-1 1 1'", "", 6, [-0.5, 1, 1.5]),
            ("file='box.obj'", "mass='3'", 3, [0.5, 1, 1.5]),
        ] as [(String, String, Double, [Double])])
    func `a mesh touches with what it is, and weighs what it closes in`(
        asset: String, geom: String, mass: Double, center: [Double]
    ) throws {
        let robot = try robot(asset: asset, geom: geom)
        let link = robot.links[1]
        #expect(abs(link.properties.mass - mass) < 1e-9)
        #expect((link.properties.centerOfMass - Vector3(center)).length < 1e-9, "\(link.properties)")
        let shape = try #require(link.shapes.first)
        guard case .box(let size) = shape.geometry else {
            Issue.record("\(shape)")
            return
        }
        #expect((shape.origin.position - Vector3(center)).length < 1e-6)
        if geom != "mass='3'" { #expect(abs(size.x * size.y * size.z - mass) < 1e-6) }
        // Its own inertia tells which side is which.
        let solid = Shape.box(size: size).solid(density: mass / (size.x * size.y * size.z))
        let turned = solid.inertia.rotated(by: shape.origin.orientation)
        #expect(abs(turned.xx - link.properties.inertia.xx) < 1e-6 * mass)
        #expect(abs(turned.yy - link.properties.inertia.yy) < 1e-6 * mass)
        #expect(robot.meshes.map(\.name) == ["s/box.obj"])
    }

    @Test func `a mesh that only looks is not opened, and folders may be stripped`() throws {
        let seen = try robot(
            asset: "file='no.obj' name='box'", geom: "contype='0' conaffinity='0' mass='0'/><geom size='1'")
        #expect(seen.meshes.isEmpty && seen.links[1].shapes.count == 1)
        let stripped = try robot(
            asset: "file='x/y/box.obj'", geom: "", compiler: "assetdir='s/' strippath='true'")
        #expect(stripped.meshes.map(\.name) == ["s/box.obj"])
        #expect(throws: DescriptionError.self) { try robot(asset: "file='no.obj' name='box'", geom: "") }
    }

    private func hand(_ equality: String, _ actuators: String = "") throws -> Robot {
        try Robot(
            urdf: """
                <mujoco><compiler angle="radian"/><worldbody>
                <body name="a"><joint name="a" range="-1 1" ref="0.2"/><geom size="0.1"/></body>
                <body name="b"><joint name="b" range="-2 2"/><geom size="0.1"/></body></worldbody>
                <equality>\(equality)</equality><actuator>\(actuators)</actuator></mujoco>
                """, file: "m.xml")
    }

    @Test func `an equality of degree 1 makes a joint follow another`() throws {
        let equality = "<joint joint1='b' joint2='a' polycoef='0.1 -2 0 0 0'/>"
        let led = try hand(equality, "<motor joint='a'/>")
        #expect(led.joints[0].mimic == nil)
        // b = 0.1 - 2 (a - 0.2)
        #expect(led.joints[1].mimic?.leader == 0 && led.joints[1].mimic?.multiplier == -2)
        #expect(abs((led.joints[1].mimic?.offset ?? 0) - 0.5) < 1e-12)
        // What a motor drives leads.
        let turned = try hand(equality, "<motor joint='b'/>")
        #expect(turned.joints[0].mimic?.leader == 1 && turned.joints[0].mimic?.multiplier == -0.5)
        #expect(abs((turned.joints[0].mimic?.offset ?? 0) - 0.25) < 1e-12)
        let fixed = try hand("<joint joint1='a' polycoef='0.3'/>")
        #expect(fixed.joints.map(\.name) == ["b"])
        let square = #expect(throws: DescriptionError.self) {
            try hand("<joint joint1='b' joint2='a' polycoef='0 1 1'/>")
        }
        #expect(square?.description.contains("beyond degree 1") == true)
        #expect(
            try hand("<joint joint1='b' joint2='a' active='false'/>").joints.allSatisfy { $0.mimic == nil })
    }
}
