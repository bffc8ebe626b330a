// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The triangles of a COLLADA `<mesh>`, in its own frame.
struct ColladaGeometry {
    var mesh = Polyhedron(points: [], triangles: [])

    init(_ element: XMLElement) throws(MeshError) {
        let points = try Self.positions(of: element)
        mesh.points = points
        for primitive in element.children {
            let kind = primitive.name
            guard ["triangles", "polylist", "polygons", "tristrips", "trifans"].contains(kind) else {
                continue
            }
            let inputs = primitive.all("input")
            let offsets = inputs.map { Int($0.attributes["offset"] ?? "0") ?? 0 }
            guard let vertex = inputs.firstIndex(where: { $0.attributes["semantic"] == "VERTEX" }),
                let most = offsets.max(), offsets.allSatisfy({ (0..<64).contains($0) })
            else { throw MeshError("line \(primitive.line): <\(kind)> names no corners", "export it again") }
            for list in primitive.all("p") + primitive.all("ph").compactMap({ $0.first("p") }) {
                let indices = try Self.corners(list, stride: most + 1, offset: offsets[vertex], points.count)
                try add(indices, kind, counts: primitive.first("vcount"))
            }
        }
    }

    private mutating func add(
        _ corners: [UInt32], _ kind: String, counts: XMLElement?
    ) throws(MeshError) {
        switch kind {
        case "triangles":
            for place in stride(from: 0, to: corners.count - 2, by: 3) {
                try mesh.addFace(Array(corners[place..<(place + 3)]))
            }
        case "polylist":
            var place = 0
            for count in try Self.wholeNumbers(counts) {
                guard count >= 0, place + count <= corners.count else {
                    throw MeshError(
                        "line \(counts?.line ?? 1): <vcount> counts more corners than <p> has",
                        "export it again")
                }
                try mesh.addFace(Array(corners[place..<(place + count)]))
                place += count
            }
        case "tristrips":
            for place in 0..<max(0, corners.count - 2) {
                let (a, b) = place % 2 == 0 ? (0, 1) : (1, 0)
                try mesh.addFace([corners[place + a], corners[place + b], corners[place + 2]])
            }
        default: try mesh.addFace(corners)
        }
    }

    // MARK: Numbers

    /// The points that <vertices> names.
    private static func positions(of element: XMLElement) throws(MeshError) -> [Vector3] {
        guard let vertices = element.first("vertices"),
            let input = vertices.all("input").first(where: { $0.attributes["semantic"] == "POSITION" }),
            let source = element.all("source").first(where: {
                "#\($0.attributes["id"] ?? "")" == input.attributes["source"]
            }), let array = source.first("float_array")
        else { throw MeshError("line \(element.line): <mesh> has no positions", "export it again") }
        let accessor = source.first("technique_common")?.first("accessor")
        let step = Int(accessor?.attributes["stride"] ?? "3") ?? 3
        let start = Int(accessor?.attributes["offset"] ?? "0") ?? 0
        guard (3...64).contains(step), (0..<(1 << 30)).contains(start) else {
            throw MeshError("line \(source.line): <accessor> does not count points", "export it again")
        }
        let numbers = try Self.numbers(array)
        guard numbers.count / step <= MeshFile.mostPoints else { throw MeshFile.tooManyTriangles() }
        return stride(from: start, to: numbers.count - 2, by: step).map {
            Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
        }
    }

    /// The corners of a list that says more than points of each.
    private static func corners(
        _ list: XMLElement, stride step: Int, offset: Int, _ count: Int
    ) throws(MeshError) -> [UInt32] {
        let numbers = try wholeNumbers(list)
        var corners: [UInt32] = []
        for place in stride(from: offset, to: numbers.count, by: step) {
            guard (0..<count).contains(numbers[place]) else {
                throw MeshError("line \(list.line): there is no point \(numbers[place])", "export it again")
            }
            corners.append(UInt32(numbers[place]))
        }
        return corners
    }

    private static func wholeNumbers(_ element: XMLElement?) throws(MeshError) -> [Int] {
        guard let element else { return [] }
        return try numbers(element).map { Int(exactly: $0) ?? -1 }
    }

    /// All numbers of an element's text.
    static func numbers(_ element: XMLElement) throws(MeshError) -> [Double] {
        var text = NumberText(Array(element.text.utf8), hasLines: false)
        var numbers: [Double] = []
        do {
            while let number = try text.number() { numbers.append(number) }
        } catch {
            throw MeshError("line \(element.line): <\(element.name)>: \(error.problem)", error.remedy)
        }
        return numbers
    }
}
