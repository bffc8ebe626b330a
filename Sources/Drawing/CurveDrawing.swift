// SPDX-License-Identifier: MIT

/// A curve in pixels: stretches without gaps, as a line and as a band.
struct CurveDrawing {
    private struct Place {
        var x: Double
        var y: Double
        var band: (low: Double, high: Double)?
    }

    private let series: Series
    private let colour: String
    /// The points that have a place, in stretches without a gap.
    private let stretches: [[Place]]

    /// Places a curve's points.
    init(_ series: Series, _ x: Scaling, _ y: Scaling, _ colour: String) {
        self.series = series
        self.colour = colour
        var stretches: [[Place]] = [[]]
        for point in series.points {
            guard let across = x.place(point.x), let up = y.place(point.y) else {
                if stretches.last?.isEmpty == false { stretches.append([]) }
                continue
            }
            var place = Place(x: across, y: up)
            // A lower end that has no place (0 on a logarithmic axis) is the curve itself.
            if let band = point.band, let high = y.place(band.upperBound) {
                place.band = (y.place(band.lowerBound) ?? up, high)
            }
            stretches[stretches.count - 1].append(place)
        }
        self.stretches = stretches.filter { !$0.isEmpty }
    }

    /// The band as filled areas; empty without one.
    var band: String {
        var text = ""
        for stretch in stretches {
            for part in stretch.split(whereSeparator: { $0.band == nil }) where part.count > 1 {
                let upper = part.map { Self.pair($0.x, $0.band?.high ?? $0.y) }
                let lower = part.reversed().map { Self.pair($0.x, $0.band?.low ?? $0.y) }
                text += "<path d=\"M\((upper + lower).joined(separator: "L"))Z\" "
                text += Mark.band(series.style, colour) + "/>\n"
            }
        }
        return text
    }

    /// The curve as a line or as dots.
    var line: String {
        guard series.style != .points else {
            return stretches.joined().map { Mark.dot($0.x, $0.y, colour) }.joined()
        }
        guard !stretches.isEmpty, series.style != .area else { return "" }
        let path = stretches.map { stretch in
            "M" + stretch.map { Self.pair($0.x, $0.y) }.joined(separator: "L")
                + (stretch.count == 1 ? "h0" : "")
        }
        let name = series.name.isEmpty ? "" : "<title>\(SVG.escaped(series.name))</title>"
        return "<path d=\"\(path.joined())\" \(Mark.stroke(series.style, colour))>\(name)</path>\n"
    }

    /// How many of the curve's points, and of those half-way between two, lie in a rectangle.
    func points(in box: Frame) -> Int {
        func isInside(_ x: Double, _ y: Double) -> Bool {
            box.left <= x && x <= box.right && box.top <= y && y <= box.bottom
        }
        return stretches.reduce(0) { count, stretch in
            count + stretch.count { isInside($0.x, $0.y) }
                + zip(stretch, stretch.dropFirst()).count { isInside(($0.x + $1.x) / 2, ($0.y + $1.y) / 2) }
        }
    }

    private static func pair(_ x: Double, _ y: Double) -> String { "\(SVG.number(x)) \(SVG.number(y))" }
}
