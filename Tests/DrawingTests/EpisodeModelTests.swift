// SPDX-License-Identifier: MIT

import Drawing
import Foundation
import Geometry
import Scenes
import Testing

/// A GLB file holds the surfaces, and moves them as the episode did.
struct EpisodeModelTests {
    /// A glTF document, as far as it is looked at.
    struct Document: Decodable {
        struct Node: Decodable {
            var name: String?
            var translation, rotation: [Double]?
            var mesh: Int?
            var children: [Int]?
        }
        struct Mesh: Decodable {
            struct Primitive: Decodable {
                var attributes: [String: Int]
                var indices: Int
            }
            var primitives: [Primitive]
        }
        struct Accessor: Decodable {
            var bufferView, componentType, count: Int
            var type: String
            var min, max: [Double]?
        }
        struct View: Decodable { var byteOffset, byteLength: Int }
        struct Buffer: Decodable { var byteLength: Int }
        struct Root: Decodable { var nodes: [Int] }
        struct Animation: Decodable {
            struct Channel: Decodable {
                struct Target: Decodable {
                    var node: Int
                    var path: String
                }
                var sampler: Int
                var target: Target
            }
            struct Sampler: Decodable { var input, output: Int }
            var channels: [Channel]
            var samplers: [Sampler]
        }
        var nodes: [Node]
        var meshes: [Mesh]
        var accessors: [Accessor]
        var bufferViews: [View]
        var buffers: [Buffer]
        var scenes: [Root]
        var animations: [Animation]?
    }

    /// Both parts of a file, whose lengths are as they say.
    static func parts(_ file: [UInt8]) throws -> (document: Document, numbers: [UInt8]) {
        func number(_ place: Int) -> Int { (0..<4).reversed().reduce(0) { $0 << 8 | Int(file[place + $1]) } }
        #expect(file.prefix(4) == Array("glTF".utf8)[...] && number(4) == 2 && number(8) == file.count)
        let length = number(12)
        #expect(length % 4 == 0 && Array(file[16..<20]) == Array("JSON".utf8))
        let document = try JSONDecoder().decode(Document.self, from: Data(file[20..<20 + length]))
        let numbers = Array(file[(28 + length)...])
        #expect(number(20 + length) == numbers.count && numbers.count % 4 == 0)
        #expect(Array(file[24 + length..<28 + length]) == Array("BIN\0".utf8))
        return (document, numbers)
    }

    static func floats(_ accessor: Int, _ document: Document, _ numbers: [UInt8]) -> [Float] {
        let view = document.bufferViews[document.accessors[accessor].bufferView]
        return stride(from: view.byteOffset, to: view.byteOffset + view.byteLength, by: 4).map { place in
            Float(bitPattern: (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(numbers[place + $1]) })
        }
    }

