// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// The built `sinew` as other people run it: a process with arguments, a folder, two streams and an exit code.
struct SinewProcess {
    /// How a process ended.
    struct Outcome {
        /// The exit code; nil where a signal ended it, which is a bug unless the test sent one.
        var code: Int32?
        var signal: Int32?
        var output: String
        var errors: String

        /// The lines on standard error.
        var errorLines: [Substring] {
            errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        }
    }

    private let process = Process()
    private let streams: TemporaryFolder

    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// What every test has.
    static let environment = [
        "SINEW_HOME": repository, "PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES": "/",
    ]

    /// The command beside the test bundle.
    static var executable: URL {
        get throws {
            #if canImport(Darwin)
                let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
            #else
                let bundle = Bundle.main.executableURL
            #endif
            let url = try #require(bundle).deletingLastPathComponent().appendingPathComponent("sinew")
            try #require(FileManager.default.isExecutableFile(atPath: url.path), "\(url.path) is not built")
            return url
        }
    }

    /// Starts `sinew` in `folder`; `environment` stands above what every test has, and `script` is what a shell does first to itself.
    init(
        _ arguments: [String], in folder: String, environment: [String: String] = [:],
        after script: String? = nil
    ) throws {
        streams = try TemporaryFolder()
        process.executableURL = script == nil ? try Self.executable : URL(fileURLWithPath: "/bin/sh")
        process.arguments = arguments
        if let script {
            process.arguments = ["-c", script + "; exec \"$0\" \"$@\"", try Self.executable.path] + arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = Self.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(streams.path + "/output")
        process.standardError = try Self.file(streams.path + "/errors")
        try process.run()
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    /// What it has printed so far.
    var printed: (output: String, errors: String) {
        func text(_ name: String) -> String {
            (try? String(contentsOfFile: "\(streams.path)/\(name)", encoding: .utf8)) ?? ""
        }
        return (text("output"), text("errors"))
    }

    func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// Waits for its end; one that is not there after `seconds` is killed, which is seen from its signal.
    func wait(atMost seconds: Double) throws -> Outcome {
        let end = Date(timeIntervalSinceNow: seconds)
        while isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
        send(SIGKILL)
        return try wait()
    }

    func wait() throws -> Outcome {
        process.waitUntilExit()
        let exited = process.terminationReason == .exit
        return try Outcome(
            code: exited ? process.terminationStatus : nil,
            signal: exited ? nil : process.terminationStatus,
            output: String(contentsOfFile: streams.path + "/output", encoding: .utf8),
            errors: String(contentsOfFile: streams.path + "/errors", encoding: .utf8))
    }
}

/// Runs `sinew` to its end.
func sinew(_ arguments: String..., in folder: TemporaryFolder) throws -> SinewProcess.Outcome {
    try SinewProcess(arguments, in: folder.path).wait()
}

/// Runs `sinew` to its end.
func sinew(_ arguments: [String], in folder: TemporaryFolder) throws -> SinewProcess.Outcome {
    try SinewProcess(arguments, in: folder.path).wait()
}

/// Expects one clear error with this exit code: at most two lines that begin with the command's name, and none on standard output.
@discardableResult
func expectFailure(
    _ code: Int32, _ mentions: String..., from outcome: SinewProcess.Outcome,
    at location: SourceLocation = #_sourceLocation
) -> SinewProcess.Outcome {
    let said = Comment(rawValue: outcome.errors)
    #expect(outcome.code == code, said, sourceLocation: location)
    #expect(outcome.signal == nil, said, sourceLocation: location)
    #expect(outcome.output.isEmpty, said, sourceLocation: location)
    // A run that began has said so.
    let lines = outcome.errorLines.drop { $0.hasPrefix("training ") }
    #expect((1...2).contains(lines.count), said, sourceLocation: location)
    #expect(lines.first?.hasPrefix("sinew: ") == true, said, sourceLocation: location)
    #expect(!outcome.errors.contains("Fatal error"), said, sourceLocation: location)
    for text in mentions {
        #expect(outcome.errors.contains(text), said, sourceLocation: location)
    }
    return outcome
}
