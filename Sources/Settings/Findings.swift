// SPDX-License-Identifier: MIT

/// What a reader has found so far in one file; a reader goes on after an error, to report all of them.
package final class Findings {
    /// The file's name in messages.
    package let file: String
    package private(set) var diagnostics: [Diagnostic] = []
    /// How many of each severity there are; of errors as of the rest, people read the first hundred.
    private var counts: [Diagnostic.Severity: Int] = [:]
    private static let shown = 100

    package init(file: String) {
        self.file = file
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    package func error(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.error, line, path, message, remedy)
    }

    package func warn(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.warning, line, path, message, remedy)
    }

    package func note(_ line: Int?, _ path: String, _ message: String, _ remedy: String = "") {
        add(.note, line, path, message, remedy)
    }

    /// Reports what is wrong with a setting; `isMisspelt` where a name was probably meant otherwise.
    package func error(
        _ setting: Setting, _ message: String, _ remedy: String = "", isMisspelt: Bool = false
    ) {
        add(
            .error, setting.line, setting.path, message, remedy, file: setting.source ?? file,
            isMisspelt: isMisspelt)
    }

    package func warn(_ setting: Setting, _ message: String, _ remedy: String = "") {
        add(.warning, setting.line, setting.path, message, remedy, file: setting.source ?? file)
    }

    package func note(_ setting: Setting, _ message: String, _ remedy: String = "") {
        add(.note, setting.line, setting.path, message, remedy, file: setting.source ?? file)
    }

    /// Reports what is the matter in a file that this one includes, or in itself.
    package func report(
        _ severity: Diagnostic.Severity, file: String, _ line: Int?, _ path: String, _ message: String,
        _ remedy: String
    ) {
        add(severity, line, path, message, remedy, file: file, isOfFlag: false)
    }

    /// Takes over what was found in a file that this one includes.
    package func take(_ others: Findings) {
        for found in others.inOrder {
            report(found.severity, file: found.file, found.line, found.path, found.message, found.remedy)
        }
    }

    private func add(
        _ severity: Diagnostic.Severity, _ line: Int?, _ path: String, _ message: String, _ remedy: String,
        file: String? = nil, isMisspelt: Bool = false, isOfFlag: Bool? = nil
    ) {
        // A damaged file can be wrong in a million places. Each severity has its own hundred: warnings must not hide an error.
        let count = counts[severity] ?? 0
        guard count < Self.shown else {
            counts[severity] = count + 1
            return
        }
        var found = Diagnostic(
            severity, file: file ?? self.file, line: line, path: path, message: message, remedy: remedy)
        found.isMisspelt = isMisspelt
        found.isOfFlag = isOfFlag ?? (file != nil && file != self.file)
        guard !diagnostics.contains(found) else { return }
        diagnostics.append(found)
        counts[severity] = count + 1
    }

    /// What was found, in the order of the lines; what has no line comes last, and then how much is not shown.
    package var inOrder: [Diagnostic] {
        sorted
            + [Diagnostic.Severity.error, .warning, .note].compactMap { severity in
                let more = (counts[severity] ?? 0) - Self.shown
                guard more > 0 else { return nil }
                return Diagnostic(
                    .note, file: file, message: "\(more) more \(severity.rawValue)s are not shown")
            }
    }

    private var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted {
            let left = $0.element.line ?? .max
            let right = $1.element.line ?? .max
            return left == right ? $0.offset < $1.offset : left < right
        }.map(\.element)
    }

    /// Throws what was found if there is an error in it.
    package func throwErrors() throws(DescriptionError) {
        if hasErrors { throw DescriptionError(.invalid, inOrder) }
    }
}
