// SPDX-License-Identifier: MIT

import Foundation
import Processes

/// The process that trains one of several seeds, seen from the process that watches over them.
final class SeedWorker {
    let seed: UInt64
    /// The run's folder.
    let folder: String
    private let arguments: [String]
    private var process: ChildProcess?
    private var partialLine = Data()

    /// The last that it told; nil before it told anything.
    private(set) var progress: SeedProgress?
    /// What it printed on standard output: one JSON document where it went well.
    private(set) var document = Data()

    /// Names a process that runs `sinew` with these arguments; it is not started yet.
    init(seed: UInt64, folder: String, arguments: [String]) {
        self.seed = seed
        self.folder = folder
        self.arguments = arguments
    }

    /// What such a process does first: it outlives the one that watches long enough to write a checkpoint, though nobody reads what
    /// it says any more.
    static func outliveWatcher() { signal(SIGPIPE, SIG_IGN) }

    /// Starts it, in a group of its own: a Ctrl-C reaches it once, through the one that watches.
    func start() throws(SystemRefusal) {
        process = try ChildProcess(Bundle.main.executablePath ?? CommandLine.arguments[0], arguments)
    }

    /// The streams that it may still write to.
    var descriptors: [Int32] { process?.descriptors ?? [] }
    /// Whether it has closed both: it is at its end.
    var hasEnded: Bool { descriptors.isEmpty }

    func send(_ signal: Int32) { process?.send(signal) }

    /// Takes in what stands ready in the stream; returns the whole lines for people that came on standard error.
    func read(from descriptor: Int32) -> [String] {
        guard let process, process.descriptors.contains(descriptor) else { return [] }
        let isOutput = descriptor == process.output
        let data = Data(process.read(descriptor))
        guard !isOutput else {
            document += data
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
        guard let end = process?.wait() else { return Failure.Code.inputOutput.rawValue }
        process = nil
        wasKilled = end.isSignal
        return end.isSignal ? 128 + end.number : end.number
    }

    /// Whether a signal ended it, not itself.
    private(set) var wasKilled = false
}
