// SPDX-License-Identifier: MIT

internal import CLibrary

/// A folder that is held open: what is done in it happens there, whatever becomes of its path meanwhile.
///
/// Names in it are names, not paths, and a symbolic link among them is never followed: so nothing that somebody put into a folder
/// makes us write, cut or remove something elsewhere.
package final class Folder: Sendable {
    /// The path by which it was opened, for messages.
    package let path: String
    package let descriptor: Int32

    /// Opens the folder at a path, which a person chose: links lead there.
    ///
    /// Empty is the folder one stands in.
    package convenience init(_ path: String) throws(FileError) {
        guard !path.utf8.contains(0) else {
            throw .system(operation: .openFolder, file: path, code: EINVAL)
        }
        let opened = unsafe open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .system(operation: .openFolder, file: path, code: errno) }
        self.init(path: path, descriptor: opened)
    }

    private init(path: String, descriptor: Int32) {
        (self.path, self.descriptor) = (path, descriptor)
    }

    deinit { close(descriptor) }

    /// The path of a name in it, for messages.
    package func path(of name: String) -> String {
        path.isEmpty ? name : path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    /// What a name in it stands for; nil where there is nothing.
    package func kind(of name: String) -> FileKind? {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileKind(mode: status.st_mode)
    }

    /// The names in it, without `.` and `..`, in no order.
    ///
    /// - Throws: `FileError` where the system does not tell them: a folder that cannot be read is not an empty one.
    package var names: [String] {
        get throws(FileError) {
            let own = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard own >= 0 else { throw .system(operation: .openFolder, file: path, code: errno) }
            guard let stream = unsafe fdopendir(own) else {
                let code = errno
                close(own)
                throw .system(operation: .openFolder, file: path, code: code)
            }
            return unsafe Self.names(stream)
        }
    }

    /// As ``names``, of the folder at a path, which takes one descriptor alone; none where the system does not tell them.
    package static func names(at path: String) -> [String] {
        guard !path.utf8.contains(0), let stream = unsafe opendir(path) else { return [] }
        return unsafe names(stream)
    }

    private static func names(_ stream: OpaquePointer) -> [String] {
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Checks that its names can be read.
    package func checkReadable() throws(FileError) {
        guard unsafe faccessat(descriptor, ".", R_OK | X_OK, 0) == 0 else {
            throw .system(operation: .read, file: path, code: errno)
        }
    }

    /// Opens a folder in it.
    package func folder(_ name: String) throws(FileError) -> Folder {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let opened = unsafe openat(descriptor, name, flags)
        guard opened >= 0 else {
            let code = errno
            if kind(of: name) == .link { throw linkRefused(.openFolder, name) }
            throw .system(operation: .openFolder, file: path(of: name), code: code)
        }
        return Folder(path: path(of: name), descriptor: opened)
    }

    /// Opens a folder in it, made where it is not there.
    package func madeFolder(_ name: String) throws(FileError) -> Folder {
        guard unsafe mkdirat(descriptor, name, 0o777) == 0 || errno == EEXIST else {
            throw .system(operation: .makeFolder, file: path(of: name), code: errno)
        }
        return try folder(name)
    }

    /// Gives what has one name another, in place of what has it.
    package func rename(_ name: String, to other: String) throws(FileError) {
        guard unsafe renameat(descriptor, name, descriptor, other) == 0 else {
            throw .system(operation: .rename, file: path(of: other), code: errno)
        }
    }

    /// Gives a file of one name a second one; false where another file has that name: of those who try at once, one alone succeeds, on
    /// network file systems too.
    package func link(_ name: String, as other: String) throws(FileError) -> Bool {
        guard unsafe linkat(descriptor, name, descriptor, other, 0) != 0 else { return true }
        guard errno == EEXIST else {
            throw .system(operation: .write, file: path(of: other), code: errno)
        }
        // A file server whose answer was lost is asked again, and says so of a link that it made.
        var (own, taken) = (stat(), stat())
        guard unsafe fstatat(descriptor, name, &own, AT_SYMLINK_NOFOLLOW) == 0,
            unsafe fstatat(descriptor, other, &taken, AT_SYMLINK_NOFOLLOW) == 0
        else { return false }
        return own.st_ino == taken.st_ino && own.st_dev == taken.st_dev
    }

    /// Marks a file as written just now, by the clock of the machine that has it; an empty one is made where there is none.
    ///
    /// - Returns: that time, in seconds since 1970.
    package func touch(_ name: String) throws(FileError) -> Double {
        let opened = unsafe openat(descriptor, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw .system(operation: .write, file: path(of: name), code: errno) }
        defer { close(opened) }
        guard futimens(opened, nil) == 0, let time = changed(name) else {
            throw .system(operation: .write, file: path(of: name), code: errno)
        }
        return time
    }

    /// When a file in it was written last, in seconds since 1970; nil where there is none.
    package func changed(_ name: String) -> Double? {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileKind.changed(status)
    }

    /// Removes a file or a link.
    package func remove(_ name: String) throws(FileError) {
        guard unsafe unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
            throw .system(operation: .remove, file: path(of: name), code: errno)
        }
    }

    /// Removes a folder in which nothing but files of these names is, with them; a folder that holds anything else stays as it is.
    ///
    /// - Returns: whether it is gone.
    @discardableResult
    package func removeFolder(_ name: String, holding files: [String]) -> Bool {
        guard kind(of: name) == .folder, let inner = try? folder(name) else { return false }
        guard let held = try? inner.names else { return false }
        guard held.allSatisfy({ files.contains($0) && inner.kind(of: $0) == .file }) else { return false }
        for file in held { try? inner.remove(file) }
        return unsafe unlinkat(descriptor, name, AT_REMOVEDIR) == 0
    }

    /// Flushes its names, so that new ones outlive a power loss.
    package func flush() throws(FileError) {
        // Some file systems cannot flush a folder and say EINVAL: there is nothing more to do then.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw .system(operation: .flushFolder, file: path, code: errno)
        }
    }

    /// Makes the folder at a path, which a person chose, and those above it; one that is there will do.
    package static func make(_ path: String) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .system(operation: .makeFolder, file: path, code: EINVAL)
        }
        for end in path.indices.filter({ path[$0] == "/" }) + [path.endIndex] where end > path.startIndex {
            let part = String(path[..<end])
            guard unsafe mkdir(part, 0o777) != 0 else { continue }
            let code = errno
            guard FileKind(at: part) == .folder else {
                // A file in the way is no folder, whatever the system says of making one.
                throw .system(operation: .makeFolder, file: part, code: code == EEXIST ? ENOTDIR : code)
            }
        }
    }

    func linkRefused(_ operation: FileError.Operation, _ name: String) -> FileError {
        .refused(
            operation: operation, file: path(of: name),
            problem: "this is a symbolic link, and links in a folder that Sinew writes are not followed; "
                + "remove it, or put what it points to in its place")
    }
}
