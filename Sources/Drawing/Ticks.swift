// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Settings

/// The ticks of an axis: rising round values with their texts, and the range that the axis shows.
package struct Ticks: Equatable {
    /// What the axis shows.
    package let range: ClosedRange<Double>
    /// The ticks' values, rising, all within the range.
    package let values: [Double]
    /// Their texts, one for each.
    package let labels: [String]

    /// Chooses the ticks of an axis that shows the values, or a range of its own.
    package init(_ axis: Axis, showing values: [Double]) {
        let isShown = { (value: Double) in
            // A logarithmic axis has no room for what is all but nothing.
            Scaling.isDrawable(value) && (axis.scale == .linear || value > 1e-100)
        }
        if let range = axis.range, isShown(range.lowerBound), isShown(range.upperBound),
            range.lowerBound < range.upperBound
        {
            self.init(within: range, axis.scale)
            return
        }
        let shown = (axis.showsZero ? values + [0] : values).filter(isShown)
        guard let low = shown.min(), let high = shown.max() else {
            self.init(covering: axis.scale == .linear ? 0...1 : 1...10, axis.scale)
            return
        }
        self.init(covering: low...high, axis.scale)
    }

    /// Ticks whose first and last are the ends of the axis: the values' range rounded outwards.
    private init(covering range: ClosedRange<Double>, _ scale: Axis.Scale) {
        switch scale {
        case .linear:
            let wide = Self.widened(range)
            let step = RoundStep.best(for: wide)
            let indices = step.outer(wide)
            values = indices.map(step.value)
            labels = step.labels(indices)
        case .logarithmic:
            let decades = Self.decades(of: range)
            values = decades.map { pow(10, Double($0)) }
            labels = decades.map(Self.powerOfTen)
        }
        self.range = values[0]...values[values.count - 1]
    }

    /// The round values inside of a given range.
    private init(within range: ClosedRange<Double>, _ scale: Axis.Scale) {
        self.range = range
        switch scale {
        case .linear:
            let step = RoundStep.best(for: Self.widened(range))
            let indices = step.outer(Self.widened(range)).filter { range.contains(step.value($0)) }
            values = indices.map(step.value)
            labels = step.labels(indices)
        case .logarithmic:
            let decades = Self.decades(of: range).filter { range.contains(pow(10, Double($0))) }
            values = decades.map { pow(10, Double($0)) }
            labels = decades.map(Self.powerOfTen)
        }
    }

    /// A range that is wide enough to be divided: a single value gets room on both sides, and what is all but nothing is 0.
    private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        let size = max(abs(range.lowerBound), abs(range.upperBound))
        guard range.upperBound - range.lowerBound <= max(size * 1e-9, 1e-200) else { return range }
        let room = size < 1e-190 ? 1 : size * 0.1
        return range.lowerBound - room...range.upperBound + room
    }

    /// The powers of ten around a range, at most seven of them.
    private static func decades(of range: ClosedRange<Double>) -> [Int] {
        let low = Int((log10(range.lowerBound) + 1e-9).rounded(.down))
        let high = max(Int((log10(range.upperBound) - 1e-9).rounded(.up)), low + 1)
        let stride = (high - low + 5) / 6
        return Array(Swift.stride(from: low, through: high + stride - 1, by: stride))
    }

    private static func powerOfTen(_ exponent: Int) -> String {
        switch exponent {
        case -2: "0.01"
        case -1: "0.1"
        case 0: "1"
        case 1: "10"
        case 2: "100"
        default: "10" + superscript(exponent)
        }
    }

    /// An exponent in raised digits.
    static func superscript(_ exponent: Int) -> String {
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return String(String(exponent).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
    }
}

/// A round distance between ticks: 1, 2, 2.5 or 5 times a power of ten.
private struct RoundStep {
    /// The step in tenths of its power of ten: 10, 20, 25 or 50.
    var tenths: Double
    /// The power of ten.
    var exponent: Int

    var size: Double { value(1) }

    /// The tick of an index, free of the rounding that adding up steps would gather.
    func value(_ index: Int) -> Double {
        let units = Double(index) * tenths
        return exponent >= 1 ? units * pow(10, Double(exponent - 1)) : units / pow(10, Double(1 - exponent))
    }

    /// The indices from the last tick at or below a range to the first at or above it.
    func outer(_ range: ClosedRange<Double>) -> [Int] {
        let low = Int((range.lowerBound / size + 1e-6).rounded(.down))
        let high = Int((range.upperBound / size - 1e-6).rounded(.up))
        return Array(low...max(high, low + 1))
    }

    /// The step that wastes little of the axis and gives about five intervals.
    static func best(for range: ClosedRange<Double>) -> RoundStep {
        let span = range.upperBound - range.lowerBound
        let around = Int(log10(span / 5).rounded(.down))
        var best: (step: RoundStep, cost: Double)?
        for exponent in around - 1...around + 1 {
            for tenths in [10.0, 20, 25, 50] {
                let step = RoundStep(tenths: tenths, exponent: exponent)
                guard span / step.size < 20 else { continue }
                let intervals = Double(step.outer(range).count - 1)
                let waste = 1 - span / (intervals * step.size)
                let cost = waste + 0.04 * (intervals - 5) * (intervals - 5) + (tenths == 25 ? 0.05 : 0)
                if cost < best?.cost ?? .infinity { best = (step, cost) }
            }
        }
        return best?.step ?? RoundStep(tenths: 10, exponent: around + 1)
    }

    /// The texts of ticks: all with as many decimals as the step needs, thousands as k and millions as M.
    func labels(_ indices: [Int]) -> [String] {
        let largest = indices.map { abs(value($0)) }.max() ?? 0
        let (unit, power) =
            switch largest {
            case ..<1e4: ("", 0)
            case ..<1e6: ("k", 3)
            case ..<1e9: ("M", 6)
            default: ("×10" + Ticks.superscript(exponent), exponent)
            }
        let isTiny = largest < 1e-3
        let shift = isTiny ? exponent : power
        let suffix = isTiny ? "×10" + Ticks.superscript(exponent) : unit
        let decimals = max(0, (tenths == 25 ? 1 : 0) - (exponent - shift))
        return indices.map { index in
            guard index != 0 else { return "0" }
            let number = (abs(value(index)) / pow(10, Double(shift))).formatted("%.\(decimals)f")
            return (index < 0 ? "−" : "") + number + suffix
        }
    }
}
