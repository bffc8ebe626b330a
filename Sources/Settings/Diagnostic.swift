// SPDX-License-Identifier: MIT

/// One thing that a reader has to say about a file.
public struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// Something was left out or assumed; the result is what the file says.
        case note
        /// The result may not be what the author means.
        case warning
        /// The file cannot be used.
        case error
    }

    /// How much it matters.
    public var severity: Severity
    /// The file, as it was named by the caller.
    public var file: String
    /// The line, counted from 1, where there is one.
    public var line: Int?
    /// Where in the file: an element such as `joint 'hip' <limit>` or a key path such as `reward[0].weight`; may be empty.
    public var path: String
    /// What is the matter, and what would be allowed.
    public var message: String
    /// What to do about it; may be empty.
    public var remedy: String
    /// Whether a name was probably misspelt: such an error comes first, for others often follow from it.
    package var isMisspelt = false
    /// Whether a flag said it, and not a file.
    package var isOfFlag = false

    /// Makes a diagnostic; path and remedy may be empty.
    public init(
        _ severity: Severity, file: String, line: Int? = nil, path: String = "", message: String,
        remedy: String = ""
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.path = path
        self.message = message
        self.remedy = remedy
    }

    /// One line: file, line, path, message, remedy.
    public var description: String { line(naming: severity != .error) }

    /// The same, and an error says that it is one: to be told from warnings beside it.
    package var lineWithSeverity: String { line(naming: true) }

    private func line(naming isNamed: Bool) -> String {
        var text = file
        if let line { text += ":\(line)" }
        text += ": "
        if isNamed { text += "\(severity.rawValue): " }
        if !path.isEmpty { text += "\(path): " }
        text += message
        return remedy.isEmpty ? text : text + "; " + remedy
    }
}

/// Everything that is wrong in a robot or a scene.
public struct DescriptionError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is, for a command's exit code.
    public enum Kind: Sendable {
        /// The file or the named scene is not there.
        case missing
        /// The file is there and cannot be read.
        case unreadable
        /// The file says something that cannot be used.
        case invalid
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What is wrong, in the order of the file: errors, and the warnings found beside them.
    public var diagnostics: [Diagnostic]

    /// Makes an error of what was found.
    public init(_ kind: Kind, _ diagnostics: [Diagnostic]) {
        self.kind = kind
        self.diagnostics = diagnostics
    }

    /// The diagnostics that are errors.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    /// The errors, one a line.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
