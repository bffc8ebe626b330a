// SPDX-License-Identifier: MIT

import Files
import Safetensors
import Testing

/// Claims about how files of tensors get onto the disk.
struct WritingTests {
    @Test func `pieces in any order give the bytes of the archive`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("pieces")
        let numbers = (0..<1000).map { Float($0) * 0.5 }
        let bytes = (0..<777).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var archive = TensorArchive(metadata: ["k": "v"])
        try archive.add("numbers", shape: [10, 100], numbers)
        try archive.add("bytes", shape: [777], bytes)
        try archive.add("none", shape: [0], [Double]())
        let writer = try TensorFileWriter(path: path, tensors: archive.tensors, metadata: ["k": "v"])
        try writer.append(Array(bytes[..<500]), to: "bytes")
        try writer.append(Array(numbers[..<1]), to: "numbers")
        try writer.append(numbers.span.extracting(1..<1000), to: "numbers")
        try writer.append(Array(bytes[500...]), to: "bytes")
        #expect(folder.names == [".pieces.partial"])
        try writer.commit()
        #expect(folder.names == ["pieces"])
        #expect(try FileBytes.read(path) == archive.encoded())
    }

    @Test func `a writer that is not committed leaves nothing, and what was there stays`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kept")
        try AtomicFile.write([1, 2, 3], to: path)
        let tensors = [TensorDescription("x", .f32, shape: [2])]
        do {
            let writer = try TensorFileWriter(path: path, tensors: tensors)
            try writer.append([1 as Float], to: "x")
            #expect(throws: SafetensorsError.self) { try writer.append([1, 2] as [Float], to: "x") }
            #expect(throws: SafetensorsError.self) { try writer.append([1.0], to: "x") }
            #expect(throws: SafetensorsError.missing(file: path, tensor: "y")) {
                try writer.append([1.0], to: "y")
            }
            #expect(throws: SafetensorsError.self) { try writer.commit() }
        }
        #expect(folder.names == ["kept"])
        #expect(try FileBytes.read(path) == [1, 2, 3])
    }

    @Test func `a file that cannot be read is told with the system's number`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("absent")
        let error = #expect(throws: SafetensorsError.self) { try TensorArchive(contentsOf: path) }
        guard case .file(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.systemCode == 2)
        #expect(error?.description == cause.description)
    }
}
