// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry

/// What the meshes of a robot are to touch with, link by link.
package struct MeshKinds: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The sphere, capsule, cylinder or box that it is, where it is one; else its hull.
        case primitive
        /// Its convex hull.
        case hull
        /// The convex parts that it was taken apart into, which stand in a file beside it.
        case decompose
    }

    /// Of links that have none of their own.
    package var others = Kind.primitive
    /// By the links' names in the robot's file.
    package var links: [String: Kind]

    package init(others: Kind = .primitive, links: [String: Kind] = [:]) {
        (self.others, self.links) = (others, links)
    }

    func kind(of link: String) -> Kind { links[link] ?? others }
}

extension RobotMeshes {
    /// What stands behind a mesh's name where its parts are: an OBJ file in which each part has corners of its own.
    static let partsEnding = ".parts.obj"
    /// More would be felt for one after the other in each step.
    private static let mostParts = 64

    /// What a mesh of a link touches with.
    func shapes(of name: String, scale: Vector3, link: String) throws(MeshError) -> [CollisionMesh] {
        switch finder.kinds.kind(of: link) {
        case .primitive: return [try shape(of: name, scale: scale)]
        case .hull: return [try CollisionMesh(mesh(name), scale: scale, as: .hull)]
        case .decompose: break
        }
        let parts = try parts(of: name)
        var shapes: [CollisionMesh] = []
        for part in parts { shapes.append(try CollisionMesh(part, scale: scale)) }
        return shapes
    }

    private func parts(of name: String) throws(MeshError) -> [Polyhedron] {
        let path = try? finder.path(of: name, robot: robot)
        let whole: Polyhedron
        do {
            whole = try mesh(name + Self.partsEnding)
        } catch {
            throw MeshError(
                "its parts, \((name + Self.partsEnding).pathName), cannot be read: \(error.problem)",
                "`python3 -m sinew.decompose \(path ?? "MESH")` writes them beside it (it needs coacd and trimesh: python3 -m pip install coacd trimesh); or use collision: {kind: hull}"
            )
        }
        let parts = whole.parts
        guard parts.count <= Self.mostParts else {
            throw MeshError(
                "it is in \(parts.count) parts; at most \(Self.mostParts) are simulated",
                "take it apart more coarsely: python3 -m sinew.decompose --threshold 0.2 \(path ?? "MESH")")
        }
        return parts
    }
}

extension Polyhedron {
    /// What hangs together by common corners, in the order of the first corners.
    var parts: [Polyhedron] {
        var leader = Array(points.indices)
        func root(_ point: Int) -> Int {
            var point = point
            while leader[point] != point {
                leader[point] = leader[leader[point]]
                point = leader[point]
            }
            return point
        }
        for triangle in triangles {
            let first = root(Int(triangle.x))
            for corner in [triangle.y, triangle.z] {
                let other = root(Int(corner))
                leader[max(first, other)] = min(first, other)
            }
        }
        var members: [Int: [SIMD3<UInt32>]] = [:]
        for triangle in triangles { members[root(Int(triangle.x)), default: []].append(triangle) }
        // Corners that no triangle has are nobody's.
        return members.sorted { $0.key < $1.key }.map { Polyhedron(points: points, triangles: $0.value) }
    }
}
