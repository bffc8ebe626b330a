// SPDX-License-Identifier: MIT

import Files
import Foundation
import Policies
import Safetensors

/// A program of the machine that runs exported files.
struct Program {
    /// Its path.
    let path: String

    /// The program `name`: a path, or a name that is looked up in PATH; nil where there is none.
    ///
    /// What PATH names in the folder one stands in (`.`, or nothing) is not looked at: who filled that folder is not known.
    init?(_ name: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders =
            name.contains("/")
            ? [""] : path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/" }
        let found = folders.map { $0 + name }.first(where: FileManager.default.isExecutableFile)
        guard let found else { return nil }
        self.path = found
    }

    /// Starts `process` on it.
    ///
    /// - Throws: `ExportError.program`, in the system's words.
    func start(_ process: Process, _ arguments: [String]) throws(ExportError) {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        do {
            try process.run()
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let words =
                cause.map { unsafe String(cString: strerror(Int32($0.code))) } ?? "the system refuses it"
            throw .program("\(path) cannot be started: \(words)")
        }
    }

    /// Runs it to its end; its standard output and what it says on standard error.
    ///
    /// - Throws: `ExportError.program` where it cannot be started or ends with another code than 0.
    @discardableResult
    func run(_ arguments: [String]) throws(ExportError) -> String {
        let process = Process()
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try start(process, arguments)
        let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self)
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw .program("\(path) failed: \(text.suffix(600))")
        }
        return text
    }
}

/// A folder for the files that programs exchange; it goes with its owner.
final class ScratchFolder {
    let path: String

    init() throws(ExportError) {
        path = NSTemporaryDirectory() + "sinew-\(UUID().uuidString)"
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw .file(.system(operation: .makeFolder, file: path, code: errno))
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: [UInt8]) throws(ExportError) -> String {
        let file = "\(path)/\(name)"
        try ExportError.wrapFile(try AtomicFile.write(bytes, to: file))
        return file
    }

    /// Writes rows of numbers in single precision, the low byte first.
    func write(_ name: String, _ rows: [[Float]]) throws(ExportError) -> String {
        try write(name, [UInt8](littleEndian: rows.flatMap { $0.map(\.bitPattern) }))
    }

    /// What `run` makes of the file of observations that it gets: `width` numbers for each, in the file that it writes.
    ///
    /// - Throws: as `run`; `ExportError.program` where there is another number of them.
    func actions(
        _ observations: [[Float]], width: Int,
        by run: (_ input: String, _ output: String) throws(ExportError) -> Void
    ) throws(ExportError) -> [[Float]] {
        try run(try write("observations", observations), "\(path)/actions")
        let count = observations.count
        guard let bytes = try? FileBytes.read("\(path)/actions", atMost: FileLimit.log),
            bytes.count == 4 * count * width
        else {
            throw .program(
                "what ran the exported file gave another number of actions than it got observations")
        }
        let numbers = [UInt32](littleEndianBytes: bytes).map(Float.init(bitPattern:))
        return (0..<count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }

    /// The text of a file; empty where there is none.
    func text(_ name: String) -> String {
        String(decoding: (try? FileBytes.read("\(path)/\(name)")) ?? [], as: UTF8.self)
    }
}
