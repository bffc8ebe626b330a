// SPDX-License-Identifier: MIT

internal import Files
package import Geometry
internal import Settings

/// Why a mesh is not read, and what to do.
package struct MeshError: Error, Equatable {
    package let problem: String
    package let remedy: String

    init(_ problem: String, _ remedy: String = "") {
        (self.problem, self.remedy) = (problem, remedy)
    }
}

/// Reads a mesh file: STL, OBJ or COLLADA, each as robots' files are.
package enum MeshFile {
    /// The most bytes of a file, triangles and points of a mesh: a hundred times what robots have, and a few seconds to read.
    static let greatestSize = 128 << 20
    static let mostTriangles = 2_000_000
    static let mostPoints = 4_000_000

    /// What is in the file at `path`, in its own units; COLLADA in m.
    ///
    /// - Throws: `MeshError`.
    package static func read(_ path: String) throws(MeshError) -> Polyhedron {
        try mesh(bytes(of: path), name: path.pathName)
    }

    /// The bytes of a mesh file, of which kind and size are asked for first.
    package static func bytes(of path: String) throws(MeshError) -> [UInt8] {
        do {
            return try FileBytes.read(path, atMost: greatestSize)
        } catch {
            switch error {
            case .refused(_, _, let problem): throw MeshError(problem, "give a simpler mesh")
            case .system(_, _, let code):
                throw MeshError("the file cannot be read: \(systemReason(code).lowercased())")
            }
        }
    }

    /// What the bytes of a mesh file say; its name tells what it is.
    package static func mesh(_ bytes: [UInt8], name: String) throws(MeshError) -> Polyhedron {
        if bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) {
            throw MeshError(
                "this is a pointer of Git LFS", "run `git lfs pull` in its repository to get the file itself")
        }
        guard !bytes.isEmpty else { throw MeshError("the file is empty") }
        let mesh: Polyhedron
        switch name.pathEnding.lowercased() {
        case "stl", "stla", "stlb": mesh = try STLReader.read(bytes)
        case "obj": mesh = try OBJReader.read(bytes)
        case "dae": mesh = try ColladaReader.read(bytes)
        case let ending:
            throw MeshError(
                ending.isEmpty
                    ? "the name has no ending" : "meshes of the kind '\(ending.shortened)' are not read",
                "convert it to STL, OBJ or DAE (COLLADA)")
        }
        guard !mesh.triangles.isEmpty else { throw MeshError("there is no triangle in it") }
        return mesh
    }

    static func tooManyTriangles(_ count: Int? = nil) -> MeshError {
        MeshError(
            "it has \(count.map(String.init) ?? "more than \(mostTriangles)") triangles; at most \(mostTriangles) are read",
            "simplify the mesh")
    }
}
