// SPDX-License-Identifier: MIT

internal import Geometry

/// Reads Wavefront OBJ: points and faces; of all else, such as normals, textures, groups and lines, nothing touches.
enum OBJReader {
    static func read(_ bytes: [UInt8]) throws(MeshError) -> Polyhedron {
        var text = NumberText(bytes)
        var mesh = Polyhedron(points: [], triangles: [])
        var isKnown = false
        repeat {
            guard let word = text.word() else { continue }
            if text.isWord(word, "v") {
                let (x, y, z) = try text.point()
                guard mesh.points.count < MeshFile.mostPoints else {
                    throw MeshError(
                        "it has more than \(MeshFile.mostPoints) points", "simplify the mesh")
                }
                mesh.points.append(Vector3(x, y, z))
                isKnown = true
            } else if text.isWord(word, "f") {
                try mesh.addFace(face(&text, mesh.points.count))
            }
        } while text.nextLine()
        guard isKnown else { throw MeshError("there is no point in it (`v x y z`), so it is no OBJ") }
        return mesh
    }

    /// Corners are counted from 1, or back from the last point.
    private static func face(_ text: inout NumberText, _ count: Int) throws(MeshError) -> [UInt32] {
        var corners: [UInt32] = []
        while let word = text.word() {
            guard let number = text.leadingInteger(word) else {
                throw text.error("'\(text.text(word))' is no corner")
            }
            let index = number < 0 ? count + number : number - 1
            guard (0..<count).contains(index) else {
                throw text.error("there is no point \(number) above this face")
            }
            corners.append(UInt32(index))
        }
        return corners
    }
}
