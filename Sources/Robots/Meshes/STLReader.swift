// SPDX-License-Identifier: MIT

internal import Geometry

/// Reads STL, as text and as bytes.
enum STLReader {
    static func read(_ bytes: [UInt8]) throws(MeshError) -> Polyhedron {
        // Many files of bytes begin with `solid` too; their length gives them away.
        let count = bytes.count >= 84 ? Int(word(bytes, 80)) : 0
        if bytes.count >= 84, bytes.count == 84 + 50 * count { return try readBytes(bytes, count) }
        if isText(bytes) { return try readText(bytes) }
        guard bytes.count >= 84 else {
            throw MeshError(
                "it has \(bytes.count) bytes; an STL file of bytes has at least 84", "export it again")
        }
        guard bytes.count > 84 + 50 * count else {
            throw MeshError(
                "it should have \(count) triangles, and has bytes for \((bytes.count - 84) / 50)",
                "it was cut off, or is no STL; get it again")
        }
        return try readBytes(bytes, count)
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(4096).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        return start.starts(with: "solid".utf8) && !bytes.prefix(4096).contains(0)
    }

    // MARK: Bytes

    /// Behind 80 bytes of anything and the number of triangles: for each its normal, its corners and two bytes more.
    private static func readBytes(_ bytes: [UInt8], _ count: Int) throws(MeshError) -> Polyhedron {
        guard count <= MeshFile.mostTriangles else { throw MeshFile.tooManyTriangles(count) }
        var mesh = Polyhedron(points: [], triangles: [])
        mesh.points.reserveCapacity(3 * count)
        mesh.triangles.reserveCapacity(count)
        for index in 0..<count {
            for corner in 0..<3 {
                let place = 84 + 50 * index + 12 + 12 * corner
                let point = Vector3(
                    number(bytes, place), number(bytes, place + 4), number(bytes, place + 8))
                guard point.x.isFinite, point.y.isFinite, point.z.isFinite else {
                    throw MeshError(
                        "triangle \(index + 1) has a corner that is not finite", "export the mesh again")
                }
                mesh.points.append(point)
            }
            let first = UInt32(3 * index)
            mesh.triangles.append([first, first + 1, first + 2])
        }
        return mesh
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> Double {
        Double(Float(bitPattern: word(bytes, place)))
    }

    // MARK: Text

    private static func readText(_ bytes: [UInt8]) throws(MeshError) -> Polyhedron {
        var text = NumberText(bytes)
        var mesh = Polyhedron(points: [], triangles: [])
        var start = 0
        repeat {
            guard let word = text.word() else { continue }
            if text.isWord(word, "vertex") {
                let (x, y, z) = try text.point()
                guard mesh.points.count < MeshFile.mostPoints else { throw MeshFile.tooManyTriangles() }
                mesh.points.append(Vector3(x, y, z))
            } else if text.isWord(word, "outer") {
                start = mesh.points.count
            } else if text.isWord(word, "endloop") {
                try mesh.addFace(Array(UInt32(start)..<UInt32(mesh.points.count)))
                start = mesh.points.count
            } else if !["solid", "facet", "endfacet", "endsolid", "color"].contains(where: {
                text.isWord(word, $0)
            }) {
                throw text.error("'\(text.text(word))' is no word of STL")
            }
        } while text.nextLine()
        return mesh
    }
}

extension Polyhedron {
    /// Adds a face of three corners or more as triangles that fan out from the first.
    mutating func addFace(_ corners: [UInt32]) throws(MeshError) {
        guard corners.count >= 3 else { return }
        guard triangles.count + corners.count <= MeshFile.mostTriangles + 2 else {
            throw MeshFile.tooManyTriangles()
        }
        for index in 1..<(corners.count - 1) {
            triangles.append([corners[0], corners[index], corners[index + 1]])
        }
    }
}
