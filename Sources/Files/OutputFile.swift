// SPDX-License-Identifier: MIT

internal import CLibrary

/// A place that a person named for something to be written to.
///
/// What is there is looked at first. A file appears whole or not at all (`AtomicFile`), and one that is there is replaced only where
/// that is asked for; a link to a file means the file. A pipe, a device such as /dev/null, and /dev/stdout are written through,
/// never replaced. Anything else is refused.
package struct OutputFile: Sendable {
    private enum Target {
        case file(String)
        /// Opened by its path.
        case stream
        /// One of the process's own descriptors, as /dev/stdout and /dev/fd/3 name it.
        case own(Int32)
    }

    package let path: String
    private let isReplaced: Bool

    /// Looks at what is at a path; a file there is in the way unless it is to be replaced.
    ///
    /// - Throws: `FileError`, before any work is done in vain.
    package init(_ path: String, replacing: Bool) throws(FileError) {
        (self.path, isReplaced) = (path, replacing)
        _ = try target()
    }

    /// Whether what is written there is a file, and not written through.
    package static func isFile(_ path: String) -> Bool {
        guard ownDescriptor(path) == nil else { return false }
        let kind = FileKind(at: path)
        return kind != .pipe && kind != .device
    }

    /// Writes `bytes`.
    ///
    /// - Throws: `FileError`; a file that was there is still there then.
    package func write(_ bytes: [UInt8]) throws(FileError) {
        switch try target() {
        case .file(let path): try AtomicFile.write(bytes, to: path)
        case .own(let descriptor): try write(bytes, through: descriptor)
        case .stream:
            let descriptor = unsafe open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .system(operation: .write, file: path, code: errno) }
            defer { close(descriptor) }
            try write(bytes, through: descriptor)
        }
    }

    private func target() throws(FileError) -> Target {
        if let own = Self.ownDescriptor(path) { return .own(own) }
        guard !path.utf8.contains(0) else { throw .system(operation: .write, file: path, code: EINVAL) }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            // A name that is not there yet; what is wrong with its folder, writing will tell.
            return .file(path)
        }
        var kind = FileKind(mode: status.st_mode)
        let isLink = kind == .link
        if isLink {
            guard let end = FileKind(at: path) else {
                throw refusal("this is a symbolic link to nothing; remove it, or name another file")
            }
            kind = end
        }
        switch kind {
        case .pipe, .device: return .stream
        case .file where !isReplaced: throw refusal("exists; pass --force to replace it")
        case .file: return .file(isLink ? try endOfLinks() : path)
        case .folder: throw .system(operation: .write, file: path, code: EISDIR)
        default: throw refusal("this is \(kind.rawValue), which nothing is written to; name another file")
        }
    }

    private func endOfLinks() throws(FileError) -> String {
        guard let end = unsafe realpath(path, nil) else {
            throw .system(operation: .write, file: path, code: errno)
        }
        defer { unsafe free(end) }
        return unsafe String(cString: end)
    }

    private func write(_ bytes: [UInt8], through descriptor: Int32) throws(FileError) {
        let kind = FileKind(descriptor: descriptor)
        guard kind != .folder, kind != .disk else { throw refusal("this is \(kind.rawValue); name a file") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .system(operation: .write, file: path, code: count < 0 ? errno : EIO)
            }
            rest = rest.dropFirst(count)
        }
    }

    private func refusal(_ problem: String) -> FileError {
        .refused(operation: .write, file: path, problem: problem)
    }

    /// The number of the process's own open file that a path names; nil where it names none.
    private static func ownDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count))
            }
            return nil
        }
    }
}

/// `write` of the C library, which a method of that name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}
