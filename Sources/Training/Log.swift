// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// A CSV file that grows by rows, and is cut back to where it was when a run goes on from a checkpoint.
final class Log {
    private let file: GrowingFile
    /// The bytes that were to be kept and are not there: someone shortened the file.
    let missing: Int

    var path: String { file.path }
    /// The bytes written.
    var length: UInt64 { UInt64(file.length) }

    /// Opens the file of a name, cut to `length` bytes; a new or empty file gets the header.
    ///
    /// A shorter file is cut to its last whole row.
    ///
    /// - Throws: `FileError`; ``TrainingError/badLog(file:line:problem:)`` where what is to be kept is not what a run wrote.
    init(_ name: String, in folder: Folder, columns: [String], keeping length: UInt64) throws {
        file = try GrowingFile(in: folder, name)
        let wanted = Int(clamping: length)
        let kept = try file.bytes(wanted)
        if kept.count < wanted {
            let end = Self.endOfLastRow(of: kept, below: columns)
            missing = wanted - end
            try file.cut(to: end)
        } else {
            missing = 0
            if wanted > 0 { try RunLog(whole: kept, file: file.path).check(columns, file: file.path) }
            try file.cut(to: wanted)
        }
        if file.length == 0 { try append(columns) }
    }

    /// 0 where the header is another one: what stands below it is not to be trusted.
    private static func endOfLastRow(of bytes: [UInt8], below columns: [String]) -> Int {
        guard bytes.starts(with: CSV.row(columns).utf8) else { return 0 }
        return bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    /// Adds a row.
    func append(_ cells: [String]) throws(FileError) {
        try file.append(Array(CSV.row(cells).utf8))
    }

    /// Waits until all rows are on the disk.
    func synchronise() throws(FileError) {
        try file.flush()
    }
}

extension Double {
    /// The number as a CSV cell.
    var cell: String { CSV.cell(self) }
    /// Seconds as a CSV cell.
    var secondsCell: String { formatted("%.3f") }
}
