// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads COLLADA: the triangles of the scene in m, each geometry where its nodes put it.
///
/// The unit counts. `up_axis` turns nothing: in robots' files a mesh has the axes of its link, whatever its exporter wrote there, and
/// RViz, MoveIt and Gazebo take it so.
struct ColladaReader {
    private let root: XMLElement
    private var geometries: [String: ColladaGeometry] = [:]
    private var library: [String: XMLElement] = [:]
    private var mesh = Polyhedron(points: [], triangles: [])
    private var visits = 0
    private static let mostVisits = 100_000
    private static let depthLimit = 64

    static func read(_ bytes: [UInt8]) throws(MeshError) -> Polyhedron {
        // As text, tree and numbers it is in memory several times.
        guard bytes.count <= 64 << 20 else {
            throw MeshError(
                "a COLLADA file of \(bytes.count) bytes; at most 64 MiB are read", "export it as STL")
        }
        let findings = Findings(file: "")
        let root = XMLText(ofMesh: bytes).flatMap { XMLReader.read($0, keepsText: true, findings: findings) }
        guard let root else {
            let found = findings.diagnostics.first
            throw MeshError(
                (found?.line).map { "line \($0): \(found?.message ?? "")" } ?? found?.message
                    ?? "this is not a COLLADA file in UTF-8", found?.remedy ?? "export it again")
        }
        guard root.name == "COLLADA" else {
            throw MeshError(
                "its root element is <\(root.name.shortened)>, so it is no COLLADA", "export it again")
        }
        var reader = ColladaReader(root: root)
        return try reader.read()
    }

    private init(root: XMLElement) { self.root = root }

    private mutating func read() throws(MeshError) -> Polyhedron {
        for element in root.all("library_geometries").flatMap(\.children) where element.name == "geometry" {
            guard let mesh = element.first("mesh") else { continue }
            geometries[element.attributes["id"] ?? ""] = try ColladaGeometry(mesh)
        }
        for element in root.all("library_nodes").flatMap(\.children) {
            if let id = element.attributes["id"] { library[id] = element }
        }
        let unit = try meter()
        let scenes = root.all("library_visual_scenes").flatMap { $0.all("visual_scene") }
        let wanted = root.first("scene")?.first("instance_visual_scene")?.attributes["url"]
        if let scene = scenes.first(where: { "#\($0.attributes["id"] ?? "")" == wanted }) ?? scenes.first {
            for node in scene.all("node") { try visit(node, .scale(unit), depth: 1) }
        } else {
            for geometry in geometries.sorted(by: { $0.key < $1.key }) {
                try add(geometry.value, .scale(unit))
            }
        }
        return mesh
    }

    private func meter() throws(MeshError) -> Double {
        guard let text = root.first("asset")?.first("unit")?.attributes["meter"] else { return 1 }
        guard let unit = Scalar.number(text), unit > 0, unit.isFinite else {
            throw MeshError("its unit, '\(text.shortened)' m, is not a number above 0", "export it again")
        }
        return unit
    }

    /// Takes what is in a node, and in those below it.
    private mutating func visit(_ node: XMLElement, _ outer: Affine, depth: Int) throws(MeshError) {
        visits += 1
        // Nodes may name each other, in rings and in powers of two.
        guard depth <= Self.depthLimit, visits <= Self.mostVisits else {
            throw MeshError("its nodes lead to each other without end, or nearly so", "export it again")
        }
        var place = outer
        for element in node.children {
            if let step = try Affine(element) { place = place * step }
        }
        for element in node.children {
            let url = element.attributes["url"].map { String($0.drop { $0 == "#" }) } ?? ""
            switch element.name {
            case "instance_geometry":
                // What is in the file's other geometries, such as splines, touches nothing.
                if let geometry = geometries[url] { try add(geometry, place) }
            case "instance_node":
                if let node = library[url] { try visit(node, place, depth: depth + 1) }
            case "node": try visit(element, place, depth: depth + 1)
            default: break
            }
        }
    }

    private mutating func add(_ geometry: ColladaGeometry, _ place: Affine) throws(MeshError) {
        let first = UInt32(mesh.points.count)
        guard mesh.points.count + geometry.mesh.points.count <= MeshFile.mostPoints,
            mesh.triangles.count + geometry.mesh.triangles.count <= MeshFile.mostTriangles
        else { throw MeshFile.tooManyTriangles() }
        for point in geometry.mesh.points {
            let point = place.place(point)
            guard point.x.isFinite, point.y.isFinite, point.z.isFinite else {
                throw MeshError("a point of it is not finite", "export the mesh again")
            }
            mesh.points.append(point)
        }
        mesh.triangles += geometry.mesh.triangles.map { $0 &+ first }
    }
}

extension XMLText {
    /// A mesh's bytes as UTF-8; nil where they are something else.
    fileprivate init?(ofMesh file: [UInt8]) {
        bytes = file.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.dropFirst(3)) : file
        while bytes.last == 0 { bytes.removeLast() }
        guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
    }
}
