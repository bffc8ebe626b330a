// SPDX-License-Identifier: MIT

/// What a reader has found so far in one file; a reader goes on after an error, to report all of them.
final class Findings {
    /// The file's name in messages.
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    func error(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.error, line, path, message, remedy)
    }

    func warn(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.warning, line, path, message, remedy)
    }

    func note(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.note, line, path, message, remedy)
    }

    private func add(
        _ severity: Diagnostic.Severity, _ line: Int?, _ path: String, _ message: String, _ remedy: String
    ) {
        // A damaged file can be wrong in a million places; people read the first hundred.
        guard diagnostics.count < 100 else { return }
        let found = Diagnostic(severity, file: file, line: line, path: path, message: message, remedy: remedy)
        if !diagnostics.contains(found) { diagnostics.append(found) }
    }

    /// What was found, in the order of the lines; what has no line comes last.
    var inOrder: [Diagnostic] {
        diagnostics.enumerated().sorted {
            let left = $0.element.line ?? .max
            let right = $1.element.line ?? .max
            return left == right ? $0.offset < $1.offset : left < right
        }.map(\.element)
    }

    /// Throws what was found if there is an error in it.
    func throwErrors() throws(DescriptionError) {
        if hasErrors { throw DescriptionError(.invalid, inOrder) }
    }
}
