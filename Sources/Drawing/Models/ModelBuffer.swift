// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// The numbers of a glTF file, one run of bytes, and what says where each list of them is.
struct ModelBuffer {
    private(set) var bytes: [UInt8] = []
    private var (views, accessors) = ([JSONValue](), [JSONValue]())

    /// What a document says of them.
    var members: [(String, JSONValue)] {
        guard !bytes.isEmpty else { return [] }
        return [
            ("accessors", .array(accessors)), ("bufferViews", .array(views)),
            ("buffers", .array([.object([("byteLength", .number(Double(bytes.count)))])])),
        ]
    }

    /// Adds points or directions; the number of the list.
    mutating func add(points: [SIMD3<Float>], isVertex: Bool = true) -> Int {
        let finite = points.map { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite ? $0 : .zero }
        let low = finite.reduce(finite.first ?? .zero) { pointwiseMin($0, $1) }
        let high = finite.reduce(finite.first ?? .zero) { pointwiseMax($0, $1) }
        return add(
            [UInt8](littleEndian: finite.flatMap { [$0.x, $0.y, $0.z] }.map(\.bitPattern)),
            count: points.count,
            "VEC3", target: isVertex ? 34962 : nil, low: [low.x, low.y, low.z],
            high: [high.x, high.y, high.z])
    }

    /// Adds the corners of triangles.
    mutating func add(triangles: [SIMD3<Int32>]) -> Int {
        let numbers = triangles.flatMap { [$0.x, $0.y, $0.z] }
        return add(
            [UInt8](littleEndian: numbers), count: numbers.count, "SCALAR", kind: 5125, target: 34963)
    }

    /// Adds times that rise.
    mutating func add(times: [Float]) -> Int {
        add(
            [UInt8](littleEndian: times.map(\.bitPattern)), count: times.count, "SCALAR",
            low: [times.first ?? 0], high: [times.last ?? 0])
    }

    /// Adds rotations as x, y, z, w, of two that mean the same the one that is nearer to the one before.
    mutating func add(turns: [[Double]]) -> Int {
        var last = turns.first ?? []
        var bits: [UInt8] = []
        for turn in turns {
            let isOpposite = zip(turn, last).reduce(0) { $0 + $1.0 * $1.1 } < 0
            last = isOpposite ? turn.map { -$0 } : turn
            bits += [UInt8](littleEndian: last.map { Float($0).bitPattern })
        }
        return add(bits, count: turns.count, "VEC4")
    }

    private mutating func add(
        _ content: [UInt8], count: Int, _ type: String, kind: Int = 5126, target: Int? = nil,
        low: [Float]? = nil, high: [Float]? = nil
    ) -> Int {
        var view: [(String, JSONValue)] = [
            ("buffer", .number(0)), ("byteOffset", .number(Double(bytes.count))),
            ("byteLength", .number(Double(content.count))),
        ]
        if let target { view.append(("target", .number(Double(target)))) }
        views.append(.object(view))
        bytes += content
        var accessor: [(String, JSONValue)] = [
            ("bufferView", .number(Double(views.count - 1))), ("componentType", .number(Double(kind))),
            ("count", .number(Double(count))), ("type", .text(type)),
        ]
        for (name, bounds) in [("min", low), ("max", high)] {
            if let bounds { accessor.append((name, .array(bounds.map { .number(Double($0)) }))) }
        }
        accessors.append(.object(accessor))
        return accessors.count - 1
    }
}
