// SPDX-License-Identifier: MIT

import Files
import Foundation

/// A program of the machine that runs exported files.
struct Program {
    /// Its path.
    let path: String

    /// The program `name`: a path, or a name that is looked up in PATH; nil where there is none.
    init?(_ name: String) {
        let folders =
            name.contains("/")
            ? [""]
            : (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map {
                "\($0)/"
            }
        guard let path = folders.map({ $0 + name }).first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        self.path = path
    }

    /// Runs it to its end; its standard output and what it says on standard error.
    ///
    /// - Throws: `ExportError.program` where it cannot be started or ends with another code than 0.
    @discardableResult
    func run(_ arguments: [String]) throws(ExportError) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        let output: String
        do {
            try process.run()
            output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        } catch {
            throw .program("\(path) could not be run: \(error.localizedDescription)")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw .program("\(path) failed: \(output.suffix(600))")
        }
        return output
    }
}

/// A folder for the files that programs exchange; it goes with its owner.
final class ScratchFolder {
    let path: String

    init() throws(ExportError) {
        path = NSTemporaryDirectory() + "sinew-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .program("\(path): the folder could not be made: \(error.localizedDescription)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: [UInt8]) throws(ExportError) -> String {
        let file = "\(path)/\(name)"
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: file))
        } catch {
            throw .program("\(file) could not be written: \(error.localizedDescription)")
        }
        return file
    }

    /// Writes rows of numbers in single precision, the low byte first.
    func write(_ name: String, _ rows: [[Float]]) throws(ExportError) -> String {
        try write(name, [UInt8](littleEndian: rows.flatMap { $0.map(\.bitPattern) }))
    }

    /// Reads rows of `width` numbers; nil where the file holds another number of them than `count` rows have.
    func read(_ name: String, count: Int, width: Int) -> [[Float]]? {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(name)"),
            data.count == 4 * count * width
        else { return nil }
        let numbers = [UInt32](littleEndianBytes: [UInt8](data)).map(Float.init(bitPattern:))
        return (0..<count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }

    /// The text of a file; empty where there is none.
    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data(), as: UTF8.self)
    }
}
