// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
internal import Settings

/// The meshes that an MJCF file names in `<asset>`, or writes out there.
struct MJCFMeshes {
    /// One of them: its file as a robot's file would name it, and what is made of its coordinates.
    private struct Asset {
        var file: String
        /// The mesh itself, where it is written out.
        var written: Polyhedron?
        var scale: Vector3
        /// The mesh's own frame in that of the geom, after scaling.
        var pose: Pose
        /// Why it cannot be read.
        var fault: String?
    }

    private let meshes: RobotMeshes
    private var assets: [String: Asset] = [:]

    init(
        _ root: XMLElement, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults, _ meshes: RobotMeshes
    ) {
        self.meshes = meshes
        for element in root.all("asset").flatMap({ $0.all("mesh") }) {
            let file = element.attributes["file"] ?? ""
            let name = element.attributes["name"] ?? file.pathName.withoutEnding
            let values = defaults.attributes(
                of: element, MJCFDefaults.main, path: "mesh '\(name.shortened)'")
            assets[name] = Self.asset(values, file, compiler)
        }
    }

    /// MuJoCo moves and turns a mesh by its reference, and scales it then.
    private static func asset(_ values: MJCFAttributes, _ file: String, _ compiler: MJCFCompiler) -> Asset {
        let scale = values.vector("scale") ?? Vector3(1, 1, 1)
        let place = values.vector("refpos") ?? .zero
        var turn = Quaternion.identity
        if let q = values.numbers("refquat", 4...4),
            case let length = q.reduce(0, { $0 + $1 * $1 }).squareRoot(), length > 1e-9
        {
            turn = Quaternion(w: q[0] / length, x: -q[1] / length, y: -q[2] / length, z: -q[3] / length)
        }
        let scaled = Vector3(scale.x * place.x, scale.y * place.y, scale.z * place.z)
        var asset = Asset(
            file: compiler.meshPath(file), scale: scale,
            pose: Pose(position: -turn.rotate(scaled), orientation: turn))
        if file.isEmpty, values["vertex"] != nil {
            do { asset.written = try written(values) } catch { asset.fault = error.problem }
        } else if file.isEmpty {
            asset.fault = "names no file, and has no vertex: meshes are read from STL, OBJ and COLLADA files"
        }
        if turn != .identity, scale.x != scale.y || scale.x != scale.z {
            asset.fault = "has a refquat and a scale that is not the same along all axes"
        }
        return asset
    }

    /// A mesh of corners, whose triangles are those of its hull where it has none.
    private static func written(_ values: MJCFAttributes) throws(MeshError) -> Polyhedron {
        let most = 3 * 100_000
        guard let numbers = values.numbers("vertex", 12...most, MJCFAttributes.length), numbers.count % 3 == 0
        else {
            throw MeshError("its vertex is not three numbers for each of four corners at least")
        }
        let points = stride(from: 0, to: numbers.count, by: 3).map {
            Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
        }
        guard values["face"] != nil else { return try ConvexHull.of(points) }
        let last = Double(points.count - 1)
        let corners = (values.numbers("face", 12...2 * most, .within(0, last)) ?? []).compactMap {
            UInt32(exactly: $0)
        }
        guard !corners.isEmpty, corners.count % 3 == 0 else {
            throw MeshError(
                "its face is not three corners, by their numbers, for each of four triangles at least")
        }
        let triangles = stride(from: 0, to: corners.count, by: 3).map {
            SIMD3(corners[$0], corners[$0 + 1], corners[$0 + 2])
        }
        return Polyhedron(points: points, triangles: triangles)
    }

    /// What a mesh touches with, and where that is in the geom's frame.
    func shape(of name: String) throws(MeshError) -> (shape: Shape, pose: Pose) {
        let asset = try asset(name)
        guard meshes.finder.kinds.links.isEmpty, meshes.finder.kinds.others != .decompose else {
            throw MeshError(
                "MuJoCo files have meshes in the parts that they want, and `collision` is for all of them",
                "use collision: {kind: hull} or {kind: primitive}")
        }
        let mesh =
            if let written = asset.written {
                try CollisionMesh(
                    written, scale: asset.scale,
                    as: meshes.finder.kinds.others == .hull ? .hull : .primitive)
            } else {
                try meshes.shapes(of: asset.file, scale: asset.scale, link: "")[0]
            }
        return (mesh.shape, asset.pose * mesh.pose)
    }

    /// What a mesh closes in, with a density of 1 kg/m³, in the geom's frame.
    func solid(of name: String) throws(MeshError) -> MassProperties {
        let asset = try asset(name)
        let solid =
            if let written = asset.written {
                RobotMeshes.solid(written, scale: asset.scale)
            } else {
                try meshes.solid(of: asset.file, scale: asset.scale)
            }
        return solid.placed(at: asset.pose)
    }

    private func asset(_ name: String) throws(MeshError) -> Asset {
        guard let asset = assets[name] else {
            throw MeshError(
                "there is no mesh of this name in <asset>", NearestName.remedy(name, in: assets.keys.sorted())
            )
        }
        if let fault = asset.fault { throw MeshError(fault) }
        return asset
    }
}
