// SPDX-License-Identifier: MIT

internal import CLibrary

/// What a name in a folder stands for, in words for people.
package enum FileKind: String, Sendable {
    case file = "a file"
    case folder = "a folder"
    case link = "a symbolic link"
    case pipe = "a pipe"
    case device = "a device"
    case disk = "a disk"
    case socket = "a socket"
    case other = "no file"

    /// What the mode of a `stat` says.
    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .pipe
            case S_IFCHR: .device
            case S_IFBLK: .disk
            case S_IFSOCK: .socket
            default: .other
            }
    }

    /// What an open file is.
    init(descriptor: Int32) {
        var status = stat()
        self = unsafe fstat(descriptor, &status) == 0 ? FileKind(mode: status.st_mode) : .other
    }

    /// What is at a path, at the end of all links; nil where there is nothing.
    package init?(at path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(mode: status.st_mode)
    }

    /// When what is at a path, at the end of all links, was written last, in seconds since 1970; nil where there is nothing.
    package static func changed(at path: String) -> Double? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return changed(status)
    }

    static func changed(_ status: stat) -> Double {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
