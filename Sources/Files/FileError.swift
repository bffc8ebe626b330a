// SPDX-License-Identifier: MIT

internal import CLibrary

/// Why a file was not read or written, in words for people.
public enum FileError: Error, Equatable, CustomStringConvertible {
    /// What was tried, in words for people.
    public enum Operation: String, Sendable {
        /// Reading the file.
        case read = "read it"
        /// Writing the file.
        case write = "write it"
        /// Writing what was written to the disk itself.
        case flush = "write it to the disk"
        /// Renaming the finished file.
        case rename = "give the finished file its name"
        /// Removing the file.
        case remove = "remove it"
        /// Opening a file's folder.
        case openFolder = "open the folder"
        /// Writing a folder's new names to the disk.
        case flushFolder = "write the folder to the disk"
        /// Making a folder.
        case makeFolder = "make the folder"
    }

    /// The system refused `operation` on `file`; `code` is its `errno`. What `file` held before is intact.
    case system(operation: Operation, file: String, code: Int32)
    /// Nothing was tried: what is at `file` is not for `operation`; `problem` says what it is, and what to do.
    case refused(operation: Operation, file: String, problem: String)

    /// What was tried, or would have been.
    public var operation: Operation {
        switch self {
        case .system(let operation, _, _), .refused(let operation, _, _): operation
        }
    }

    /// The system's error number; EINVAL where nothing was asked of it.
    public var systemCode: Int32 {
        switch self {
        case .system(_, _, let code): code
        case .refused: EINVAL
        }
    }

    /// One or two sentences: where, what, and what to do.
    public var description: String {
        switch self {
        // The folder that one stands in has no name of its own.
        case .system(let operation, let file, let code):
            "\(file.isEmpty ? "." : file): cannot \(operation.rawValue): \(Self.cause(code))"
        case .refused(_, let file, let problem): "\(file): \(problem)"
        }
    }

    /// The system's words for an error number, and a remedy where there is a common one.
    private static func cause(_ code: Int32) -> String {
        let words = systemReason(code).lowercased()
        return remedy(code).map { "\(words); \($0)" } ?? words
    }

    /// What to do where the system refuses; nil where nothing common is known.
    package static func remedy(_ code: Int32) -> String? {
        switch code {
        case ENOSPC, EDQUOT: "free some space or choose another folder, then try again"
        case EFBIG: "the file is larger than is allowed here (see `ulimit -f`)"
        case EIO: "the disk fails or is gone; check it (see `dmesg`), or choose another folder"
        case EMFILE: "allow more open files (see `ulimit -n`)"
        case ENFILE, ENOMEM: "the system is short of it; end other programs, then try again"
        case ENAMETOOLONG: "choose a shorter name"
        case ELOOP: "its symbolic links lead in a circle; name the file itself"
        case EROFS: "choose a folder on a disk that can be written"
        case EACCES, EPERM: "check the owner and the permissions of the file and its folder"
        case ENOENT: "check the path; its folder must exist"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case EISDIR: "a folder of this name is in the way"
        case EBUSY, EWOULDBLOCK: "another process is writing this file; wait until it ends"
        default: nil
        }
    }
}

/// The system's words for an error number.
package func systemReason(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
