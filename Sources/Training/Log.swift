// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// A CSV file that grows by rows, and is cut back to where it was when a run goes on from a checkpoint.
final class Log {
    /// What of a log belongs to a checkpoint.
    struct Extent: Equatable {
        /// Bytes from its beginning.
        var length: UInt64 = 0
        /// Their checksum; nil in checkpoints from before it was kept.
        var checksum: UInt32?
    }

    /// The columns of a row.
    let columns: [String]
    /// Which of them the file has: one of an earlier version lacks those that came later.
    private let kept: [Int]
    private let file: GrowingFile
    private var checksum = CRC32()
    /// The bytes that were to be kept and are not there: someone shortened the file.
    let missing: Int

    var path: String { file.path }
    /// All that is written.
    var extent: Extent { Extent(length: UInt64(file.length), checksum: checksum.value) }

    /// Opens the file of a name, cut to what belongs to a checkpoint; a new or empty file gets the header.
    ///
    /// A shorter file is cut to its last whole row. One that an earlier version began goes on with the columns that it has.
    ///
    /// - Parameter later: those of the columns that files of earlier versions lack.
    /// - Throws: `FileError`; ``TrainingError/badLog(file:line:problem:)`` or ``TrainingError/changedLog(file:)`` where what is to
    ///   be kept is not what a run wrote.
    init(
        _ name: String, in folder: Folder, columns: [String], later: [String] = [], keeping extent: Extent
    ) throws {
        self.columns = columns
        file = try GrowingFile(in: folder, name)
        let wanted = Int(clamping: extent.length)
        var bytes = try file.bytes(wanted)
        let earlier = columns.indices.filter { !later.contains(columns[$0]) }
        let isEarlier = !later.isEmpty && bytes.starts(with: CSV.row(earlier.map { columns[$0] }).utf8)
        kept = isEarlier ? earlier : Array(columns.indices)
        let header = kept.map { columns[$0] }
        if bytes.count < wanted {
            bytes.removeLast(bytes.count - Self.endOfLastRow(of: bytes, below: header))
        } else if wanted > 0 {
            try RunLog(whole: bytes, extent, file: file.path).check(header, file: file.path)
        }
        missing = wanted - bytes.count
        try file.cut(to: bytes.count)
        unsafe checksum.update(bytes.span.bytes)
        if file.length == 0 { try append(columns) }
    }

    /// 0 where the header is another one: what stands below it is not to be trusted.
    private static func endOfLastRow(of bytes: [UInt8], below columns: [String]) -> Int {
        guard bytes.starts(with: CSV.row(columns).utf8) else { return 0 }
        return bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }

    /// Adds a row: a cell for each column, of which the file gets those that it has.
    func append(_ cells: [String]) throws(FileError) {
        let row = Array(CSV.row(kept.map { cells[$0] }).utf8)
        try file.append(row)
        unsafe checksum.update(row.span.bytes)
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
