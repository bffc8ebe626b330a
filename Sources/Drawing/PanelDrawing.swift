// SPDX-License-Identifier: MIT

/// A panel on its way to the picture: ticks chosen, margins known.
struct PanelDrawing {
    private let panel: Panel
    private let xTicks: Ticks
    private let yTicks: Ticks

    /// The room to the right of a panel, for half of the last tick's text, pixels.
    static let rightMargin = 22.0
    private static let tickSize = 11.0

    /// Chooses the ticks.
    init(_ panel: Panel) {
        self.panel = panel
        // A point whose x or y cannot be shown does not widen the other axis.
        let points = panel.series.flatMap(\.points).filter {
            Scaling.isDrawable($0.x) && Scaling.isDrawable($0.y)
        }
        let upright = panel.thresholds.filter(\.isUpright).map(\.value)
        let level = panel.thresholds.filter { !$0.isUpright }.map(\.value)
        xTicks = Ticks(panel.x, showing: points.map(\.x) + upright)
        let bands = points.compactMap(\.band).flatMap { [$0.lowerBound, $0.upperBound] }
        yTicks = Ticks(panel.y, showing: points.map(\.y) + bands + level)
    }

    /// The room for the title above the frame, pixels.
    var topMargin: Double { panel.title.isEmpty ? 10 : 30 }
    /// The room for title, ticks and label above and below the frame, pixels.
    var verticalMargins: Double { topMargin + (panel.x.label.isEmpty ? 28 : 48) }
    /// The room for ticks and label to the left of the frame, pixels.
    var leftMargin: Double {
        let labels = yTicks.labels.map { SVG.width(of: $0, size: Self.tickSize) }.max() ?? 0
        return labels + (panel.y.label.isEmpty ? 20 : 38)
    }

    /// The panel, with its curves inside of the frame.
    func draw(_ frame: Frame, _ legend: Legend) -> String {
        let x = Scaling(panel.x.scale, xTicks.range, from: frame.left, to: frame.right)
        let y = Scaling(panel.y.scale, yTicks.range, from: frame.bottom, to: frame.top)
        var text = axes(frame, x, y)
        // An inner picture cuts what lies outside of the frame; four pixels of room for lines and dots at its edge.
        let window = Frame(
            left: frame.left - 4, top: frame.top - 4, width: frame.width + 8, height: frame.height + 8)
        let box = [window.left, window.top, window.width, window.height].map(SVG.number)
        text +=
            "<svg x=\"\(box[0])\" y=\"\(box[1])\" width=\"\(box[2])\" height=\"\(box[3])\" "
            + "viewBox=\"\(box.joined(separator: " "))\">\n"
        let curves = panel.series.map { CurveDrawing($0, x, y, legend.colour(of: $0.name)) }
        text += curves.map(\.band).joined()
        text += panel.thresholds.map { line(of: $0, frame, x, y) }.joined()
        text += curves.map(\.line).joined()
        text += panel.thresholds.map { label(of: $0, frame, x, y, curves) }.joined()
        return text + "</svg>\n"
    }

    private func axes(_ frame: Frame, _ x: Scaling, _ y: Scaling) -> String {
        var text = ""
        let size = "font-size=\"\(SVG.number(Self.tickSize))\""
        for (value, label) in zip(yTicks.values, yTicks.labels) {
            guard let place = y.place(value) else { continue }
            text += SVG.line(from: (frame.left, place), to: (frame.right, place), "class=\"grid\"")
            text += SVG.text(
                label, at: (frame.left - 7, place + 4), "\(size) text-anchor=\"end\" class=\"faint\"")
        }
        for (value, label) in zip(xTicks.values, xTicks.labels) {
            guard let place = x.place(value) else { continue }
            text += SVG.line(from: (place, frame.top), to: (place, frame.bottom), "class=\"grid\"")
            text += SVG.text(
                label, at: (place, frame.bottom + 16), "\(size) text-anchor=\"middle\" class=\"faint\"")
        }
        text += SVG.line(
            from: (frame.left, frame.top), to: (frame.left, frame.bottom), "class=\"axis\"")
        text += SVG.line(
            from: (frame.left, frame.bottom), to: (frame.right, frame.bottom), "class=\"axis\"")
        let middle = (x: frame.left + frame.width / 2, y: frame.top + frame.height / 2)
        if !panel.title.isEmpty {
            text += SVG.text(
                panel.title, at: (frame.left, frame.top - 10), "font-weight=\"600\" class=\"ink\"")
        }
        if !panel.x.label.isEmpty {
            text += SVG.text(
                panel.x.label, at: (middle.x, frame.bottom + 35), "text-anchor=\"middle\" class=\"ink\"")
        }
        if !panel.y.label.isEmpty {
            let place = (x: frame.left - leftMargin + 18, y: middle.y)
            text += SVG.text(
                panel.y.label, at: place,
                "text-anchor=\"middle\" class=\"ink\" "
                    + "transform=\"rotate(-90 \(SVG.number(place.x)) \(SVG.number(place.y)))\"")
        }
        return text
    }

    // MARK: Thresholds

    private func line(of threshold: Threshold, _ frame: Frame, _ x: Scaling, _ y: Scaling) -> String {
        let style = "class=\"axis\" stroke-width=\"1.2\" stroke-dasharray=\"6 4\""
        guard let place = (threshold.isUpright ? x : y).place(threshold.value) else { return "" }
        return threshold.isUpright
            ? SVG.line(from: (place, frame.top), to: (place, frame.bottom), style)
            : SVG.line(from: (frame.left, place), to: (frame.right, place), style)
    }

    /// The name of a threshold, at the end of its line and on the side where the fewest points of curves lie below the text.
    private func label(
        of threshold: Threshold, _ frame: Frame, _ x: Scaling, _ y: Scaling, _ curves: [CurveDrawing]
    ) -> String {
        guard !threshold.label.isEmpty, let place = (threshold.isUpright ? x : y).place(threshold.value)
        else { return "" }
        let width = SVG.width(of: threshold.label, size: Self.tickSize)
        var corners: [(x: Double, y: Double)] = []
        if threshold.isUpright {
            for baseline in [frame.top + 12, frame.bottom - 6] {
                corners += [(place + 5, baseline), (place - 5 - width, baseline)]
            }
        } else {
            for left in [frame.right - width - 4, frame.left + 5, frame.left + (frame.width - width) / 2] {
                corners += [(left, place - 5), (left, place + 13)]
            }
        }
        let inside = corners.filter { corner in
            corner.x >= frame.left && corner.x + width <= frame.right + 1
                && corner.y - 10 >= frame.top && corner.y <= frame.bottom
        }
        var best = (corner: inside.first ?? corners[0], points: Int.max)
        for corner in inside {
            let box = Frame(left: corner.x - 3, top: corner.y - 12, width: width + 6, height: 16)
            let points = curves.reduce(0) { $0 + $1.points(in: box) }
            if points < best.points { best = (corner, points) }
        }
        let style =
            "font-size=\"\(SVG.number(Self.tickSize))\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        return SVG.text(threshold.label, at: best.corner, "\(style) class=\"faint halo\"")
    }
}
