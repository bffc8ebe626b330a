// SPDX-License-Identifier: MIT

internal import CLibrary

/// The most bytes that a file of each kind may have: more is refused before anything is read.
package enum FileLimit {
    /// What people write: scenes, robots, run.yaml.
    package static let text = 64 << 20
    /// Policies and exported files.
    package static let policy = 256 << 20
    /// Logs and recordings.
    package static let log = 2 << 30
    /// Checkpoints, with all that an agent remembers.
    package static let checkpoint = 64 << 30
}

/// Reads whole files.
package enum FileBytes {
    /// The bytes of the file at `path`, whose kind and size are asked for first.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the most bytes that it may have.
    ///   - takesPipe: whether a pipe will do, which is read to its end.
    /// - Returns: all of them.
    /// - Throws: `FileError`.
    package static func read(
        _ path: String, atMost limit: Int = FileLimit.text, takesPipe: Bool = false
    ) throws(FileError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw .system(operation: .read, file: path, code: ENOENT) }
        // Without waiting: a pipe that nobody writes to would keep the call for ever. Files are read as always.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(operation: .read, file: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(operation: .read, file: path, code: errno)
        }
        switch FileKind(mode: status.st_mode) {
        case .file:
            guard status.st_size <= limit else { throw tooLarge(path, "\(status.st_size) bytes", limit) }
            return try bytes(of: descriptor, from: 0, count: Int(status.st_size), path)
        case .pipe where takesPipe: return try pipe(descriptor, atMost: limit, path)
        case .folder: throw .system(operation: .read, file: path, code: EISDIR)
        case let kind:
            throw .refused(
                operation: .read, file: path, problem: "this is \(kind.rawValue), which is not read")
        }
    }

    /// As ``read(_:atMost:takesPipe:)``; nil where there is no such file.
    package static func readIfThere(
        _ path: String, atMost limit: Int = FileLimit.text
    ) throws(FileError) -> [UInt8]? {
        do {
            return try read(path, atMost: limit)
        } catch {
            if case .system(_, _, ENOENT) = error { return nil }
            throw error
        }
    }

    /// The last bytes of the file at `path`, at most `count`; nil where there is no such file or it cannot be read.
    package static func end(of path: String, count: Int) -> [UInt8]? {
        part(of: path) { size in max(0, size - count)..<size }?.bytes
    }

    /// The first bytes of the file at `path`, at most `count`, and how many it has; nil where it cannot be read.
    package static func start(of path: String, count: Int) -> (bytes: [UInt8], size: Int)? {
        part(of: path) { size in 0..<min(size, count) }
    }

    private static func part(
        of path: String, _ range: (_ size: Int) -> Range<Int>
    ) -> (bytes: [UInt8], size: Int)? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, FileKind(mode: status.st_mode) == .file else {
            return nil
        }
        let wanted = range(Int(status.st_size))
        let bytes = try? bytes(of: descriptor, from: wanted.lowerBound, count: wanted.count, path)
        return bytes.map { ($0, Int(status.st_size)) }
    }

    /// Bytes of an open file, read straight into the array; fewer where it was cut meanwhile, which its reader judges.
    static func bytes(
        of descriptor: Int32, from start: Int, count size: Int, _ path: String
    ) throws(FileError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            while initialized < size {
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[initialized...])
                let count = unsafe pread(
                    descriptor, rest.baseAddress, rest.count, off_t(start + initialized))
                if count < 0, errno == EINTR { continue }
                if count < 0 { code = errno }
                if count <= 0 { return }
                initialized += count
            }
        }
        guard code == 0 else { throw .system(operation: .read, file: path, code: code) }
        return bytes
    }

    /// All that comes through a pipe; whoever writes to it is waited for.
    private static func pipe(
        _ descriptor: Int32, atMost limit: Int, _ path: String
    ) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe systemRead(descriptor, &piece, piece.count)
            if count < 0, errno == EAGAIN {
                var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&waited, 1, -1)
                continue
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(operation: .read, file: path, code: errno) }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
            guard bytes.count <= limit else { throw tooLarge(path, "more", limit) }
        }
    }

    private static func tooLarge(_ path: String, _ size: String, _ limit: Int) -> FileError {
        .refused(
            operation: .read, file: path,
            problem: "it has \(size); at most \(limit >> 20) MiB of such a file are read")
    }

    /// Whether `path` names a folder, or a link to one.
    package static func isFolder(_ path: String) -> Bool { FileKind(at: path) == .folder }
}

/// `read` of the C library, which a method of that name hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}
