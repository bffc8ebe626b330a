// SPDX-License-Identifier: MIT

/// One coordinate system with its curves.
public struct Panel: Sendable, Equatable {
    /// The text above the panel; none when empty.
    public var title: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The curves, drawn in this order.
    public var series: [Series]
    /// Dashed lines across the panel.
    public var thresholds: [Threshold]

    /// Makes a panel.
    public init(
        _ title: String = "", x: Axis, y: Axis, series: [Series], thresholds: [Threshold] = []
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
        self.thresholds = thresholds
    }
}

/// An axis: what it measures, and how.
public struct Axis: Sendable, Equatable {
    /// How values become lengths.
    public enum Scale: Sendable, Equatable {
        /// In proportion.
        case linear
        /// By the logarithm; values of 0 and below are left out.
        case logarithmic
    }

    /// The quantity and its unit, such as "time (s)"; none when empty.
    public var label: String
    /// How values become lengths.
    public var scale: Scale
    /// The values that are shown; nil for those of the curves and thresholds, rounded out to the next ticks.
    public var range: ClosedRange<Double>?
    /// Whether a linear axis without a range of its own shows 0 too.
    public var showsZero: Bool

    /// Makes an axis.
    public init(
        _ label: String, _ scale: Scale = .linear, range: ClosedRange<Double>? = nil,
        showsZero: Bool = false
    ) {
        self.label = label
        self.scale = scale
        self.range = range
        self.showsZero = showsZero
    }
}

/// A value that matters, as a dashed line with its name.
public struct Threshold: Sendable, Equatable {
    /// Its name, written at the line; none when empty.
    public var label: String
    /// The value.
    public var value: Double
    /// True for a value of the horizontal axis: the line stands upright.
    public var isUpright: Bool

    /// Makes a threshold of the vertical axis, or an upright one of the horizontal axis.
    public init(_ label: String, at value: Double, isUpright: Bool = false) {
        self.label = label
        self.value = value
        self.isUpright = isUpright
    }
}
