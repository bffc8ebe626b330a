// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Testing

/// Mesh files as they are, and hostile ones.
struct MeshFileTests {
    private static let size = Vector3(0.25, 0.5, 1.5)

    private func read(_ text: String, _ name: String) throws -> Polyhedron {
        try MeshFile.mesh(Array(text.utf8), name: name)
    }

    private func problem(_ bytes: [UInt8], _ name: String) -> String {
        do {
            let mesh = try MeshFile.mesh(bytes, name: name)
            return "taken, \(mesh.triangles.count) triangles"
        } catch {
            return error.problem
        }
    }

    private func expectBox(_ mesh: Polyhedron, _ size: Vector3 = size) {
        #expect(mesh.triangles.count == 12)
        #expect(abs(mesh.volume - size.x * size.y * size.z) < 1e-12)
        for axis in Axis.allCases {
            let values = mesh.points.map { $0[axis] }
            #expect(abs((values.max() ?? 0) - size[axis] / 2) < 1e-12)
            #expect(abs((values.min() ?? 0) + size[axis] / 2) < 1e-12)
        }
    }

    @Test func `STL is read as text and as bytes, which may begin with solid`() throws {
        let box = Solids.box(Self.size)
        expectBox(try read(Solids.textSTL(box), "a.stl"))
        expectBox(
            try read(
                Solids.textSTL(box).replacingOccurrences(of: "\n", with: "\r\n").uppercased()
                    .replacingOccurrences(of: "SOLID", with: "solid"), "a.STL"))
        expectBox(try MeshFile.mesh(Solids.binarySTL(box), name: "a.stl"))
        var bytes = Solids.binarySTL(box)
        bytes.replaceSubrange(0..<6, with: "solid ".utf8)
        expectBox(try MeshFile.mesh(bytes, name: "a.stl"))
    }

    @Test func `OBJ is read with slashes, corners from behind, faces of four and broken lines`() throws {
        let obj = """
            # a box
            mtllib box.mtl
            v 0 0 0 0.5 0.5 0.5
            v 1 0 0\r
            v 1 1 0
            v 0 1 0
            vn 0 0 1
            vt 0.5 0.5
            v 0 0 2
            v 1 0 2
            v 1 1 2
            v 0 1 2.0e0
            g sides
            usemtl blue
            f 4/1/1 3/1/1 2/1/1 1/1/1
            f 5 6 \\
              7 8
            f 1//1 2//1 6//1 5//1
            f 2 3 7 6
            f -6 -5 -1 -2
            f 4 1 5 8
            l 1 2
            """
        let mesh = try read(obj, "box.OBJ")
        #expect(mesh.triangles.count == 12)
        #expect(abs(mesh.volume - 2) < 1e-12)
    }

