// SPDX-License-Identifier: MIT

internal import CLibrary

/// A file that appears whole or not at all.
///
/// Bytes go to `.<name>.partial` in the same folder, which is made new each time: what a link of that name points to is never
/// opened. `commit` flushes them to the disk, renames the file to its name and flushes the folder; until then, and after any
/// error, what had the name before is untouched. It replaces a regular file or nothing: a link, a pipe, a device stays what it
/// is. The partial file is locked while it is open; one that a killed process left behind goes.
package final class AtomicFile {
    /// The path that the file will have.
    package let path: String
    private let folder: Folder
    private let name: String
    private let partialName: String
    private var descriptor: Int32 = -1

    /// Opens the partial file of a name in a folder, empty.
    ///
    /// - Throws: `FileError`.
    package init(in folder: Folder, _ name: String) throws(FileError) {
        (self.folder, self.name, path) = (folder, name, folder.path(of: name))
        partialName = Self.partialName(of: name)
        guard !name.isEmpty, !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else {
            throw .system(operation: .write, file: path, code: EINVAL)
        }
        try checkTarget()
        // What another process does between two of our calls is answered by another try.
        for _ in 0..<10 where descriptor < 0 { descriptor = try openPartial() }
        guard descriptor >= 0 else { throw .system(operation: .write, file: path, code: EBUSY) }
    }

    /// Opens the partial file of `path`, empty.
    ///
    /// - Throws: `FileError`.
    package convenience init(path: String) throws(FileError) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        guard !name.isEmpty, !path.utf8.contains(0) else {
            throw .system(operation: .write, file: path, code: EINVAL)
        }
        let folder: Folder
        do {
            folder = try Folder(slash.map { String(path[...$0]) } ?? "")
        } catch {
            throw .system(operation: .write, file: path, code: error.systemCode)
        }
        try self.init(in: folder, name)
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
    /// - Throws: `FileError`; the partial file is gone then, and what had the name is still there, unless only the flushing of the
    ///   folder failed: then the new file is there, but might not outlive a power loss.
    package func commit() throws(FileError) {
        guard Self.flush(descriptor) == 0 else { throw failure(.flush) }
        do {
            try checkTarget()
            try folder.rename(partialName, to: name)
        } catch {
            discard()
            throw error
        }
        close(descriptor)
        descriptor = -1
        try folder.flush()
    }

    /// Removes the partial file; what has the name stays.
    package func discard() {
        guard descriptor >= 0 else { return }
        try? folder.remove(partialName)
        close(descriptor)
        descriptor = -1
    }

    /// Writes `bytes` as the file at `path`, atomically.
    ///
    /// - Throws: `FileError`; what was at `path` is still there then.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try AtomicFile(path: path).finish(bytes)
    }

    /// Writes `bytes` as the file of a name in a folder, atomically.
    ///
    /// - Throws: `FileError`; what had the name is still there then.
    package static func write(_ bytes: [UInt8], to name: String, in folder: Folder) throws(FileError) {
        try AtomicFile(in: folder, name).finish(bytes)
    }

    private func finish(_ bytes: [UInt8]) throws(FileError) {
        try unsafe write(bytes.span.bytes, at: 0)
        try commit()
    }

    /// A name that is too long to be lengthened has its checksum for a partial one.
    private static func partialName(of name: String) -> String {
        guard name.utf8.count > 246 else { return ".\(name).partial" }
        return ".\(String(CRC32.checksum(of: Array(name.utf8)), radix: 16)).partial"
    }

    /// Refuses to replace what is no regular file.
    private func checkTarget() throws(FileError) {
        switch folder.kind(of: name) {
        case nil, .file: break
        case .folder: throw .system(operation: .write, file: path, code: EISDIR)
        case .link: throw folder.linkRefused(.write, name)
        case .some(let kind):
            throw .refused(
                operation: .write, file: path,
                problem: "this is \(kind.rawValue), which no file is put in the place of; name another file")
        }
    }

    /// The descriptor of a new, locked partial file; -1 where another process was quicker.
    private func openPartial() throws(FileError) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let opened = unsafe openat(folder.descriptor, partialName, flags, 0o644)
        if opened < 0, errno == EEXIST {
            try removeLeftover()
            return -1
        }
        guard opened >= 0 else { throw .system(operation: .write, file: path, code: errno) }
        return try locked(opened)
    }

    /// The same descriptor, locked, or -1 where its file has lost the partial name.
    private func locked(_ opened: Int32) throws(FileError) -> Int32 {
        // Where a file system cannot lock, writing goes on without.
        if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(opened)
            throw .system(operation: .write, file: path, code: EBUSY)
        }
        var own = stat()
        var named = stat()
        if unsafe fstat(opened, &own) == 0
            && fstatat(folder.descriptor, partialName, &named, AT_SYMLINK_NOFOLLOW) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
        {
            return opened
        }
        close(opened)
        return -1
    }

    /// Removes the partial file that a killed process left; one that is being written stays, and so does what is no file.
    private func removeLeftover() throws(FileError) {
        let kind = folder.kind(of: partialName)
        guard kind == .file else {
            guard let kind else { return }
            throw .refused(
                operation: .write, file: folder.path(of: partialName),
                problem: "this is \(kind.rawValue) in the way of writing \(name); remove it")
        }
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let opened = unsafe openat(folder.descriptor, partialName, flags)
        if opened < 0, errno == ENOENT { return }
        guard opened >= 0 else { throw .system(operation: .write, file: path, code: errno) }
        let left = try locked(opened)
        guard left >= 0 else { return }
        defer { close(left) }
        try folder.remove(partialName)
    }

    static func flush(_ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
            // fsync on macOS does not reach the medium.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
        #endif
        return fsync(descriptor)
    }

    /// The error of the call that just failed; the partial file is removed.
    private func failure(_ operation: FileError.Operation) -> FileError {
        let code = errno
        discard()
        return .system(operation: operation, file: path, code: code)
    }
}
