// SPDX-License-Identifier: MIT

internal import Files

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads whole files that people write.
package enum FileText {
    /// The bytes of a file.
    package static func read(_ file: String) throws(DescriptionError) -> [UInt8] {
        do {
            return try FileBytes.read(file)
        } catch {
            let code = error.systemCode
            let message =
                switch code {
                case ENOENT, ENOTDIR: "there is no such file"
                case EISDIR: "this is a folder, not a file"
                default: "the file cannot be read: \(systemReason(code).lowercased())"
                }
            throw DescriptionError(
                [ENOENT, ENOTDIR].contains(code) ? .missing : .unreadable,
                [
                    Diagnostic(
                        .error, file: file, message: message,
                        remedy: code == EACCES ? "check its permissions" : "")
                ])
        }
    }

    /// Whether a path names a folder, or a link to one.
    package static func isFolder(_ path: String) -> Bool { FileBytes.isFolder(path) }
}
