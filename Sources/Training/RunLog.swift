// SPDX-License-Identifier: MIT

internal import Files
internal import Foundation

/// A log that a run wrote, progress.csv or evaluations.csv, read back whole: columns of numbers by name.
///
/// Reading is strict, so that a damaged file is not drawn as if it were sound: every row has as many cells as the header, every
/// cell of a column is a number or empty, steps rise and seconds do not fall. A last row without its end is being written now
/// and is left out.
public struct RunLog: Sendable, Equatable {
    /// The names of the columns, in the file's order.
    public let names: [String]
    /// The columns' values; an empty cell is NaN, and a column of words, such as how an episode ended, is left out.
    private let values: [String: [Double]]

    /// Reads the file at `path`.
    ///
    /// - Throws: ``TrainingError/fileUnreadable(path:reason:)`` or ``TrainingError/badLog(file:line:problem:)``.
    public init(contentsOf path: String) throws(TrainingError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw .fileUnreadable(path: path, reason: isThere ? error.reason : systemReason(ENOENT))
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .badLog(file: path, line: 1, problem: "it is not text")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // What follows the last line's end: nothing, or a row that is being written.
        lines.removeLast()
        guard let header = lines.first else {
            throw .badLog(file: path, line: 1, problem: "there is no header")
        }
        names = CSV.cells(of: header).map(String.init)
        guard names.contains("step"), names.contains("seconds"), Set(names).count == names.count else {
            throw .badLog(
                file: path, line: 1, problem: "the header must name `step`, `seconds` and each column once")
        }
        var columns = names.map { _ in [Double]() }
        for (index, line) in lines.enumerated().dropFirst() {
            let cells = CSV.cells(of: line)
            guard cells.count == names.count else {
                throw .badLog(
                    file: path, line: index + 1,
                    problem: "\(cells.count) cells where the header names \(names.count) columns")
            }
            for (column, cell) in cells.enumerated() where !Self.isWords(names[column]) {
                guard let value = CSV.number(cell) else {
                    throw .badLog(
                        file: path, line: index + 1,
                        problem: "`\(names[column])` is '\(cell.prefix(40))', which is no number")
                }
                columns[column].append(value)
            }
        }
        values = Dictionary(
            uniqueKeysWithValues: zip(names, columns).filter { !Self.isWords($0.0) })
        try checkOrder("step", in: path, isAllowed: <)
        try checkOrder("seconds", in: path, isAllowed: <=)
    }

    /// The values of a column; nil where there is none of numbers.
    public subscript(name: String) -> [Double]? { values[name] }

    /// The number of rows.
    public var count: Int { values["step"]?.count ?? 0 }

    private static func isWords(_ name: String) -> Bool { name == "ending" }

    private func checkOrder(
        _ name: String, in path: String, isAllowed: (Double, Double) -> Bool
    ) throws(TrainingError) {
        let column = values[name] ?? []
        for (row, value) in column.enumerated() {
            guard value.isFinite, row == 0 || isAllowed(column[row - 1], value) else {
                let before = row == 0 ? "" : " after \(column[row - 1])"
                throw .badLog(
                    file: path, line: row + 2, problem: "`\(name)` is \(value)\(before)")
            }
        }
    }
}
