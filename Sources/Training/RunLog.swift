// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// A log that a run wrote, progress.csv or evaluations.csv, read back whole: columns of numbers by name.
///
/// Reading is strict, so that a damaged file is not drawn as if it were sound: every row has as many cells as the header, every
/// cell of a column is a number or empty, steps are whole and rise, and seconds do not fall. A last row without its end is being
/// written now and is left out.
public struct RunLog: Sendable, Equatable {
    /// The names of the columns, in the file's order.
    public let names: [String]
    /// The columns' values; an empty cell is NaN, and a column of words, such as how an episode ended, is left out.
    private let values: [String: [Double]]

    /// Reads the file at `path`.
    ///
    /// - Throws: ``TrainingError/unreadable(_:)`` or ``TrainingError/badLog(file:line:problem:)``.
    public init(contentsOf path: String) throws(TrainingError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, atMost: FileLimit.log)
        } catch {
            throw .unreadable(error)
        }
        try self.init(bytes, file: path)
    }

    /// Reads the bytes of a log; `file` names it in errors.
    init(_ bytes: [UInt8], file: String) throws(TrainingError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badLog(
                file: file, line: TextEncoding.firstLineBeyondUTF8(bytes) ?? 1, problem: "it is not text")
        }
        // By bytes: a carriage return and a line feed are one character.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line's end: nothing, or a row that is being written.
        lines.removeLast()
        guard let header = lines.first else {
            throw .badLog(file: file, line: 1, problem: "there is no header")
        }
        names = CSV.cells(of: Substring(header)).map(String.init)
        guard names.contains("step"), names.contains("seconds"), Set(names).count == names.count else {
            throw .badLog(
                file: file, line: 1, problem: "the header must name `step`, `seconds` and each column once")
        }
        var columns = names.map { _ in [Double]() }
        for (index, line) in lines.enumerated().dropFirst() {
            let cells = CSV.cells(of: Substring(line))
            guard cells.count == names.count else {
                throw .badLog(
                    file: file, line: index + 1,
                    problem: "\(cells.count) cells where the header names \(names.count) columns")
            }
            for (column, cell) in cells.enumerated() where !Self.isWords(names[column]) {
                guard let value = CSV.number(cell) else {
                    throw .badLog(
                        file: file, line: index + 1,
                        problem: "`\(names[column])` is '\(cell.prefix(40))', which is no number")
                }
                columns[column].append(value)
            }
        }
        values = Dictionary(
            uniqueKeysWithValues: zip(names, columns).filter { !Self.isWords($0.0) })
        // As many steps as a double counts exactly, and a century: more is no time that anyone trained.
        try checkOrder(
            "step", in: file, range: 0...0x1p53, isAllowed: { $0 < $1 && $1 == $1.rounded() })
        try checkOrder("seconds", in: file, range: 0...3.2e9, isAllowed: <=)
    }

    /// Reads what a run wrote up to a checkpoint, which ends with a whole row and tells the checksum of all of them.
    init(whole bytes: [UInt8], _ extent: Log.Extent, file: String) throws(TrainingError) {
        try self.init(bytes, file: file)
        guard bytes.last == UInt8(ascii: "\n") else {
            let line = bytes.count { $0 == UInt8(ascii: "\n") } + 1
            throw .badLog(
                file: file, line: line, problem: "no row ends where the checkpoint has the end of one")
        }
        if let checksum = extent.checksum, checksum != CRC32.checksum(of: bytes) {
            throw .changedLog(file: file)
        }
    }

    /// Checks that these are the columns.
    func check(_ columns: [String], file: String) throws(TrainingError) {
        guard names == columns else {
            throw .badLog(
                file: file, line: 1,
                problem:
                    "the header is not that of this run, which begins with \(columns.prefix(3).joined(separator: ","))"
            )
        }
    }

    /// The values of a column; nil where there is none of numbers.
    public subscript(name: String) -> [Double]? { values[name] }

    /// The terms of the reward that evaluations.csv has columns of, each with its column; none in a log of an earlier version.
    public var rewardTerms: [(name: String, column: String)] {
        names.filter { $0.hasPrefix(RunTables.termOfEvaluation) }.map {
            (String($0.dropFirst(RunTables.termOfEvaluation.count)), $0)
        }
    }

    /// The number of rows.
    public var count: Int { values["step"]?.count ?? 0 }

    private static func isWords(_ name: String) -> Bool { name == "ending" }

    private func checkOrder(
        _ name: String, in file: String, range: ClosedRange<Double>, isAllowed: (Double, Double) -> Bool
    ) throws(TrainingError) {
        let column = values[name] ?? []
        for (row, value) in column.enumerated() {
            guard range.contains(value), isAllowed(row == 0 ? -1 : column[row - 1], value) else {
                let before = row == 0 ? "" : " after \(column[row - 1])"
                throw .badLog(
                    file: file, line: row + 2, problem: "`\(name)` is \(value)\(before)")
            }
        }
    }
}

extension RunLog {
    /// The step of the last whole row of a log, from its end alone; nil where there is none.
    static func lastStep(in path: String) -> Int? {
        let end = FileBytes.end(of: path, count: 4096) ?? []
        // The last one is not finished, or empty.
        let rows = end.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        return rows.last.flatMap {
            Int(String(decoding: $0.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self))
        }
    }
}
