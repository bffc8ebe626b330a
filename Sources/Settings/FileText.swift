// SPDX-License-Identifier: MIT

package import Foundation

/// Reads whole files.
package enum FileText {
    /// The bytes of a file.
    package static func read(_ file: String) throws(DescriptionError) -> Data {
        let url = URL(fileURLWithPath: file)
        guard FileManager.default.fileExists(atPath: file) else {
            throw failure(.missing, file, "there is no such file")
        }
        guard !isFolder(file) else { throw failure(.unreadable, file, "this is a folder, not a file") }
        do {
            return try Data(contentsOf: url)
        } catch {
            throw failure(.unreadable, file, "the file cannot be read", "check its permissions")
        }
    }

    /// Whether a path names a folder, or a link to one.
    package static func isFolder(_ file: String) -> Bool {
        let values = try? URL(fileURLWithPath: file).resolvingSymlinksInPath().resourceValues(forKeys: [
            .isDirectoryKey
        ])
        return values?.isDirectory ?? false
    }

    private static func failure(
        _ kind: DescriptionError.Kind, _ file: String, _ message: String, _ remedy: String = ""
    ) -> DescriptionError {
        DescriptionError(kind, [Diagnostic(.error, file: file, message: message, remedy: remedy)])
    }
}
