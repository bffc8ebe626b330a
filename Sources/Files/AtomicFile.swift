// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears whole or not at all.
///
/// Bytes go to `.<name>.partial` in the same folder. `commit` flushes them to the disk, renames the file to its name and
/// flushes the folder; until then, and after any error, what `path` held before is untouched. The partial file is
/// locked while it is open, and one that a killed process left behind is used again.
package final class AtomicFile {
    /// The path that the file will have.
    package let path: String
    private let partialPath: String
    private var descriptor: Int32 = -1

    /// Opens the partial file, empty.
    ///
    /// - Throws: `FileError.system` with the system's error number.
    package init(path: String) throws(FileError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        partialPath = "\(folder).\(name).partial"
        guard !name.isEmpty, !path.utf8.contains(0) else {
            throw .system(operation: .write, file: path, code: EINVAL)
        }
        repeat {
            descriptor = unsafe open(partialPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw .system(operation: .write, file: path, code: errno) }
            // Where a file system cannot lock, writing goes on without.
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
                close(descriptor)
                descriptor = -1
                throw .system(operation: .write, file: path, code: EBUSY)
            }
            // The owner before may have renamed the file away between opening and locking.
            if !isStillPartial() {
                close(descriptor)
                descriptor = -1
            }
        } while descriptor < 0
        guard ftruncate(descriptor, 0) == 0 else { throw failure(.write) }
    }

    deinit {
        discard()
    }

    /// Writes `bytes` at `offset`.
    ///
    /// - Throws: `FileError.system`; the partial file is gone then.
    package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
        let code: Int32 = unsafe bytes.withUnsafeBytes { source in
            var written = 0
            while written < source.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: source[written...])
                // One call writes at most 2 GiB anyway; a whole buffer at a time is asked for.
                let count = unsafe pwrite(
                    descriptor, rest.baseAddress, rest.count, off_t(offset + written))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                written += count
            }
            return 0
        }
        guard code == 0 else {
            errno = code
            throw failure(.write)
        }
    }

    /// Flushes the file, gives it its name, and flushes its folder.
    ///
    /// - Throws: `FileError.system`; the partial file is gone then, and what was at `path` is still there, unless
    ///   only the flushing of the folder failed: then the new file is there, but might not outlive a power loss.
    package func commit() throws(FileError) {
        guard Self.flush(descriptor) == 0 else { throw failure(.flush) }
        guard unsafe rename(partialPath, path) == 0 else { throw failure(.rename) }
        close(descriptor)
        descriptor = -1
        try Self.flushFolder(of: path)
    }

    /// Removes the partial file; what was at `path` stays.
    package func discard() {
        guard descriptor >= 0 else { return }
        unsafe unlink(partialPath)
        close(descriptor)
        descriptor = -1
    }

    /// Writes `bytes` as the file at `path`, atomically.
    ///
    /// - Throws: `FileError.system`; what was at `path` is still there then.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try AtomicFile(path: path)
        try unsafe file.write(bytes.span.bytes, at: 0)
        try file.commit()
    }

    /// Flushes the folder that holds `path`, so that a new name in it outlives a power loss.
    ///
    /// - Throws: `FileError.system`.
    package static func flushFolder(of path: String) throws(FileError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: .openFolder, file: folder, code: errno) }
        defer { close(descriptor) }
        // Some file systems cannot flush a folder and say EINVAL: there is nothing more to do then.
        guard flush(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw .system(operation: .flushFolder, file: folder, code: errno)
        }
    }

    private static func flush(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
            // fsync on macOS does not reach the medium.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
        #endif
        return fsync(descriptor)
    }

    private func isStillPartial() -> Bool {
        var opened = stat()
        var named = stat()
        return unsafe fstat(descriptor, &opened) == 0 && stat(partialPath, &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    /// The error of the call that just failed; the partial file is removed.
    private func failure(_ operation: FileError.Operation) -> FileError {
        let code = errno
        discard()
        return .system(operation: operation, file: path, code: code)
    }
}
