// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
package import Scenes
internal import Settings

/// An episode as a glTF 2.0 file in one piece (GLB): the robot's surfaces on a node for each link, which move as they did.
///
/// glTF has y upwards: all nodes hang on one that turns z there. Colours are amounts of light, as glTF has them.
package struct EpisodeModel {
    private let scene: EpisodeScene
    private let frames: [EpisodeFrame]
    private var buffer = ModelBuffer()
    private var (nodes, meshes, materials) = ([JSONValue](), [JSONValue](), [JSONValue]())

    /// Makes it of frames, at least one.
    package init?(_ scene: EpisodeScene, _ frames: [EpisodeFrame]) {
        guard let first = frames.first else { return nil }
        (self.scene, self.frames) = (scene, frames)
        let stage = EpisodeStage(scene, first: first)
        // The root is the last node, since it names all others.
        var children: [Int] = []
        for (link, pose) in first.links.enumerated() where scene.links.indices.contains(link) {
            let parts = stage.parts.filter { $0.link == link }.map { add($0.solid, name: nil) }
            children.append(add(pose, name: scene.links[link].name, children: parts))
        }
        linkNodes = children
        children += stage.still.map { add($0, name: "obstacle") }
        nodes.append(
            .object([
                ("name", .text(scene.robot)),
                ("rotation", Self.numbers([-0.5.squareRoot(), 0, 0, 0.5.squareRoot()])),
                ("children", Self.indices(children)),
            ]))
    }

    /// The number of each link's node.
    private var linkNodes: [Int] = []

    /// The file.
    package var glb: [UInt8] {
        var model = self
        let animation = model.animation()
        var members: [(String, JSONValue)] = [
            ("asset", .object([("version", .text("2.0")), ("generator", .text("Sinew"))])),
            ("scene", .number(0)),
            ("scenes", .array([.object([("nodes", Self.indices([nodes.count - 1]))])])),
            ("nodes", .array(nodes)),
        ]
        if !meshes.isEmpty { members += [("meshes", .array(meshes)), ("materials", .array(materials))] }
        if let animation { members.append(("animations", .array([animation]))) }
        members += model.buffer.members
        var json = Array(JSONValue.object(members).json.utf8)
        json += Array(repeating: UInt8(ascii: " "), count: (4 - json.count % 4) % 4)
        let bytes = model.buffer.bytes
        func word(_ number: Int) -> [UInt8] { [UInt8](littleEndian: [UInt32(number)]) }
        var file = Array("glTF".utf8) + word(2) + word(12 + 8 + json.count + 8 + bytes.count)
        file += word(json.count) + Array("JSON".utf8) + json
        return file + word(bytes.count) + Array("BIN\0".utf8) + bytes
    }

    /// Adds a surface as a node of its own.
    private mutating func add(_ solid: Solid, name: String?) -> Int {
        let mesh = solid.mesh
        let light = solid.colour.light
        materials.append(
            .object([
                (
                    "pbrMetallicRoughness",
                    .object([
                        ("baseColorFactor", Self.numbers([light.x, light.y, light.z, 1].map(Double.init))),
                        ("metallicFactor", .number(0)), ("roughnessFactor", .number(0.7)),
                    ])
                )
            ]))
        let attributes: [(String, JSONValue)] = [
            ("POSITION", .number(Double(buffer.add(points: mesh.points)))),
            ("NORMAL", .number(Double(buffer.add(points: mesh.normals)))),
        ]
        meshes.append(
            .object([
                (
                    "primitives",
                    .array([
                        .object([
                            ("attributes", .object(attributes)),
                            ("indices", .number(Double(buffer.add(triangles: mesh.triangles)))),
                            ("material", .number(Double(materials.count - 1))),
                        ])
                    ])
                )
            ]))
        return add(solid.pose, name: name, mesh: meshes.count - 1)
    }

    private mutating func add(
        _ pose: Pose, name: String?, mesh: Int? = nil, children: [Int] = []
    ) -> Int {
        var members: [(String, JSONValue)] = [
            ("translation", Self.numbers(pose.position.components)),
            ("rotation", Self.numbers(pose.orientation.unit)),
        ]
        if let name { members.append(("name", .text(name))) }
        if let mesh { members.append(("mesh", .number(Double(mesh)))) }
        if !children.isEmpty { members.append(("children", Self.indices(children))) }
        nodes.append(.object(members))
        return nodes.count - 1
    }

    /// How the links move; nil for a single frame.
    private mutating func animation() -> JSONValue? {
        guard frames.count > 1 else { return nil }
        let times = buffer.add(times: frames.indices.map { Float(Double($0) * scene.period) })
        var (channels, samplers) = ([JSONValue](), [JSONValue]())
        func number(_ value: Int) -> JSONValue { .number(Double(value)) }
        for (link, node) in linkNodes.enumerated() {
            let poses = frames.compactMap { $0.links.indices.contains(link) ? $0.links[link] : nil }
            guard poses.count == frames.count, poses.contains(where: { $0 != poses[0] }) else { continue }
            for (path, output) in [
                ("translation", buffer.add(points: poses.map { SIMD3($0.position) }, isVertex: false)),
                ("rotation", buffer.add(turns: poses.map(\.orientation.unit))),
            ] {
                let target: [(String, JSONValue)] = [("node", number(node)), ("path", .text(path))]
                channels.append(.object([("sampler", number(samplers.count)), ("target", .object(target))]))
                samplers.append(.object([("input", number(times)), ("output", number(output))]))
            }
        }
        guard !channels.isEmpty else { return nil }
        return .object([
            ("name", .text("episode")), ("channels", .array(channels)), ("samplers", .array(samplers)),
        ])
    }

    private static func numbers(_ numbers: [Double]) -> JSONValue {
        .array(numbers.map { .number($0.isFinite ? $0 : 0) })
    }

    private static func indices(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .number(Double($0)) }) }
}

extension Quaternion {
    /// x, y, z, w of length 1.
    fileprivate var unit: [Double] {
        let length = (w * w + x * x + y * y + z * z).squareRoot()
        guard length > 1e-9, length.isFinite else { return [0, 0, 0, 1] }
        return [x / length, y / length, z / length, w / length]
    }
}
