// SPDX-License-Identifier: MIT

import Files
import Foundation
import Geometry
import Robots
import Settings
import Testing

/// What a mesh touches with where a scene says so: primitives, hulls, or the convex parts beside it.
struct MeshKindTests {
    private let folder: String

    /// A bent plate as a mesh, a cylinder, and the plate's two parts beside it.
    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("kinds-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let rod = Solids.cylinder(radius: 0.02, length: 0.2, segments: 24)
        try Data(Solids.binarySTL(Solids.bentPlate)).write(to: URL(fileURLWithPath: "\(folder)/plate.stl"))
        try Data(Solids.binarySTL(rod)).write(to: URL(fileURLWithPath: "\(folder)/rod.stl"))
        var obj = ""
        for point in Solids.bentPlate.points { obj += "v \(point.x) \(point.y) \(point.z)\n" }
        for t in Solids.bentPlate.triangles { obj += "f \(t.x + 1) \(t.y + 1) \(t.z + 1)\n" }
        try Data(obj.utf8).write(to: URL(fileURLWithPath: "\(folder)/plate.stl.parts.obj"))
    }

    private func load(_ kinds: MeshKinds) throws -> Robot {
        func link(_ name: String) -> String {
            "<link name='\(name)'><inertial><mass value='1'/></inertial><collision><origin xyz='0 0 1'/>"
                + "<geometry><mesh filename='\(name).stl' scale='2 2 2'/></geometry></collision></link>"
        }
        let text =
            "<robot name='r'>\(link("plate"))\(link("rod"))"
            + "<joint name='j' type='continuous'><parent link='plate'/><child link='rod'/></joint></robot>"
        var finder = MeshFinder()
        finder.kinds = kinds
        return try Robot(urdf: Array(text.utf8), file: "\(folder)/r.urdf", finder)
    }

    private func words(_ robot: Robot, _ link: Int) -> [String] {
        robot.links[link].shapes.map { shape in
            switch shape.geometry {
            case .box: "box"
            case .cylinder: "cylinder"
            case .hull: "hull"
            default: "other"
            }
        }
    }

    @Test func `a mesh touches with what the scene says of its link`() throws {
        let usual = try load(MeshKinds())
        #expect(words(usual, 0) == ["hull"] && words(usual, 1) == ["cylinder"])
        let hulls = try load(MeshKinds(others: .hull))
        #expect(words(hulls, 0) == ["hull"] && words(hulls, 1) == ["hull"])
        let apart = try load(MeshKinds(links: ["plate": .decompose]))
        #expect(words(apart, 0) == ["box", "box"] && words(apart, 1) == ["cylinder"])
        // Scaled and placed as the mesh is: the plate lies from 0 to 0.3 m, the upright stands on its edge.
        let places = apart.links[0].shapes.map(\.origin.position)
        #expect(
            (places[0] - Vector3(0.15, 0, 1)).length < 1e-9 && (places[1] - Vector3(0, 0, 1.15)).length < 1e-9
        )
        guard case .box(let size) = apart.links[0].shapes[0].geometry else { return }
        #expect(size.components.sorted().elementsEqual([0.008, 0.2, 0.3]) { abs($0 - $1) < 1e-7 }, "\(size)")
        // What a run has to copy.
        #expect(apart.meshes.map(\.name).sorted() == ["plate.stl.parts.obj", "rod.stl"])
    }

    @Test func `parts that are not there are asked for with the call that makes them`() throws {
        let error = #expect(throws: DescriptionError.self) { try load(MeshKinds(others: .decompose)) }
        let text = error?.errors.map(\.description).joined() ?? ""
        #expect(
            text.contains("its parts, rod.stl.parts.obj, cannot be read: there is no such file"), "\(text)")
        #expect(text.contains("`python3 -m sinew.decompose ") && text.contains("collision: {kind: hull}"))
    }

    @Test func `a mesh of too many parts is refused with the way to fewer`() throws {
        for count in [64, 65] {
            var obj = ""
            for part in 0..<count {
                for point in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)] {
                    obj += "v \(2 * part + point.0) \(point.1) \(point.2)\n"
                }
                for (a, b, c) in [(1, 3, 2), (1, 2, 4), (1, 4, 3), (2, 3, 4)] {
                    obj += "f \(4 * part + a) \(4 * part + b) \(4 * part + c)\n"
                }
            }
            try Data(obj.utf8).write(to: URL(fileURLWithPath: "\(folder)/plate.stl.parts.obj"))
            let kinds = MeshKinds(links: ["plate": .decompose])
            guard count > 64 else {
                #expect(try load(kinds).links[0].shapes.count == 64)
                continue
            }
            let error = #expect(throws: DescriptionError.self) { try load(kinds) }
            let text = error?.errors.map(\.description).joined() ?? ""
            #expect(text.contains("it is in 65 parts; at most 64 are simulated"), "\(text)")
            #expect(text.contains("sinew.decompose --threshold 0.2"))
        }
    }

    @Test func `a rotor behind a gear is an armature, and a reduction is told not to be used`() throws {
        let text = """
            <robot name='r' xmlns:drake='d'><link name='a'/><link name='b'><inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial></link>
            <joint name='j' type='continuous'><parent link='a'/><child link='b'/></joint>
            <transmission><joint name='j'/><actuator name='m'>
            <mechanicalReduction> 50 </mechanicalReduction>
            <drake:rotor_inertia value='2e-5'/><drake:gear_ratio value='100'/></actuator></transmission></robot>
            """
        let robot = try Robot(urdf: text, file: "r.urdf")
        #expect(abs(robot.joints[0].armature - 0.2) < 1e-12)
        #expect(robot.notes.contains { $0.description.contains("taken as an armature of 0.2 kg m²") })
        #expect(
            robot.notes.contains {
                $0.description.contains("r.urdf:4: note: joint 'j': its reduction of 50 is not used")
            }, "\(robot.notes)")
        for direct in ["1", "-1"] {
            let robot = try Robot(urdf: text.replacing(" 50 ", with: direct), file: "r.urdf")
            #expect(!robot.notes.contains { $0.description.contains("reduction") })
        }
    }
}
