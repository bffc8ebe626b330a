// SPDX-License-Identifier: MIT

import Files
import Foundation
import Policies
import Safetensors

/// A folder for the files that programs exchange; it goes with its owner.
package final class ScratchFolder {
    package let path: String

    package init() throws(ExportError) {
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
        let file = "\(path)/actions"
        let bytes = try ExportError.wrapFile(try FileBytes.readIfThere(file, atMost: FileLimit.log))
        guard let bytes, bytes.count == 4 * count * width else {
            throw .program(
                "what ran the exported file gave another number of actions than it got observations")
        }
        let numbers = [UInt32](littleEndianBytes: bytes).map(Float.init(bitPattern:))
        return (0..<count).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }

    /// The text of a file; empty where there is none.
    func text(_ name: String) throws(ExportError) -> String {
        let file = "\(path)/\(name)"
        return String(
            decoding: try ExportError.wrapFile(try FileBytes.readIfThere(file)) ?? [], as: UTF8.self)
    }
}
