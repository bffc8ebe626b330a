// SPDX-License-Identifier: MIT

public import ArgumentParser
public import Export
import Files
import Policies
import Training

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a policy to a file for deployment, and verify the file.",
        usage: "sinew export <policy> --format <format> [<options>]",
        discussion: ExportFormat.all.map { "\($0.name): \($0.summary)" }.joined(separator: "\n\n"))

    @Argument(help: "\(PolicySource.help).", completion: .policies)
    var policy: String
    @Option(help: "The format.")
    var format: ExportFormat
    @Option(
        help:
            "The file or folder to write (default: \(ExportFormat.all.map { "SCENE-ALGORITHM-SEED\($0.ending)" }.joined(separator: ", ")) here).",
        completion: .file())
    var output: String?
    @Flag(help: "Replace a file that is there.") var force = false
    @Option(help: ArgumentHelp(.opset)) var opset: String?
    @Flag(help: ArgumentHelp(.staticBatch)) var staticBatch = false
    @Option(help: ArgumentHelp(.prefix)) var prefix: String?
    @Flag(help: ArgumentHelp(.stochastic)) var stochastic = false

    /// What was given of all formats' options.
    private var options: [ExportOption: String] {
        var options: [ExportOption: String] = [:]
        options[.opset] = opset
        options[.staticBatch] = staticBatch ? "" : nil
        options[.prefix] = prefix
        options[.stochastic] = stochastic ? "" : nil
        return options
    }

    func validate() throws {
        do {
            try format.check(options)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let policy = try PolicySource(path: policy).file
        for text in policy.contract.warnings { printError("note: \(text)") }
        if policy.limits == nil, policy.contract.needsLimits {
            printError(
                "note: the policy is of an older version; its actions are cut off to the contract's range now, as in training"
            )
        }
        let path = try output ?? defaultName(policy)
        try PolicySource.checkTarget(path, of: self.policy)
        try format.write(policy, options: options, to: path, replacing: force)
        guard OutputFile.isFile(path) else {
            // Standard output may be where it went.
            return printError("written to \(path), from where it cannot be read back: not verified")
        }
        try verify(path, against: policy)
        print(path)
    }

    /// A name here of what the policy says of itself, which is a name and no path.
    private func defaultName(_ policy: PolicyFile) throws -> String {
        let (scene, training) = (policy.contract.scene, policy.contract.training)
        let name =
            Recipe.usualName(scene: scene, algorithm: training.algorithm, seed: training.seed) + format.ending
        guard name.isPlainName else {
            throw Failure(
                .badData,
                "\(self.policy): the policy's scene '\(scene)' and algorithm '\(training.algorithm)' make no name of a file; "
                    + "name one by --output")
        }
        return name
    }

    /// The file is read back and run; a program that is missing is only a note, for the files are written.
    private func verify(_ path: String, against policy: PolicyFile) throws {
        do {
            let (results, missing) = try Verification.verify(ExportedFile(path: path), against: policy)
            for text in missing { printError("note: not verified by every program: \(text)") }
            for result in results {
                if let problem = result.problem {
                    throw Failure(.badData, "\(path): \(result.engine): \(problem)")
                }
            }
        } catch ExportError.missingProgram(let text) {
            printError("note: the file was not verified: \(text)")
        }
    }
}

extension ExportFormat: ExpressibleByArgument {
    /// The format of this name.
    public init?(argument: String) {
        guard let format = Self.all.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    /// The names of all.
    public static var allValueStrings: [String] { all.map(\.name) }
}

extension ArgumentHelp {
    /// An option that only some formats have.
    init(_ option: ExportOption) {
        self.init("\(option.formats.joined(separator: ", ")): \(option.help).")
    }
}
