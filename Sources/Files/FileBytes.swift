// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads whole files.
package enum FileBytes {
    /// The bytes of the file at `path`, read straight into the array.
    ///
    /// - Throws: `FileError.system` with the system's error number.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw .system(operation: .read, file: path, code: ENOENT) }
        // Without waiting: a pipe that nobody writes to would keep the call for ever. Files are read as always.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(operation: .read, file: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(operation: .read, file: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .system(
                operation: .read, file: path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        let size = Int(status.st_size)
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            while initialized < size {
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[initialized...])
                let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(initialized))
                if count < 0, errno == EINTR { continue }
                if count < 0 { code = errno }
                // Zero: the file was cut while it was read; what is there is judged by its reader.
                if count <= 0 { return }
                initialized += count
            }
        }
        guard code == 0 else { throw .system(operation: .read, file: path, code: code) }
        return bytes
    }

    /// Whether `path` names a folder, or a link to one.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
