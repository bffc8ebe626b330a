// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files
internal import Foundation

/// Why a program did not do what it was asked to, in words for people.
package struct ProgramError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// A program of the machine.
package struct Program: Sendable {
    /// Its path.
    package let path: String

    /// The program `name`: a path, or a name that is looked up in PATH; nil where there is none.
    ///
    /// What PATH names in the folder one stands in (`.`, or nothing) is not looked at: who filled that folder is not known.
    package init?(_ name: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders =
            name.contains("/")
            ? [""] : path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/" }
        let found = folders.map { $0 + name }.first {
            unsafe FileKind(at: $0) == .file && access($0, X_OK) == 0
        }
        guard let found else { return nil }
        self.path = found
    }

    /// Starts it; what it says on standard error goes where that of this process goes.
    ///
    /// - Throws: `ProgramError`, in the system's words.
    package func start(
        _ arguments: [String], hasInput: Bool = false, errors: ChildProcess.Errors = .inherited
    ) throws(ProgramError) -> ChildProcess {
        do {
            return try ChildProcess(path, arguments, hasInput: hasInput, errors: errors)
        } catch {
            throw ProgramError(description: "\(path) cannot be started: \(systemReason(error.code))")
        }
    }

    /// Runs it to its end; its standard output and what it says on standard error.
    ///
    /// - Throws: `ProgramError` where it cannot be started or ends with another code than 0.
    @discardableResult
    package func run(_ arguments: [String]) throws(ProgramError) -> String {
        let process = try start(arguments, errors: .withOutput)
        var said: [UInt8] = []
        while !process.descriptors.isEmpty { said += process.read(process.output) }
        let end = process.wait()
        let text = String(decoding: said, as: UTF8.self)
        guard end.number == 0, !end.isSignal else {
            let reason = end.isSignal ? "ended by signal \(end.number)" : "failed"
            throw ProgramError(description: "\(path) \(reason): \(text.suffix(600))")
        }
        return text
    }
}
