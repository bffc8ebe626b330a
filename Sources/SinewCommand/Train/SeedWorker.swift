// SPDX-License-Identifier: MIT

import Foundation

/// The process that trains one of several seeds, seen from the process that watches over them.
final class SeedWorker {
    let seed: UInt64
    /// The run's folder.
    let folder: String
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private var outputText = Data()
    private var partialLine = Data()
    private var openStreams: [FileHandle] = []

    /// The last that it told; nil before it told anything.
    private(set) var progress: SeedProgress?
    /// What it printed on standard output: one JSON document where it went well.
    var document: Data { outputText }

    /// Names a process that runs `sinew` with these arguments; it is not started yet.
    init(seed: UInt64, folder: String, arguments: [String]) {
        self.seed = seed
        self.folder = folder
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
    }

    /// What such a process does first: it leaves the group of the one that watches, so that a Ctrl-C reaches it once, through
    /// that one; and it outlives that one long enough to write a checkpoint, though nobody reads what it says any more.
    static func leaveGroup() {
        setpgid(0, 0)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Starts it.
    func start() throws {
        try process.run()
        openStreams = [output.fileHandleForReading, errors.fileHandleForReading]
    }

    /// The streams that it may still write to.
    var descriptors: [Int32] { openStreams.map(\.fileDescriptor) }
    /// Whether it has closed both: it is at its end.
    var hasEnded: Bool { openStreams.isEmpty }

    func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// Takes in what stands ready in the stream; returns the whole lines for people that came on standard error.
    func read(from descriptor: Int32) -> [String] {
        guard let stream = openStreams.first(where: { $0.fileDescriptor == descriptor }) else { return [] }
        let data = stream.availableData
        if data.isEmpty { openStreams.removeAll { $0 === stream } }
        guard stream === errors.fileHandleForReading else {
            outputText += data
            return []
        }
        partialLine += data
        if data.isEmpty, !partialLine.isEmpty { partialLine += Data("\n".utf8) }
        var lines: [String] = []
        while let end = partialLine.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: partialLine[..<end], as: UTF8.self)
            partialLine = Data(partialLine[partialLine.index(after: end)...])
            if let progress = SeedProgress(line: line) {
                self.progress = progress
            } else {
                lines.append(line)
            }
        }
        return lines
    }

    /// Waits for it; returns its exit code, 128 and the signal's number where one ended it.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Whether a signal ended it, not itself.
    var wasKilled: Bool { process.terminationReason == .uncaughtSignal }
}
