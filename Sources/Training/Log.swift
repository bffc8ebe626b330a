// SPDX-License-Identifier: MIT

internal import Files
internal import Foundation

/// A CSV file that grows by rows, and is cut back to where it was when a run goes on from a checkpoint.
final class Log {
    let path: String
    private let handle: FileHandle
    /// The bytes written.
    private(set) var length: UInt64
    /// The bytes that were to be kept and are not there: someone shortened the file.
    let missing: UInt64

    /// Opens `path`, cut to `length` bytes; a new or empty file gets the header.
    ///
    /// A shorter file is cut to its last whole row.
    init(path: String, columns: [String], keeping length: UInt64) throws(TrainingError) {
        self.path = path
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path))
            }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            let found = try handle.seekToEnd()
            self.length = found >= length ? length : try Self.endOfLastRow(of: handle, below: columns)
            missing = length - self.length
            try handle.truncate(atOffset: self.length)
        } catch {
            throw .fileFailed(path: path, reason: error.reason)
        }
        if self.length == 0 { try append(columns) }
    }

    /// 0 where the header is another one: what stands below it is not to be trusted.
    private static func endOfLastRow(of handle: FileHandle, below columns: [String]) throws -> UInt64 {
        try handle.seek(toOffset: 0)
        let bytes = try handle.readToEnd() ?? Data()
        guard bytes.starts(with: Data(CSV.row(columns).utf8)) else { return 0 }
        return bytes.lastIndex(of: UInt8(ascii: "\n")).map { UInt64($0 + 1) } ?? 0
    }

    /// Adds a row.
    func append(_ cells: [String]) throws(TrainingError) {
        let row = Data(CSV.row(cells).utf8)
        do {
            try handle.write(contentsOf: row)
        } catch {
            throw .fileFailed(path: path, reason: error.reason)
        }
        length += UInt64(row.count)
    }

    /// Waits until all rows are on the disk.
    func synchronise() throws(TrainingError) {
        do {
            try handle.synchronize()
        } catch {
            throw .fileFailed(path: path, reason: error.reason)
        }
    }
}

extension Double {
    /// The number as a CSV cell.
    var cell: String { CSV.cell(self) }
    /// Seconds as a CSV cell.
    var secondsCell: String { String(format: "%.3f", self) }
}
