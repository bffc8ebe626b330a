// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What becomes of the places that a person names for something to be written to.
struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ bytes: [UInt8], _ name: String, replacing: Bool = false) throws(FileError) {
        try OutputFile(folder.file(name), replacing: replacing).write(bytes)
    }

    @Test func `a file that is there is replaced only where that is asked for`() throws {
        try write([1], "a")
        let error = #expect(throws: FileError.self) { try write([2], "a") }
        #expect(error?.description == folder.file("a") + ": exists; pass --force to replace it")
        #expect(try FileBytes.read(folder.file("a")) == [1])
        try write([2], "a", replacing: true)
        #expect(try FileBytes.read(folder.file("a")) == [2])
        #expect(folder.names == ["a"])
    }

    @Test func `a link to a file means the file, one to nothing is refused`() throws {
        try write([1], "file")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: "file")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("dangling"), withDestinationPath: "absent")
        #expect(throws: FileError.self) { try write([2], "link") }
        try write([2], "link", replacing: true)
        #expect(try FileBytes.read(folder.file("file")) == [2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "file")
        for replacing in [false, true] {
            let error = #expect(throws: FileError.self) { try write([2], "dangling", replacing: replacing) }
            #expect(error?.description.contains("to nothing") == true)
        }
        #expect(folder.names == ["dangling", "file", "link"])
    }

    @Test func `a pipe is written through, and stays a pipe`() throws {
        let path = folder.file("pipe")
        try #require(unsafe mkfifo(path, 0o600) == 0)
        #expect(!OutputFile.isFile(path))
        // Both ends open here: what fits the pipe waits in it.
        let reader = unsafe open(path, O_RDWR)
        defer { close(reader) }
        try write([1, 2, 3], "pipe")
        var bytes = [UInt8](repeating: 0, count: 9)
        #expect(unsafe read(reader, &bytes, 9) == 3)
        #expect(bytes.prefix(3) == [1, 2, 3])
        #expect(FileKind(at: path) == .pipe && folder.names == ["pipe"])
        #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
    }

    @Test func `a device is written through, folders and sockets are refused`() throws {
        try OutputFile("/dev/null", replacing: true).write([1])
        #expect(FileKind(at: "/dev/null") == .device)
        #expect(throws: FileError.self) { try OutputFile(folder.path, replacing: true) }
        let path = folder.file("s")
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8.prefix(107))
        }
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { return }
        let error = #expect(throws: FileError.self) { try write([1], "s", replacing: true) }
        #expect(error?.description.contains("a socket") == true)
    }

    @Test func `a file is written to a descriptor that is open, whatever stands behind it`() throws {
        let path = folder.file("open")
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        for _ in 0..<2 { try OutputFile("/dev/fd/\(descriptor)", replacing: false).write([7]) }
        #expect(try FileBytes.read(path) == [7, 7])
        #expect(throws: FileError.self) { try OutputFile("/dev/fd/987", replacing: false).write([7]) }
    }

    @Test func `names of any length that the system takes are written`() throws {
        for count in [246, 247, 248, 255] {
            let name = String(repeating: "n", count: count)
            try write([1], name)
            #expect(try FileBytes.read(folder.file(name)) == [1])
        }
        let error = #expect(throws: FileError.self) { try write([1], String(repeating: "n", count: 256)) }
        #expect(error?.systemCode == ENAMETOOLONG)
        #expect(folder.names.count == 4)
    }

    @Test func `a partial name that somebody took is not written through`() throws {
        try write([9], "victim")
        for make in [
            { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: $1) },
            { try FileManager.default.linkItem(atPath: $1, toPath: $0) },
        ] as [(String, String) throws -> Void] {
            try make(folder.file(".a.partial"), folder.file("victim"))
            try? write([1], "a")
            #expect(try FileBytes.read(folder.file("victim")) == [9])
            for name in [".a.partial", "a"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
        }
    }
}

/// What is asked of a file before it is read.
struct FileBytesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a file that is too large is refused before it is read`() throws {
        let path = folder.file("large")
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        // Nothing but a hole: 3 GB of no disk.
        try #require(ftruncate(descriptor, 3 << 30) == 0)
        close(descriptor)
        let error = #expect(throws: FileError.self) { try FileBytes.read(path) }
        #expect(
            error?.description == path
                + ": it has 3221225472 bytes; at most 64 MiB of such a file are read")
        #expect(FileBytes.end(of: path, count: 3) == [0, 0, 0])
    }

    @Test func `a pipe is read to its end where one will do, up to the limit`() throws {
        let path = folder.file("pipe")
        try #require(unsafe mkfifo(path, 0o600) == 0)
        for (limit, isRead) in [(300_000, true), (299_999, false)] {
            let writer = Thread {
                let descriptor = unsafe open(path, O_WRONLY)
                // In this thread alone: other tests' processes would inherit a signal that is ignored.
                var pipe = sigset_t()
                unsafe sigemptyset(&pipe)
                unsafe sigaddset(&pipe, SIGPIPE)
                unsafe pthread_sigmask(SIG_BLOCK, &pipe, nil)
                for _ in 0..<3 {
                    usleep(20_000)
                    let piece = [UInt8](repeating: 5, count: 100_000)
                    _ = unsafe write(descriptor, piece, piece.count)
                }
                close(descriptor)
            }
            // Held open, so that the writer finds a reader and the reader a writer.
            let held = unsafe open(path, O_RDONLY | O_NONBLOCK)
            writer.start()
            usleep(30_000)
            let bytes = try? FileBytes.read(path, atMost: limit, takesPipe: true)
            #expect((bytes == [UInt8](repeating: 5, count: 300_000)) == isRead)
            close(held)
            usleep(100_000)
        }
        #expect(throws: FileError.self) { try FileBytes.read(path) }
    }

    @Test(arguments: ["/dev/zero", "/dev/null"])
    func `a device is not read`(path: String) {
        let error = #expect(throws: FileError.self) { try FileBytes.read(path) }
        #expect(error?.description == "\(path): this is a device, which is not read")
        #expect(FileBytes.end(of: path, count: 9) == nil)
    }
}