    /// A COLLADA file of one box, which a node puts in its place.
    private func collada(
        unit: String = "meter=\"0.01\"", up: String = "Z_UP", node: String = "<translate>0 0 0</translate>",
        faces: String? = nil, points: String? = nil, extra: String = ""
    ) -> String {
        let box = Solids.box(100 * Self.size)
        let numbers = box.points.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: "\n")
        // A corner says its point and its normal.
        let corners = box.triangles.map { "\($0.x) 0 \($0.y) 0 \($0.z) 0" }.joined(separator: " ")
        let list =
            faces ?? "<triangles count='12'><input semantic='VERTEX' source='#v' offset='0'/>"
            + "<input semantic='NORMAL' source='#n' offset='1'/><p>\(corners)</p></triangles>"
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
            <asset><unit \(unit)/><up_axis>\(up)</up_axis></asset>
            <library_geometries><geometry id="g"><mesh>
            <source id="p"><float_array id="pa" count="24">\(points ?? numbers)</float_array><technique_common>
            <accessor source="#pa" count="8" stride="3"/></technique_common></source>
            <source id="n"><float_array count="3">0 0 1</float_array></source>
            <vertices id="v"><input semantic="POSITION" source="#p"/></vertices>\(list)
            </mesh></geometry></library_geometries>\(extra)
            <library_visual_scenes><visual_scene id="s"><node><node>\(node)<instance_geometry url="#g"/></node></node>
            </visual_scene></library_visual_scenes><scene><instance_visual_scene url="#s"/></scene></COLLADA>
            """
    }

    @Test func `COLLADA is read in m, and up_axis turns nothing`() throws {
        for up in ["X_UP", "Y_UP", "Z_UP"] { expectBox(try read(collada(up: up), "a.dae")) }
        expectBox(try read(collada(unit: "name='m'"), "a.DAE"), 100 * Self.size)
        let faces = Solids.box(Self.size).triangles.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: " ")
        let list =
            "<polylist><input semantic='VERTEX' offset='0'/><vcount>"
            + String(repeating: "3 ", count: 12) + "</vcount><p>\(faces)</p></polylist>"
        expectBox(try read(collada(faces: list), "a.dae"))
    }

    @Test func `a node's transforms hold from the last to the first`() throws {
        // Twice as long along z, which then is x, and moved.
        let node = "<translate>0 100 0</translate><rotate>0 1 0 90</rotate><scale>1 1 2</scale>"
        let mesh = try read(collada(node: node), "a.dae").moved(to: Vector3(0, -1, 0))
        expectBox(mesh, Vector3(2 * Self.size.z, Self.size.y, Self.size.x))
        let matrix = "<matrix>0 0 2 0  0 1 0 100  -1 0 0 0  0 0 0 1</matrix>"
        expectBox(
            try read(collada(node: matrix), "a.dae").moved(to: Vector3(0, -1, 0)),
            Vector3(2 * Self.size.z, Self.size.y, Self.size.x))
    }

    @Test func `nodes of a library are put where they are named, not for ever`() throws {
        let library =
            "<library_nodes><node id='l'><instance_geometry url='#g'/></node>"
            + "<node id='r'><instance_node url='#r'/></node></library_nodes>"
        let twice = try read(collada(node: "<instance_node url='#l'/>", extra: library), "a.dae")
        #expect(twice.triangles.count == 24)
        #expect(
            problem(Array(collada(node: "<instance_node url='#r'/>", extra: library).utf8), "a.dae")
                .hasPrefix("its nodes lead to each other"))
        // Each names the next twice: two to the power of forty.
        let powers = (0..<40).map {
            "<node id='n\($0)'><instance_node url='#n\($0 + 1)'/><instance_node url='#n\($0 + 1)'/></node>"
        }.joined()
        #expect(
            problem(
                Array(
                    collada(
                        node: "<instance_node url='#n0'/>", extra: "<library_nodes>\(powers)</library_nodes>"
                    ).utf8),
                "a.dae"
            ).hasPrefix("its nodes lead to each other"))
    }

    @Test func `files that are none, or promise more than they have, are refused with the reason`() {
        let box = Solids.box(Self.size)
        let stl = Solids.binarySTL(box)
        for (bytes, name, wanted) in [
            ([], "a.stl", "the file is empty"),
            (Array(stl.dropLast()), "a.stl", "it should have 12 triangles, and has bytes for 11"),
            (Solids.binarySTL(box, count: 4_000_000_000), "a.stl", "it should have 4000000000 triangles"),
            (Solids.binarySTL(box, count: 0), "a.stl", "there is no triangle in it"),
            (
                Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a.dae",
                "this is a pointer of Git LFS"
            ),
            (stl, "a.ply", "meshes of the kind 'ply' are not read"), (stl, "a", "the name has no ending"),
            (Array("hello".utf8), "a.stl", "it has 5 bytes"),
            (
                Array("solid a\nfacet\nvertex 1 2\n".utf8), "a.stl",
                "line 3: a point has fewer than three numbers"
            ),
            (Array("solid a\nvertex 1 2 nan\n".utf8), "a.stl", "line 2: 'nan' is not a finite number"),
            (Array("solid a\nvertex 1 2 1e999\n".utf8), "a.stl", "line 2: '1e999' is not a finite number"),
            (Array("solid a\nvertex 1 2 3x\n".utf8), "a.stl", "line 2: '3x' is not a number"),
            (Array("solid a\n<html>\n".utf8), "a.stl", "line 2: '<html>' is no word of STL"),
            (Array("solid a\nendsolid a\n".utf8), "a.stl", "there is no triangle in it"),
            (Array("hello".utf8), "a.obj", "there is no point in it"),
            (Array("v 0 0 0\nf 1 2 3".utf8), "a.obj", "line 2: there is no point 2 above this face"),
            (Array("v 0 0 0\nf 1 1 -99999999999999999999".utf8), "a.obj", "line 2:"),
            (Array("v 0 0 0\nf one".utf8), "a.obj", "line 2: 'one' is no corner"),
            (Array("<COLLADA>".utf8), "a.dae", "line 1: this is not well-formed XML"),
            (Array("<html/>".utf8), "a.dae", "its root element is <html>"),
            (Array("<COLLADA/>".utf8), "a.dae", "there is no triangle in it"),
            (Array("<!DOCTYPE a [<!ENTITY b 'c'>]><COLLADA/>".utf8), "a.dae", "document types"),
            (Array(collada(points: "1 2 x").utf8), "a.dae", "line 5: <float_array>: 'x' is not a number"),
            (Array(collada(points: "1 2 3").utf8), "a.dae", "line 8: there is no point"),
            (Array(collada(unit: "meter='0'").utf8), "a.dae", "its unit, '0' m"),
            (
                Array(collada(node: "<matrix>1</matrix>").utf8), "a.dae",
                "line 17: <matrix> has 1 numbers, not 16"
            ),
            (Array(collada(node: "<skew>1</skew>").utf8), "a.dae", "line 17: <skew> is not read"),
        ] as [([UInt8], String, String)] {
            let said = problem(bytes, name)
            #expect(said.hasPrefix(wanted), "\(name): \(said), not \(wanted)")
        }
        var notFinite = stl
        notFinite.replaceSubrange((84 + 62)..<(84 + 66), with: [0, 0, 0xC0, 0x7F])
        #expect(problem(notFinite, "a.stl") == "triangle 2 has a corner that is not finite")
    }

    @Test func `damaged copies are taken or refused, and never crash`() {
        let box = Solids.box(Self.size)
        let obj =
            box.points.map { "v \($0.x) \($0.y) \($0.z)" }.joined(separator: "\n") + "\n"
            + box.triangles.map { "f \($0.x + 1) \($0.y + 1) \($0.z + 1)" }.joined(separator: "\n")
        let files = [
            (Array(Solids.textSTL(box).utf8), "a.stl"), (Solids.binarySTL(box), "a.stl"),
            (Array(obj.utf8), "a.obj"), (Array(collada().utf8), "a.dae"),
        ]
        var state: UInt64 = 7
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<500 {
            for (bytes, name) in files {
                var bytes = bytes
                for _ in 0..<(1 + below(4)) {
                    switch below(4) {
                    case 0: bytes[below(bytes.count)] = UInt8(below(256))
                    case 1: bytes.removeSubrange(..<below(bytes.count / 2))
                    case 2: bytes.removeLast(below(bytes.count / 2))
                    default: bytes.insert(UInt8(below(128)), at: below(bytes.count))
                    }
                }
                if let mesh = try? MeshFile.mesh(bytes, name: name) { _ = try? CollisionMesh(mesh) }
            }
        }
    }
}
