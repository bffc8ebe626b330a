// SPDX-License-Identifier: MIT

public import Policies

/// A form that a policy leaves in: how it is written, told from other files, and read back.
///
/// A new one is a file with such a declaration, a section of docs/deployment.md, and a line in ``all``.
public struct ExportFormat: Sendable {
    /// All forms; what a file is, is tried in this order.
    public static let all: [ExportFormat] = [.safetensors, .onnx, .c]

    /// Its name, as `--format` takes it.
    public let name: String
    /// What is written, for the help.
    public let summary: String
    /// What runs it, for the help.
    public let engines: String
    /// What follows scene, algorithm and seed in the name of a file that is given none.
    public let ending: String
    /// The options that it has.
    public let options: [ExportOption]

    let writer:
        @Sendable (PolicyFile, [ExportOption: String], _ path: String, _ isReplaced: Bool) throws(ExportError)
            -> Void
    /// Whether a file with these bytes, or without bytes a folder, is of this form by what it holds.
    package let isContent: @Sendable (_ path: String, _ bytes: [UInt8]?) -> Bool
    let reader: @Sendable (_ path: String, _ bytes: [UInt8]?) throws(ExportError) -> ExportedFile

    /// Checks that `options` are some of its own.
    ///
    /// - Throws: `ExportError.option`, which says whose option it is.
    public func check(_ options: [ExportOption: String]) throws(ExportError) {
        let strange = options.keys.filter { !self.options.contains($0) }
        guard let option = strange.min(by: { $0.name < $1.name }) else { return }
        throw .option(
            "--\(option.name) is an option of --format \(option.formats.joined(separator: " and "))")
    }

    /// Writes `policy` to the file or folder at `path`; a file that is there is in the way unless it is to be replaced.
    ///
    /// - Throws: `ExportError.option` where an option is not one of its own, or the policy cannot be had so; `.file` or `.policy`
    ///   where it cannot be written: then what was at `path` is intact.
    public func write(
        _ policy: PolicyFile, options: [ExportOption: String] = [:], to path: String, replacing: Bool = true
    ) throws(ExportError) {
        try check(options)
        try writer(policy, options, path, replacing)
    }
}

/// An option of a form; its value is a text, and any for a flag that is given.
public struct ExportOption: Sendable, Hashable {
    /// Draws actions.
    public static let stochastic = ExportOption(
        name: "stochastic", help: "take noise as an input and draw the action, as in training")

    /// Its name, as the command takes it after two hyphens.
    public let name: String
    /// What it does, for the help.
    public let help: String

    /// The names of the forms that have it.
    public var formats: [String] {
        ExportFormat.all.filter { $0.options.contains(self) }.map(\.name)
    }
}

extension PolicyFile {
    /// The policy as it leaves: with its limits, and without its deviations, unless its actions shall be drawn.
    ///
    /// - Throws: `ExportError.option` where they shall, and it has none.
    func leaving(isStochastic: Bool) throws(ExportError) -> PolicyFile {
        guard isStochastic else { return try ExportError.wrapPolicy(try limited().deterministic()) }
        guard network.isStochastic else {
            throw .option("\(name): it is a deterministic policy; a stochastic export needs a stochastic one")
        }
        return try ExportError.wrapPolicy(try limited())
    }
}
