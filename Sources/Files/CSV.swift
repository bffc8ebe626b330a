// SPDX-License-Identifier: MIT

/// Tables as text: cells parted by commas, a line for each row.
///
/// No cell of Sinew's has a comma or a quote in it.
package enum CSV {
    /// A row with the end of its line.
    package static func row(_ cells: [String]) -> String { cells.joined(separator: ",") + "\n" }

    /// The cells of a line.
    package static func cells(of line: Substring) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false)
    }

    /// A number as a cell: the shortest text that reads back the same; empty for NaN.
    package static func cell(_ number: Double) -> String { number.isNaN ? "" : "\(number)" }

    /// The number that a cell holds, NaN where it is empty; nil where it holds none.
    ///
    /// Hexadecimal numbers are none.
    package static func number(_ cell: Substring) -> Double? {
        if cell.isEmpty { return .nan }
        return cell.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") } ? nil : Double(cell)
    }
}
