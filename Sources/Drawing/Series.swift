// SPDX-License-Identifier: MIT

/// A curve, with or without a band around it.
///
/// - Note: Values that are not finite (and on a logarithmic axis those of 0 and below) leave a gap.
public struct Series: Sendable, Equatable {
    /// How the values are drawn.
    public enum Style: Sendable, Equatable {
        /// A line from value to value.
        case line
        /// A dashed line: bounds, theory, references.
        case dashed
        /// A dot for each value, without a line.
        case points
        /// The bands alone, filled: a part of a sum, on those below it.
        case area
        /// A line in the ink of texts, over all others: a sum.
        case total
    }

    /// A value, and the band around it.
    public struct Point: Sendable, Equatable {
        /// The place along the horizontal axis.
        public var x: Double
        /// The value.
        public var y: Double
        /// The band from its lower to its upper end; nil for none.
        public var band: ClosedRange<Double>?

        /// Makes a point.
        public init(x: Double, y: Double, band: ClosedRange<Double>? = nil) {
            self.x = x
            self.y = y
            self.band = band
        }
    }

    /// The name in the legend, which a curve without a name is not in.
    ///
    /// Curves of one name share a colour.
    public var name: String
    /// The values, by rising x.
    public var points: [Point]
    /// How the values are drawn.
    public var style: Style

    /// Makes a curve of points.
    public init(_ name: String, _ points: [Point], style: Style = .line) {
        self.name = name
        self.points = points
        self.style = style
    }

    /// Makes a curve of values and their places; the shorter list decides how many there are.
    public init(_ name: String, x: [Double], y: [Double], style: Style = .line) {
        self.init(name, zip(x, y).map { Point(x: $0, y: $1) }, style: style)
    }
}
