// SPDX-License-Identifier: MIT

import Files
import Foundation
import Safetensors
import Testing

/// A folder of its own for a test's files, removed afterwards.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "sinew-safetensors-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Claims about what is written and read back.
struct SafetensorsTests {
    static let referencePath =
        (#filePath as NSString).deletingLastPathComponent + "/Golden/reference.safetensors"
    static let weights: [Float] = [1.5, -2.25, 0.1, 3e38, -0.0, .leastNonzeroMagnitude]
    static let metadata = ["format": "line\nbreak \\ \"é\" 🐟"]

    static func reference() throws -> TensorArchive {
        var archive = TensorArchive(metadata: metadata)
        try archive.add("weights", shape: [2, 3], weights)
        try archive.add("bytes", shape: [3], [1, 2, 250] as [UInt8])
        try archive.add("doubles", shape: [2], [0.1, -1e300])
        try archive.add("long", shape: [2], [Int64.min, .max])
        try archive.add("unsigned", shape: [1], [UInt64.max])
        try archive.add("words", shape: [2, 1], [7, UInt32.max])
        try archive.add("scalar", shape: [], [4.5 as Float])
        try archive.add("empty", shape: [0, 3], [Float]())
        try archive.add("a \"quoted\" näme\n\u{1}", shape: [1], [9 as Float])
        return archive
    }

    @Test func `a file has the bytes that the reference implementation writes`() throws {
        let golden = try FileBytes.read(Self.referencePath)
        #expect(try Self.reference().encoded(checksum: false) == golden)
    }

    @Test func `a file of the reference implementation is read`() throws {
        let archive = try TensorArchive(contentsOf: Self.referencePath)
        #expect(archive.metadata == Self.metadata)
        #expect(try archive.values("weights", shape: [2, 3]) == Self.weights)
        #expect(try archive.values("bytes") == [1, 2, 250] as [UInt8])
        #expect(try archive.values("doubles") == [0.1, -1e300])
        #expect(try archive.values("long") == [Int64.min, .max])
        #expect(try archive.value("unsigned") == UInt64.max)
        #expect(try archive.values("words", shape: [2, 1]) == [7, UInt32.max])
        #expect(try archive.value("scalar") == 4.5 as Float)
        #expect(try archive.values("empty", shape: [0, 3]) == [Float]())
        #expect(try archive.value("a \"quoted\" näme\n\u{1}") == 9 as Float)
    }

    @Test func `what was written is read, whatever the order of adding`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("one.safetensors")
        var first = TensorArchive(metadata: ["b": "2", "a": "1"])
        try first.add("x", shape: [2], [1, 2] as [Float])
        try first.add("n", UInt64(7))
        var second = TensorArchive(metadata: ["a": "1", "b": "2"])
        try second.add("n", UInt64(7))
        try second.add("x", shape: [2], [1, 2] as [Float])
        #expect(try first.encoded() == second.encoded())
        try first.write(to: path)
        let read = try TensorArchive(contentsOf: path, checksum: .required)
        #expect(read.metadata == ["a": "1", "b": "2"])
        #expect(read.tensors.map(\.name) == ["n", "x"])
        #expect(try read.values("x") == [1, 2] as [Float])
        var destination: [Float] = [0, 0]
        var span = destination.mutableSpan
        try read.copy("x", into: &span)
        #expect(destination == [1, 2])
        #expect(try read.encoded() == first.encoded())
        #expect(folder.names == ["one.safetensors"])
    }

    @Test func `tensors begin at multiples of their number's size`() throws {
        for count in 0..<9 {
            var archive = TensorArchive()
            try archive.add(
                String(repeating: "b", count: count + 1), shape: [count], [UInt8](repeating: 1, count: count))
            try archive.add("d", shape: [1], [1.0])
            try archive.add("f", shape: [3], [1, 2, 3] as [Float])
            let bytes = try archive.encoded()
            let length = Int(bytes[0]) + Int(bytes[1]) << 8
            #expect(length.isMultiple(of: 8))
            #expect(try TensorArchive(bytes: bytes, file: "f").tensors.map(\.name).prefix(2) == ["d", "f"])
        }
    }

    @Test func `a wrong name, type or shape is told with what is there`() throws {
        let archive = try TensorArchive(contentsOf: Self.referencePath)
        let path = Self.referencePath
        #expect(throws: SafetensorsError.missing(file: path, tensor: "weight")) {
            try archive.values("weight", as: Float.self)
        }
        let asDouble = #expect(throws: SafetensorsError.self) {
            try archive.values("weights", as: Double.self)
        }
        #expect(
            asDouble?.description == "\(path): tensor 'weights' is F32 of shape [2, 3], but F64 is needed")
        let transposed = #expect(throws: SafetensorsError.self) {
            try archive.values("weights", as: Float.self, shape: [3, 2])
        }
        #expect(transposed?.description.hasSuffix("but F32 of shape [3, 2] is needed") == true)
        #expect(throws: SafetensorsError.self) { try archive.value("weights", as: Float.self) }
        #expect(throws: SafetensorsError.self) {
            var few: [Float] = [0]
            var span = few.mutableSpan
            try archive.copy("weights", into: &span)
        }
    }

    @Test func `tensors that no file can hold are refused before anything is written`() throws {
        let folder = try TemporaryFolder()
        var archive = TensorArchive()
        #expect(throws: SafetensorsError.self) { try archive.add("x", shape: [2], [1 as Float]) }
        #expect(throws: SafetensorsError.self) { try archive.add("x", shape: [-1], [Float]()) }
        #expect(throws: SafetensorsError.self) { try archive.add("x", shape: [.max, .max], [Float]()) }
        try archive.add("x", 1 as Float)
        #expect(throws: SafetensorsError.self) { try archive.add("x", 1 as Float) }
        for name in ["", "__metadata__"] {
            var forbidden = TensorArchive()
            try forbidden.add(name, 1 as Float)
            #expect(throws: SafetensorsError.self) { try forbidden.write(to: folder.file("a")) }
        }
        archive.metadata = ["checksum": "mine"]
        #expect(throws: SafetensorsError.self) { try archive.write(to: folder.file("a")) }
        #expect(folder.names.isEmpty)
    }
}
