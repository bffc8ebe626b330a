// SPDX-License-Identifier: MIT

internal import Environments

/// The mean of a sample and how well it is known.
struct SampleMean: Sendable, Equatable {
    let mean: Double
    /// The standard error of the mean; NaN for fewer than two values.
    let standardError: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardError = values.count < 2 ? .nan : (squares / (count - 1) / count).squareRoot()
    }

    /// How many standard errors the mean is away from `expected`.
    func deviation(from expected: Double) -> Double { abs(mean - expected) / standardError }
}

extension Sequence<Double> {
    /// The largest number; NaN where one of them is or there is none, so that what is no number does not hide behind those that are.
    var largest: Double {
        reduce(nil) { (largest: Double?, value) in
            guard let largest else { return value }
            return largest.isNaN || value <= largest ? largest : value
        } ?? .nan
    }

    /// The smallest number, NaN as for the largest.
    var smallest: Double { -map { -$0 }.largest }
}

/// Sums from which the mean and its standard error follow, for samples too many to keep.
struct RunningMean: Sendable, Equatable {
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0

    /// Takes in a value (Welford 1962).
    mutating func add(_ value: Double) {
        count += 1
        let difference = value - mean
        mean += difference / count
        squares += difference * (value - mean)
    }

    /// The mean; NaN before the first value.
    var value: Double { count > 0 ? mean : .nan }
    /// The standard error of the mean; NaN for fewer than two values.
    var standardError: Double { count < 2 ? .nan : (squares / (count - 1) / count).squareRoot() }

    /// How many standard errors the mean is away from `expected`.
    func deviation(from expected: Double) -> Double { abs(value - expected) / standardError }
}

/// What resampling tells of a sample.
package enum Bootstrap {
    /// The interval that holds the mean with 95 % confidence: the percentiles of means of samples drawn from the sample (Efron 1979).
    ///
    /// - Parameters:
    ///   - values: the sample; of pairs, their differences. With fewer than two there is no interval: infinite.
    ///   - resamples: how many samples are drawn.
    /// - Returns: the interval; the same for the same sample.
    package static func interval(of values: [Double], resamples: Int = 10_000) -> ClosedRange<Double> {
        guard values.count >= 2, values.allSatisfy(\.isFinite) else { return -.infinity ... .infinity }
        var random = RandomStream(seed: 0, name: "bootstrap")
        let means = (0..<resamples).map { _ in
            values.indices.reduce(0) { sum, _ in sum + values[random.index(below: values.count)] }
                / Double(values.count)
        }.sorted()
        let tail = resamples / 40
        return means[tail]...means[resamples - 1 - tail]
    }
}
