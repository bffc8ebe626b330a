// SPDX-License-Identifier: MIT

// Export: how a policy leaves. `ONNXModel` writes it as an ONNX graph and reads such a graph back, `CSource` writes it as C with
// the runtime's own forward code, and `Verification` runs what was written, by the programs that will run it, and compares.

public import Files
public import Policies

/// Why a policy cannot be exported, read back or verified, in words for people.
public enum ExportError: Error, Equatable, CustomStringConvertible {
    /// The policy itself is refused.
    case policy(PoliciesError)
    /// A file could not be read or written.
    case file(FileError)
    /// `file` is none that Sinew exported, or it is damaged: `problem` says which.
    case refused(file: String, problem: String)
    /// An option has a value that is not allowed.
    case option(String)
    /// A program that is needed is absent.
    case missingProgram(String)
    /// A program that runs an exported file failed.
    case program(String)

    /// One or two sentences: where, what, and what to do.
    public var description: String {
        switch self {
        case .policy(let error): error.description
        case .file(let error): error.description
        case .refused(let file, let problem): "\(file): \(problem)"
        case .option(let problem): problem
        case .missingProgram(let text): text
        case .program(let text): text
        }
    }
}
