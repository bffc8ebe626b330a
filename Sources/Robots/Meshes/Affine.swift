// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// A linear map and a shift: what COLLADA puts a geometry in its place with.
struct Affine {
    /// The rows of the map.
    private var rows: [Vector3] = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
    private var shift = Vector3.zero

    static func scale(_ factor: Double) -> Affine {
        Affine(rows: [Vector3(factor, 0, 0), Vector3(0, factor, 0), Vector3(0, 0, factor)], shift: .zero)
    }

    private init(rows: [Vector3], shift: Vector3) { (self.rows, self.shift) = (rows, shift) }

    /// What an element of a node says; nil for one that is none of these.
    init?(_ element: XMLElement) throws(MeshError) {
        guard let count = ["matrix": 16, "translate": 3, "scale": 3, "rotate": 4][element.name] else {
            guard element.name != "skew", element.name != "lookat" else {
                throw MeshError(
                    "line \(element.line): <\(element.name)> is not read",
                    "apply the transform before the export")
            }
            return nil
        }
        let n = try ColladaGeometry.numbers(element)
        guard n.count == count else {
            throw MeshError(
                "line \(element.line): <\(element.name)> has \(n.count) numbers, not \(count)",
                "export it again")
        }
        switch element.name {
        case "matrix":
            rows = [0, 4, 8].map { Vector3(n[$0], n[$0 + 1], n[$0 + 2]) }
            shift = Vector3(n[3], n[7], n[11])
        case "translate": shift = Vector3(n[0], n[1], n[2])
        case "scale": rows = [Vector3(n[0], 0, 0), Vector3(0, n[1], 0), Vector3(0, 0, n[2])]
        default:
            let axis = Vector3(n[0], n[1], n[2])
            guard axis.length > 0 else { return }
            let turn = Quaternion(angle: n[3] * .pi / 180, about: 1 / axis.length * axis).inverse
            // The rows of a rotation are where its inverse leads the axes.
            rows = rows.map(turn.rotate)
        }
    }

    func place(_ point: Vector3) -> Vector3 {
        Vector3(rows[0].dot(point), rows[1].dot(point), rows[2].dot(point)) + shift
    }

    /// The map `inner`, then the map `outer`.
    static func * (outer: Affine, inner: Affine) -> Affine {
        let columns = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map {
            outer.place(inner.place($0)) - outer.place(inner.place(.zero))
        }
        return Affine(
            rows: [Axis.x, .y, .z].map { Vector3(columns[0][$0], columns[1][$0], columns[2][$0]) },
            shift: outer.place(inner.shift))
    }
}
