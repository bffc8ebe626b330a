// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry

/// A mesh that a robot touches with.
package struct RobotMesh: Sendable, Equatable {
    /// What the robot's file calls it.
    package let name: String
    /// Where it is.
    package let path: String
    /// The checksum of its bytes.
    package let checksum: UInt32
}

/// Reads the meshes of one robot, each once.
final class RobotMeshes {
    let finder: MeshFinder
    let robot: String
    private(set) var meshes: [RobotMesh] = []
    private var read: [String: Polyhedron] = [:]
    private var size = 0
    /// The most bytes that all meshes of a robot have.
    private static let greatestSize = 512 << 20

    /// `robot` is the path of the robot's file.
    init(_ finder: MeshFinder, robot: String) {
        (self.finder, self.robot) = (finder, robot)
    }

    /// What a mesh touches with.
    func shape(of name: String, scale: Vector3) throws(MeshError) -> CollisionMesh {
        try CollisionMesh(mesh(name), scale: scale)
    }

    /// What a mesh closes in, with a density of 1 kg/m³.
    func solid(of name: String, scale: Vector3) throws(MeshError) -> MassProperties {
        try Self.solid(mesh(name), scale: scale)
    }

    /// What a mesh closes in, as above.
    static func solid(_ mesh: Polyhedron, scale: Vector3) -> MassProperties {
        scaled(mesh, by: scale).solid(density: 1)
    }

    /// A mesh itself, in m.
    func surface(of name: String, scale: Vector3) throws(MeshError) -> Polyhedron {
        try Self.scaled(mesh(name), by: scale)
    }

    private static func scaled(_ mesh: Polyhedron, by scale: Vector3) -> Polyhedron {
        var mesh = mesh
        mesh.points = mesh.points.map { Vector3(scale.x * $0.x, scale.y * $0.y, scale.z * $0.z) }
        // A mirror image is turned inside out.
        if scale.x * scale.y * scale.z < 0 { mesh.triangles = mesh.triangles.map { [$0.x, $0.z, $0.y] } }
        return mesh
    }

    func mesh(_ name: String) throws(MeshError) -> Polyhedron {
        if let mesh = read[name] { return mesh }
        let path = try finder.path(of: name, robot: robot)
        let bytes = try MeshFile.bytes(of: path)
        size += bytes.count
        guard size <= Self.greatestSize else {
            throw MeshError(
                "the robot's meshes have more than \(Self.greatestSize >> 20) MiB together", "simplify them")
        }
        let mesh = try MeshFile.mesh(bytes, name: name.pathName)
        meshes.append(RobotMesh(name: name, path: path, checksum: CRC32.checksum(of: bytes)))
        // Corners of a large mesh would fill the memory; such are hardly used twice.
        if mesh.points.count < 100_000 { read[name] = mesh }
        return mesh
    }
}
