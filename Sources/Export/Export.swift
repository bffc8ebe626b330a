// SPDX-License-Identifier: MIT

// Export: how a policy leaves. A form that it leaves in is an `ExportFormat`: a file or a folder here, and a line in
// `ExportFormat.all`. Each writes a policy, knows its own files again, reads them back where it can, and names the programs that
// run them. `Verification` has these programs run what was written, and compares; it knows no format.

public import Files
public import Policies
internal import Processes

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
        case .option(let text), .missingProgram(let text), .program(let text): text
        }
    }

    /// What `work` gives; its error as one of an export.
    static func wrapPolicy<Result>(
        _ work: @autoclosure () throws(PoliciesError) -> Result
    ) throws(ExportError) -> Result {
        do { return try work() } catch { throw .policy(error) }
    }

    /// What `work` gives; its error as one of an export.
    static func wrapProgram<Result>(
        _ work: @autoclosure () throws(ProgramError) -> Result
    ) throws(ExportError) -> Result {
        do { return try work() } catch { throw .program(error.description) }
    }

    /// What `work` gives; its error as one of an export.
    static func wrapFile<Result>(
        _ work: @autoclosure () throws(FileError) -> Result
    ) throws(ExportError) -> Result {
        do { return try work() } catch { throw .file(error) }
    }
}
