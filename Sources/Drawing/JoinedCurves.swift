// SPDX-License-Identifier: MIT

/// One run of an experiment: values by rising x.
public struct Curve: Sendable, Equatable {
    /// The places along the horizontal axis, rising.
    public var x: [Double]
    /// The values at these places, as many.
    public var y: [Double]

    /// Makes a curve; the shorter list decides how many values there are, and those that cannot be drawn are left out.
    public init(x: [Double], y: [Double]) {
        let finite = zip(x, y).filter { Scaling.isDrawable($0) && Scaling.isDrawable($1) }
        self.x = finite.map(\.0)
        self.y = finite.map(\.1)
    }

    /// The value at a place, in proportion between its neighbours; nil outside of the curve.
    public func value(at place: Double) -> Double? {
        guard let first = x.first, let last = x.last, first <= place, place <= last else { return nil }
        // The first place that is not before the asked one.
        var (low, high) = (0, x.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if x[middle] < place { low = middle + 1 } else { high = middle }
        }
        guard low > 0, x[low] > place else { return y[low] }
        let share = (place - x[low - 1]) / (x[low] - x[low - 1])
        return y[low - 1] + share * (y[low] - y[low - 1])
    }
}

extension Series {
    /// What the band around a median shows.
    public enum Band: Sendable, Equatable {
        /// From the least to the greatest of the runs.
        case range
        /// From the lower to the upper quartile of the runs.
        case quartiles
        /// Nothing.
        case none
    }

    /// Makes the median of several runs, with a band.
    ///
    /// It has a point wherever one of the runs has one; the others are interpolated between their own. It goes as far as at least
    /// half of the runs do, and is the median of those that do.
    public init(_ name: String, joining runs: [Curve], band: Band = .range, style: Style = .line) {
        let places = Set(runs.flatMap(\.x)).sorted()
        var points: [Point] = []
        for place in places {
            let values = runs.compactMap { $0.value(at: place) }.sorted()
            guard !values.isEmpty, 2 * values.count >= runs.count else { continue }
            let ends: ClosedRange<Double>? =
                switch band {
                case .none: nil
                case _ where runs.count < 2: nil
                case .range: values[0]...values[values.count - 1]
                case .quartiles: Self.quantile(values, 0.25)...Self.quantile(values, 0.75)
                }
            points.append(Point(x: place, y: Self.quantile(values, 0.5), band: ends))
        }
        self.init(name, points, style: style)
    }

    /// Makes the mean of several runs, at the places and with the rule of the median: what is added up is a mean.
    public init(_ name: String, meanOf runs: [Curve], style: Style = .line) {
        let places = Set(runs.flatMap(\.x)).sorted()
        let points: [Point] = places.compactMap { place in
            let values = runs.compactMap { $0.value(at: place) }
            guard !values.isEmpty, 2 * values.count >= runs.count else { return nil }
            return Point(x: place, y: values.reduce(0, +) / Double(values.count))
        }
        self.init(name, points, style: style)
    }

    /// The quantile of sorted values, in proportion between neighbours (the usual definition 7 of Hyndman and Fan).
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = Swift.min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}

extension Curve {
    /// The means over equal parts of the axis, where there are more values than parts.
    package func averaged(parts: Int) -> Curve {
        guard x.count > parts, let first = x.first, let last = x.last, last > first else { return self }
        var sums = [(x: Double, y: Double, count: Double)](repeating: (0, 0, 0), count: parts)
        for (place, value) in zip(x, y) {
            let part = min(Int((place - first) / (last - first) * Double(parts)), parts - 1)
            sums[part].x += place
            sums[part].y += value
            sums[part].count += 1
        }
        let filled = sums.filter { $0.count > 0 }
        return Curve(x: filled.map { $0.x / $0.count }, y: filled.map { $0.y / $0.count })
    }
}
