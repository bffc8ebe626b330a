// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
internal import Settings

/// The meshes that an MJCF file names in `<asset>`.
struct MJCFMeshes {
    /// One of them: its file as a robot's file would name it, and what is made of its coordinates.
    private struct Asset {
        var file: String
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
        if file.isEmpty { asset.fault = "names no file: meshes are read from STL, OBJ and COLLADA files" }
        if turn != .identity, scale.x != scale.y || scale.x != scale.z {
            asset.fault = "has a refquat and a scale that is not the same along all axes"
        }
        return asset
    }

    /// What a mesh touches with, and where that is in the geom's frame.
    func shape(of name: String) throws(MeshError) -> (shape: Shape, pose: Pose) {
        let asset = try asset(name)
        guard meshes.finder.kinds.links.isEmpty, meshes.finder.kinds.others != .decompose else {
            throw MeshError(
                "MuJoCo files have meshes in the parts that they want, and `collision` is for all of them",
                "use collision: {kind: hull} or {kind: primitive}")
        }
        let mesh = try meshes.shapes(of: asset.file, scale: asset.scale, link: "")[0]
        return (mesh.shape, asset.pose * mesh.pose)
    }

    /// What a mesh closes in, with a density of 1 kg/m³, in the geom's frame.
    func solid(of name: String) throws(MeshError) -> MassProperties {
        let asset = try asset(name)
        return try meshes.solid(of: asset.file, scale: asset.scale).placed(at: asset.pose)
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
