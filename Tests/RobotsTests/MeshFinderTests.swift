// SPDX-License-Identifier: MIT

import Files
import Foundation
import Geometry
import Robots
import Settings
import Testing

/// Where the meshes of a robot are found, and what the robot is with them.
struct MeshFinderTests {
    private let folder: String

    /// A workspace of two packages, one of which has another name than its folder.
    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("meshes-\(UUID().uuidString)").path
        let box = Data(Solids.binarySTL(Solids.box(Vector3(0.2, 0.1, 0.05))))
        for place in ["legs/meshes", "legs/urdf", "other-main/meshes", "apart/hands/meshes"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(place)", withIntermediateDirectories: true)
        }
        for file in [
            "legs/meshes/a.stl", "legs/urdf/b.stl", "other-main/meshes/c.STL", "apart/hands/meshes/d.stl",
        ] {
            try box.write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
        }
        try Data("<package><name> other </name></package>".utf8)
            .write(to: URL(fileURLWithPath: "\(folder)/other-main/package.xml"))
    }

    private func robot(_ name: String, scale: String = "") -> String {
        """
        <robot name="r"><link name="base"/>
        <joint name="j" type="continuous"><parent link="base"/><child link="foot"/></joint>
        <link name="foot"><inertial><mass value="1"/></inertial>
        <collision><origin xyz="0 0 1"/><geometry><mesh filename="\(name)" \(scale)/></geometry></collision>
        </link></robot>
        """
    }

    private func load(
        _ name: String, scale: String = "", in place: String = "legs/urdf",
        _ finder: MeshFinder = MeshFinder()
    ) throws -> Robot {
        try Robot(urdf: Array(robot(name, scale: scale).utf8), file: "\(folder)/\(place)/r.urdf", finder)
    }

    @Test(arguments: [
        ("package://legs/meshes/a.stl", "legs/urdf"), ("package:///legs/meshes/a.stl", "legs/urdf"),
        ("../meshes/a.stl", "legs/urdf"), ("meshes/a.stl", "legs/urdf"), ("b.stl", "legs/urdf"),
        ("package://other/meshes/c.STL", "other-main/meshes"), ("model://legs/meshes/a.stl", "other-main"),
        ("package://renamed/meshes/a.stl", "legs/urdf"), ("..\\meshes\\a.stl", "legs/urdf"),
    ])
    func `meshes are found beside the robot, in its package and in those beside it`(
        name: String, place: String
    ) throws {
        let robot = try load(name, in: place)
        #expect(robot.meshes.map(\.name) == [name])
        #expect(robot.links[1].shapes.map(\.geometry.volume).allSatisfy { abs($0 - 0.001) < 1e-9 })
        #expect(robot.links[1].shapes.map(\.origin.position) == [Vector3(0, 0, 1)])
        // The inertia of a link that has none is that of its mesh.
        #expect(abs(robot.links[1].properties.inertia.zz - (0.04 + 0.01) / 12) < 1e-8)
    }

    @Test func `a package is found where --package or the environment says, and a file by its path`() throws {
        let hands = "package://hands/meshes/d.stl"
        _ = try load(hands, MeshFinder(packages: ["hands": "\(folder)/apart/hands"]))
        _ = try load("file://\(folder)/apart/hands/meshes/d.stl")
        _ = try load("\(folder)/apart/hands/meshes/d.stl")
        unsafe setenv("ROS_PACKAGE_PATH", "/nowhere:\(folder)/apart", 1)
        defer { unsafe unsetenv("ROS_PACKAGE_PATH") }
        _ = try load(hands)
    }

    private func complaint(_ name: String, scale: String = "", _ finder: MeshFinder = MeshFinder()) -> String
    {
        do {
            return "taken: \(try load(name, scale: scale, finder).name)"
        } catch let error as DescriptionError {
            return error.errors.map(\.description).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    @Test func `a mesh that is not there is an error that says where it was looked for`() {
        let missing = complaint("package://arms/meshes/x.stl")
        #expect(
            missing.contains(
                "r.urdf:4: link 'foot' <mesh 'package://arms/meshes/x.stl'>: there is no such file; looked in "
            ))
        #expect(missing.contains("/legs/urdf/arms, "))
        #expect(missing.hasSuffix("or name its package's folder: --package arms=FOLDER"))
        #expect(complaint("x.stl").contains("looked in \(folder)/legs/urdf, "))
        #expect(
            complaint("https://example.org/x.stl").contains(
                "https:// is not read: nothing is fetched; download it"))
        #expect(complaint("../urdf").contains("legs/urdf/../urdf is a folder, not a file"))
        #expect(complaint("").contains("link 'foot' <mesh filename>: is missing"))
        #expect(complaint("b.stl", scale: "scale='1 1 0'").contains("a scale of 0 leaves nothing of it"))
        #expect(complaint("b.stl", scale: "scale='1 1'").contains("is not three finite numbers"))
    }

    @Test func `a mesh that is none is an error of the robot`() throws {
        try Data("solid a\nvertex 1 2 nan\n".utf8).write(
            to: URL(fileURLWithPath: "\(folder)/legs/meshes/bad.stl"))
        #expect(complaint("package://legs/meshes/bad.stl").contains("line 2: 'nan' is not a finite number"))
    }

    @Test func `a run's copies are what counts where there are any`() throws {
        let name = "package://legs/meshes/a.stl"
        let copy = MeshFinder.copyName(of: name)
        #expect(copy.hasPrefix("mesh-") && copy.hasSuffix("-a.stl") && copy.isPlainName)
        #expect(copy != MeshFinder.copyName(of: "../meshes/a.stl"))
        #expect(MeshFinder.copyName(of: "x/ä b/../c d?.stl").hasSuffix("-c_d_.stl"))
        let finder = MeshFinder(copies: "\(folder)/apart")
        #expect(complaint(name, finder).contains("the run's copy of it, \(folder)/apart/\(copy), is missing"))
        try FileManager.default.copyItem(
            atPath: "\(folder)/legs/meshes/a.stl", toPath: "\(folder)/apart/\(copy)")
        #expect(try load(name, finder).meshes.map(\.path) == ["\(folder)/apart/\(copy)"])
    }
}
