// SPDX-License-Identifier: MIT

/// A picture of one or several panels with curves, as SVG.
///
/// The picture has a ground of its own, light or dark as the reader's system asks for, so that it can be read on any page. All
/// text is escaped; the same chart gives the same bytes. Curves of the same name have the same colour in every panel, and one
/// legend above the panels names them, so that it never covers a curve.
///
///     let chart = Chart(
///         "Pendulum", x: Axis("steps"), y: Axis("mean return"),
///         series: [Series("SAC", joining: curves, band: .range)], thresholds: [Threshold("solved", at: -160)])
///     try Data(chart.svg.utf8).write(to: url)
public struct Chart: Sendable, Equatable {
    /// The text above the picture; none when empty.
    public var title: String
    /// The panels, from left to right and then downwards.
    public var panels: [Panel]
    /// Panels side by side; nil for two where there are two or four, and up to three otherwise.
    public var columns: Int?
    /// The picture's width, pixels, from which the height follows; nil for one that suits the columns.
    public var width: Double?

    /// Makes a picture of panels.
    public init(_ title: String = "", width: Double? = nil, columns: Int? = nil, panels: [Panel]) {
        self.title = title
        self.panels = panels
        self.columns = columns
        self.width = width
    }

    /// Makes a picture of one panel.
    public init(
        _ title: String = "", width: Double? = nil, x: Axis, y: Axis, series: [Series],
        thresholds: [Threshold] = []
    ) {
        self.init(
            title, width: width, panels: [Panel(x: x, y: y, series: series, thresholds: thresholds)])
    }

    /// The picture as an SVG document.
    public var svg: String {
        let columns = Swift.max(self.columns ?? Self.columns(of: panels.count), 1)
        let width = self.width(for: columns)
        let legend = Legend(panels)
        let drawings = panels.map(PanelDrawing.init)
        let rows = (panels.count + columns - 1) / columns

        let legendTop = title.isEmpty ? 10.0 : 36
        let top = legendTop + legend.height(in: width)
        let cell = (width - 12) / Double(columns)
        let left = drawings.map(\.leftMargin).max() ?? 0
        let plotHeight = ((cell - left) * 0.62).rounded()
        let rowHeight = (drawings.map(\.verticalMargins).max() ?? 0) + plotHeight
        let height = top + Double(rows) * rowHeight + 6

        var body = ""
        if !title.isEmpty {
            body += SVG.text(title, at: (14, 24), "font-size=\"15\" font-weight=\"600\" class=\"ink\"")
        }
        body += legend.draw(top: legendTop, in: width)
        for (index, drawing) in drawings.enumerated() {
            let corner = (x: cell * Double(index % columns), y: top + rowHeight * Double(index / columns))
            body += drawing.draw(
                Frame(
                    left: corner.x + left, top: corner.y + drawing.topMargin,
                    width: cell - left - PanelDrawing.rightMargin, height: plotHeight), legend)
        }
        return SVG.document(width: width, height: height, label: title, body: body)
    }

    private func width(for columns: Int) -> Double {
        guard let width, width.isFinite else {
            return columns == 1 ? 640 : columns == 2 ? 760 : 340 * Double(columns)
        }
        return Swift.min(Swift.max(width, 200), 10_000)
    }

    private static func columns(of panels: Int) -> Int { panels == 4 ? 2 : Swift.min(panels, 3) }
}
