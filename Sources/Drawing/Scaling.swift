// SPDX-License-Identifier: MIT

internal import CLibrary

/// The rectangle of a panel in which curves are drawn, pixels.
struct Frame: Equatable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
}

/// The way from an axis's values to pixels.
struct Scaling {
    private let scale: Axis.Scale
    private let range: ClosedRange<Double>
    private let start: Double
    private let end: Double

    /// Makes the way from a range of values to pixels from `start` to `end`.
    init(_ scale: Axis.Scale, _ range: ClosedRange<Double>, from start: Double, to end: Double) {
        self.scale = scale
        self.range = range
        self.start = start
        self.end = end
    }

    /// Whether a value is a number that can be computed with.
    static func isDrawable(_ value: Double) -> Bool { value.isFinite && abs(value) < 1e100 }

    /// The pixel of a value; nil where it has none: not finite, or not above 0 on a logarithmic axis.
    func place(_ value: Double) -> Double? {
        guard Self.isDrawable(value) else { return nil }
        let share: Double
        switch scale {
        case .linear:
            share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic:
            guard value > 0 else { return nil }
            share = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
        return start + min(max(share, -100), 100) * (end - start)
    }
}