    @Test func `each link has a node that moves as it did`() throws {
        let (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 20)
        let (document, numbers) = try Self.parts(try #require(EpisodeModel(scene, frames)).glb)
        #expect(document.buffers.map(\.byteLength) == [numbers.count])
        #expect(document.meshes.count == scene.parts.count)
        let root = document.nodes[document.scenes[0].nodes[0]]
        #expect(root.children?.count == scene.links.count)
        // z becomes y.
        let turn = try #require(root.rotation)
        let up = Quaternion(w: turn[3], x: turn[0], y: turn[1], z: turn[2]).rotate(Vector3(0, 0, 1))
        #expect((up - Vector3(0, 1, 0)).length < 1e-12)
        let animation = try #require(document.animations?.first)
        for (link, node) in (root.children ?? []).enumerated() {
            #expect(document.nodes[node].name == scene.links[link].name)
            let place = try #require(document.nodes[node].translation)
            #expect((Vector3(place[0], place[1], place[2]) - frames[0].links[link].position).length < 1e-12)
            for channel in animation.channels where channel.target.node == node {
                let values = Self.floats(animation.samplers[channel.sampler].output, document, numbers)
                let pose = frames[20].links[link]
                let q = pose.orientation
                let expected =
                    channel.target.path == "translation" ? pose.position.components : [q.x, q.y, q.z, q.w]
                let last = values.suffix(expected.count).map(Double.init)
                let sign =
                    zip(last, expected).reduce(0) { $0 + $1.0 * $1.1 } < 0 && expected.count == 4 ? -1.0 : 1
                #expect(zip(last, expected).allSatisfy { abs($0 - sign * $1) < 1e-5 })
            }
        }
        #expect(animation.channels.count == 2 * scene.links.count)
        let times = Self.floats(animation.samplers[0].input, document, numbers)
        #expect(times.count == 21 && abs(Double(times[20]) - 20 * scene.period) < 1e-6)
    }

    @Test func `lists of numbers are where the file says and within its bounds`() throws {
        let (scene, frames) = try EpisodePicturesTests.episode("reacher", steps: 3)
        let (document, numbers) = try Self.parts(try #require(EpisodeModel(scene, frames)).glb)
        for primitive in document.meshes.flatMap(\.primitives) {
            let position = try #require(primitive.attributes["POSITION"])
            let accessor = document.accessors[position]
            let values = Self.floats(position, document, numbers).map(Double.init)
            #expect(values.count == 3 * accessor.count)
            for part in 0..<3 {
                let own = stride(from: part, to: values.count, by: 3).map { values[$0] }
                #expect(own.min() == accessor.min?[part] && own.max() == accessor.max?[part])
            }
            let indices = Self.floats(primitive.indices, document, numbers).map(\.bitPattern)
            #expect(indices.allSatisfy { $0 < UInt32(accessor.count) } && indices.count % 3 == 0)
        }
        // A moment has no animation.
        let still = try Self.parts(try #require(EpisodeModel(scene, [frames[0]])).glb).document
        #expect(still.animations == nil && still.meshes.count == document.meshes.count)
    }

    @Test func `a link that only turns moves, and never takes the long way round`() throws {
        let (scene, frames) = try EpisodePicturesTests.episode("pendulum", steps: 20) { index, frame in
            // Beyond half a turn, where a quaternion and its opposite mean the same.
            let turn = Quaternion(angle: 0.5 * Double(index), about: Vector3(0, 1, 0))
            for link in frame.links.indices.dropFirst() {
                frame.links[link].position = Vector3(0, 0, 1)
                frame.links[link].orientation =
                    index % 2 == 0 ? turn : Quaternion(w: -turn.w, x: -turn.x, y: -turn.y, z: -turn.z)
            }
        }
        let (document, numbers) = try Self.parts(try #require(EpisodeModel(scene, frames)).glb)
        let animation = try #require(document.animations?.first)
        let turns = animation.channels.filter { $0.target.path == "rotation" }
        #expect(turns.count == scene.links.count - 1)
        for channel in turns {
            let values = Self.floats(animation.samplers[channel.sampler].output, document, numbers)
            #expect(values.count == 4 * frames.count)
            for start in stride(from: 4, to: values.count, by: 4) {
                let product = (0..<4).reduce(0) { $0 + values[start + $1] * values[start - 4 + $1] }
                #expect(product > 0.9)
            }
        }
    }

    @Test func `colours are amounts of light`() throws {
        struct Colours: Decodable {
            struct Material: Decodable {
                struct Surface: Decodable { var baseColorFactor: [Double] }
                var pbrMetallicRoughness: Surface
            }
            var materials: [Material]
        }
        var (scene, frames) = try EpisodePicturesTests.episode("pendulum", steps: 1)
        // What is outside is cut.
        scene.parts = [.init(.solid(.sphere(radius: 0.1)), link: 0, colour: SIMD4(0.5, 2, -1, 1))]
        frames.removeLast()
        let file = try #require(EpisodeModel(scene, frames)).glb
        let length = (0..<4).reversed().reduce(0) { $0 << 8 | Int(file[12 + $1]) }
        let colours = try JSONDecoder().decode(Colours.self, from: Data(file[20..<20 + length]))
        #expect(colours.materials.map(\.pbrMetallicRoughness.baseColorFactor) == [[0.25, 1, 0, 1]])
    }
}
