// SPDX-License-Identifier: MIT

internal import CLibrary

/// A file in a folder that grows at its end, and is cut back where what was added no longer counts.
package final class GrowingFile {
    package let path: String
    private let descriptor: Int32
    /// The bytes that it has.
    package private(set) var length: Int

    /// Opens a file of the folder, made where it is not there; a link is not followed.
    ///
    /// - Throws: `FileError`.
    package init(in folder: Folder, _ name: String) throws(FileError) {
        let path = folder.path(of: name)
        self.path = path
        var opened = try Self.open(name, in: folder)
        var status = stat()
        _ = unsafe fstat(opened, &status)
        length = Int(status.st_size)
        if status.st_nlink > 1 {
            // It has another name, in a backup or in somebody else's folder: what grows is a copy of its own.
            let bytes = Result { () throws(FileError) in
                try FileBytes.bytes(of: opened, from: 0, count: Int(status.st_size), path)
            }
            close(opened)
            try AtomicFile.write(bytes.get(), to: name, in: folder)
            opened = try Self.open(name, in: folder)
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    private static func open(_ name: String, in folder: Folder) throws(FileError) -> Int32 {
        let path = folder.path(of: name)
        switch folder.kind(of: name) {
        case nil, .file: break
        case .folder: throw .system(operation: .write, file: path, code: EISDIR)
        case .link: throw folder.linkRefused(.write, name)
        case .some(let kind):
            throw .refused(
                operation: .write, file: path, problem: "this is \(kind.rawValue), not a file; remove it")
        }
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let opened = unsafe openat(folder.descriptor, name, flags, 0o644)
        guard opened >= 0 else { throw .system(operation: .write, file: path, code: errno) }
        guard FileKind(descriptor: opened) == .file else {
            close(opened)
            throw .system(operation: .write, file: path, code: EINVAL)
        }
        return opened
    }

    /// Its first bytes.
    package func bytes(_ count: Int) throws(FileError) -> [UInt8] {
        try FileBytes.bytes(of: descriptor, from: 0, count: min(count, length), path)
    }

    /// Cuts it to `length` bytes, where it has more.
    package func cut(to length: Int) throws(FileError) {
        guard length < self.length else { return }
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure(.write) }
        self.length = length
    }

    /// Adds bytes at its end.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(length))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if count == 0 { errno = EIO }
                throw failure(.write)
            }
            length += count
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until all of it is on the disk.
    package func flush() throws(FileError) {
        guard AtomicFile.flush(descriptor) == 0 else { throw failure(.flush) }
    }

    private func failure(_ operation: FileError.Operation) -> FileError {
        .system(operation: operation, file: path, code: errno)
    }
}
