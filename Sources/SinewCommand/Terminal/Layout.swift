// SPDX-License-Identifier: MIT

/// Text in lines and columns.
enum Layout {
    /// The columns that text is broken at: 100, or what a narrower terminal has, but no fewer than 40.
    static var columns: Int {
        Terminal.output.isTerminal ? min(max(Terminal.output.size.columns, 40), 100) : 100
    }
    /// The columns that rows of tables are broken at: those of a terminal; a pipe takes rows of any length.
    private static var tableColumns: Int? {
        Terminal.output.isTerminal ? max(Terminal.output.size.columns, 40) : nil
    }

    /// A line, broken between words where it is too long; what follows is indented.
    static func wrapped(_ text: String, indent: Int, columns: Int = columns) -> String {
        var lines: [String] = []
        var line = text.prefix { $0 == " " }.description
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }

    /// The text with spaces that no line is broken at, until ``released(_:)``.
    static func held(_ text: String) -> String { text.replacing(" ", with: "\u{A0}") }

    /// The text with its spaces again.
    static func released(_ text: String) -> String { text.replacing("\u{A0}", with: " ") }

    /// Names and values in two columns.
    static func pairs(_ facts: [(String, String)]) -> String {
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { name, value in
            let gap = String(repeating: "\u{A0}", count: width - name.count)
            return released(wrapped("  \(name)\(gap) \(value)", indent: width + 4))
        }.joined()
    }

    /// ``lines(of:right:indent:)`` as one text.
    static func table(_ rows: [[String]], right: Set<Int> = [], indent: Int = 2) -> String {
        lines(of: rows, right: right, indent: indent).map { $0 + "\n" }.joined()
    }

    /// Rows in columns as wide as their widest cells; columns in `right` end at one place, as numbers do.
    static func lines(of rows: [[String]], right: Set<Int> = [], indent: Int = 2) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return right.contains(column) ? gap + cell : cell + gap
            }
            let line = String(repeating: " ", count: indent) + cells.joined(separator: "  ").trimmed
            guard let columns = tableColumns, line.count > columns else { return line }
            return broken(cells, indent: indent, columns: columns)
        }
    }

    /// A row that does not fit: broken between its cells, and between the words of the last, which is text.
    private static func broken(_ cells: [String], indent: Int, columns: Int) -> String {
        let heads = cells.dropLast().map { held($0 + " ") + " " }.joined()
        let text = String(repeating: " ", count: indent) + heads + (cells.last ?? "").trimmed
        // Below the text itself where that leaves it a line to speak of.
        let start = indent + heads.count
        let lines = released(
            wrapped(text, indent: columns - start >= 30 ? start : indent + 4, columns: columns)
        )
        .split(separator: "\n")
        return lines.map { String($0).trimmed }.joined(separator: "\n")
    }
}

extension String {
    /// The text without the spaces at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
