// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files

/// Reads whole files that people write.
package enum FileText {
    /// The bytes of a file, or all that comes through a pipe, where one will do.
    package static func read(_ file: String, takesPipe: Bool = true) throws(DescriptionError) -> [UInt8] {
        do {
            return try FileBytes.read(file, takesPipe: takesPipe)
        } catch {
            let code = error.systemCode
            let message =
                switch error {
                case .refused(_, _, let problem): problem
                case .system(_, _, ENOENT), .system(_, _, ENOTDIR): "there is no such file"
                case .system(_, _, EISDIR): "this is a folder, not a file"
                case .system: "the file cannot be read: \(systemReason(code).lowercased())"
                }
            let kind: DescriptionError.Kind =
                switch error {
                case .refused: .invalid
                case .system: [ENOENT, ENOTDIR].contains(code) ? .missing : .unreadable
                }
            throw DescriptionError(
                kind,
                [
                    Diagnostic(
                        .error, file: file, message: message,
                        remedy: kind == .unreadable ? FileError.remedy(code) ?? "" : "")
                ])
        }
    }
}
