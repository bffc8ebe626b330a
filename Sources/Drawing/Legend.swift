// SPDX-License-Identifier: MIT

/// The names of all curves of a picture, with the colour of each; above the panels.
package struct Legend {
    /// The colours of curves: each stands out from the light and from the dark ground, and from the others without red and green.
    package static let colours = [
        "#2f81c7", "#d9602a", "#2e9c6a", "#a565c4", "#a98513", "#d44f86", "#1a94a6", "#7d8590",
    ]

    /// What the legend shows of one name.
    private struct Entry {
        var name: String
        var style: Series.Style
        var hasBand: Bool
    }

    private let entries: [Entry]
    /// The place of each name in the order of colours; "" is for all curves without a name.
    private let order: [String: Int]
    private static let rowHeight = 20.0
    private static let sample = 22.0

    /// Gathers the names, in the order in which they first appear.
    init(_ panels: [Panel]) {
        var entries: [Entry] = []
        var order: [String: Int] = [:]
        let all = panels.flatMap(\.series)
        // A sum has no colour of its own, and is named last.
        for series in all.filter({ $0.style != .total }) + all.filter({ $0.style == .total })
        where order[series.name] == nil {
            order[series.name] = order.count
            guard !series.name.isEmpty else { continue }
            entries.append(
                Entry(
                    name: series.name, style: series.style,
                    hasBand: series.points.contains { $0.band != nil }))
        }
        self.entries = entries
        self.order = order
    }

    /// The colour of a name; with more names than colours they begin again.
    func colour(of name: String) -> String {
        Self.colours[(order[name] ?? 0) % Self.colours.count]
    }

    /// The height of the rows, pixels.
    func height(in width: Double) -> Double {
        entries.isEmpty ? 0 : Double(rows(in: width).count) * Self.rowHeight + 4
    }

    /// The rows of names.
    func draw(top: Double, in width: Double) -> String {
        var text = ""
        for (index, row) in rows(in: width).enumerated() {
            let middle = top + (Double(index) + 0.5) * Self.rowHeight
            for (left, entry) in row {
                let colour = colour(of: entry.name)
                if entry.hasBand {
                    text +=
                        "<rect x=\"\(SVG.number(left))\" y=\"\(SVG.number(middle - 6))\" "
                        + "width=\"\(SVG.number(Self.sample))\" height=\"12\" \(Mark.band(entry.style, colour))/>\n"
                }
                text += Mark.sample(
                    of: entry.style, colour, from: (left, middle), to: (left + Self.sample, middle))
                text += SVG.text(
                    entry.name, at: (left + Self.sample + 6, middle + 4), "class=\"ink\"")
            }
        }
        return text
    }

    /// The names in rows that fit the width, each with its left end.
    private func rows(in width: Double) -> [[(left: Double, entry: Entry)]] {
        var rows: [[(left: Double, entry: Entry)]] = []
        var left = Double.infinity
        for entry in entries {
            let needed = Self.sample + 6 + SVG.width(of: entry.name, size: 12) + 18
            if left + needed > width {
                rows.append([])
                left = 14
            }
            rows[rows.count - 1].append((left, entry))
            left += needed
        }
        return rows
    }
}

/// How the styles of curves look, in a panel and in the legend.
enum Mark {
    /// The attributes of a curve's path.
    static func stroke(_ style: Series.Style, _ colour: String) -> String {
        let dashes = style == .dashed ? " stroke-dasharray=\"5 4\"" : ""
        let ink = style == .total ? "class=\"total\"" : "stroke=\"\(colour)\""
        return "fill=\"none\" \(ink) stroke-width=\"1.8\" stroke-linejoin=\"round\" "
            + "stroke-linecap=\"\(style == .dashed ? "butt" : "round")\"\(dashes)"
    }

    /// The attributes of a band: what lies around a curve is seen through, what is a part of a sum is parted from the next.
    static func band(_ style: Series.Style, _ colour: String) -> String {
        style == .area
            ? "fill=\"\(colour)\" fill-opacity=\"0.85\" class=\"halo\" stroke-width=\"0.6\""
            : "fill=\"\(colour)\" fill-opacity=\"0.2\""
    }

    /// A dot.
    static func dot(_ x: Double, _ y: Double, _ colour: String) -> String {
        "<circle cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"2.6\" fill=\"\(colour)\" fill-opacity=\"0.8\"/>\n"
    }

    /// The piece of a curve in the legend.
    static func sample(
        of style: Series.Style, _ colour: String, from: (x: Double, y: Double), to: (x: Double, y: Double)
    ) -> String {
        switch style {
        case .points: dot((from.x + to.x) / 2, from.y, colour)
        case .area: ""
        default: SVG.line(from: from, to: to, stroke(style, colour))
        }
    }
}
