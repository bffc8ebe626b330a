// SPDX-License-Identifier: MIT

import Foundation
import Safetensors
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Claims about how files get onto the disk.
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

    @Test func `a file that is being written cannot be written twice at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("busy")
        let first = try AtomicFile(path: path)
        let error = #expect(throws: SafetensorsError.self) { _ = try AtomicFile(path: path) }
        #expect(error?.systemCode == EBUSY)
        try first.commit()
        try AtomicFile.write([1], to: path)
        #expect(folder.names == ["busy"])
    }

    @Test func `a partial file of a killed process is used again`() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 7, count: 100).write(to: URL(fileURLWithPath: folder.file(".a.partial")))
        try AtomicFile.write([1], to: folder.file("a"))
        #expect(folder.names == ["a"])
        #expect(try FileBytes.read(folder.file("a")) == [1])
    }

    @Test func `a pipe is refused, not waited for`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("pipe")
        try #require(unsafe mkfifo(path, 0o600) == 0)
        let reading = Reading()
        // In a thread of its own: one that waits for the pipe would keep the tests from their end.
        Thread.detachNewThread {
            do throws(SafetensorsError) { _ = try FileBytes.read(path) } catch {
                reading.code.withLock { $0 = error.systemCode }
            }
            reading.ended.signal()
        }
        #expect(reading.ended.wait(timeout: .now() + 30) == .success)
        #expect(reading.code.withLock { $0 } == EINVAL)
    }

    private final class Reading: Sendable {
        let code = Mutex<Int32?>(nil)
        let ended = DispatchSemaphore(value: 0)
    }

    @Test func `a place that cannot be written is told with cause and remedy`() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("file"))
        try FileManager.default.createDirectory(
            atPath: folder.file("folder/within"), withIntermediateDirectories: true)
        for (name, code) in [("absent/a", ENOENT), ("file/a", ENOTDIR), ("folder", EISDIR)] {
            let path = folder.file(name)
            let error = #expect(throws: SafetensorsError.self) { try AtomicFile.write([1], to: path) }
            #expect(error?.systemCode == code)
            #expect(error?.description.hasPrefix(path + ": cannot ") == true)
            #expect(error?.description.contains("; ") == true)
        }
        #expect(throws: SafetensorsError.self) { try AtomicFile.write([1], to: "") }
        #expect(throws: SafetensorsError.self) { try AtomicFile.write([1], to: folder.path + "/") }
        #expect(throws: SafetensorsError.self) { try AtomicFile.write([1], to: "/dev/null/a\u{0}b") }
        #expect(folder.names == ["file", "folder"])
    }

    @Test func `a place that cannot be read is told`() throws {
        let folder = try TemporaryFolder()
        for (path, code) in [(folder.file("absent"), ENOENT), (folder.path, EISDIR), ("/dev/null", EINVAL)] {
            let error = #expect(throws: SafetensorsError.self) { try TensorArchive(contentsOf: path) }
            #expect(error?.systemCode == code)
        }
    }

    #if os(Linux)
        @Test func `a disk that fills up leaves the old file and no other`() throws {
            let folder = try TemporaryFolder()
            let path = folder.file("full")
            try AtomicFile.write([1, 2, 3], to: path)
            // A limit on the size of files fails a write in the middle, as a full disk does.
            signal(SIGXFSZ, SIG_IGN)
            var before = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
            var limit = rlimit(rlim_cur: 64 << 20, rlim_max: before.rlim_max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            defer { unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
            let writer = try TensorFileWriter(
                path: path, tensors: [TensorDescription("x", .u8, shape: [65 << 20])])
            let piece = [UInt8](repeating: 1, count: 1 << 20)
            let error = #expect(throws: SafetensorsError.self) {
                for _ in 0..<65 { try writer.append(piece, to: "x") }
                try writer.commit()
            }
            #expect(error?.systemCode == EFBIG)
            #expect(folder.names == ["full"])
            #expect(try FileBytes.read(path) == [1, 2, 3])
        }
    #endif
}

/// Claims about the checksum.
struct CRC32Tests {
    @Test func `it gives the published check value`() {
        #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.checksum(of: []) == 0)
    }

    @Test func `pieces, whole and joined checksums agree with bit by bit`() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
        for count in 0...100 {
            var register: UInt32 = .max
            for byte in bytes[..<count] {
                for bit in 0..<8 {
                    let low = (register ^ UInt32(byte) >> UInt32(bit)) & 1
                    register = register >> 1 ^ (low == 1 ? 0xEDB8_8320 : 0)
                }
            }
            #expect(CRC32.checksum(of: Array(bytes[..<count])) == ~register)
            for cut in stride(from: 0, through: count, by: 7) {
                var joined = CRC32()
                joined.append(checksum: CRC32.checksum(of: Array(bytes[..<cut])), byteCount: cut)
                joined.append(checksum: CRC32.checksum(of: Array(bytes[cut..<count])), byteCount: count - cut)
                #expect(joined.value == ~register)
            }
        }
    }
}
