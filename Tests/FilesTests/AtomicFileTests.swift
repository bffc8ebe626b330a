// SPDX-License-Identifier: MIT

import Files
import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of its own for a test's files, removed afterwards.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "sinew-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Claims about how files get onto the disk.
struct AtomicFileTests {
    @Test func `a file that is being written cannot be written twice at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("busy")
        let first = try AtomicFile(path: path)
        let error = #expect(throws: FileError.self) { _ = try AtomicFile(path: path) }
        #expect(error?.systemCode == EBUSY)
        try first.commit()
        try AtomicFile.write([1], to: path)
        #expect(folder.names == ["busy"])
    }

    @Test func `a partial file of a killed process goes`() throws {
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
            do throws(FileError) { _ = try FileBytes.read(path) } catch {
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
            let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
            #expect(error?.systemCode == code)
            #expect(error?.description.hasPrefix(path + ": cannot ") == true)
            #expect(error?.description.contains("; ") == true)
        }
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: "") }
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder.path + "/") }
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/null/a\u{0}b") }
        #expect(folder.names == ["file", "folder"])
    }

    @Test func `a place that cannot be read is told`() throws {
        let folder = try TemporaryFolder()
        for (path, code) in [(folder.file("absent"), ENOENT), (folder.path, EISDIR), ("/dev/null", EINVAL)] {
            let error = #expect(throws: FileError.self) { try FileBytes.read(path) }
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
            let file = try AtomicFile(path: path)
            let piece = [UInt8](repeating: 1, count: 1 << 20)
            let error = #expect(throws: FileError.self) {
                for index in 0..<65 { try unsafe file.write(piece.span.bytes, at: index << 20) }
                try file.commit()
            }
            #expect(error?.systemCode == EFBIG)
            #expect(folder.names == ["full"])
            #expect(try FileBytes.read(path) == [1, 2, 3])
        }
    #endif
}
