// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Drawing
internal import Environments

extension Study {
    /// The maximum over noisy estimates is biased upwards, and choosing with other estimates is not (the article's section 2.8).
    static let maximizationBias = Study(
        name: "maximization-bias",
        summary:
            "The maximum of noisy estimates lies above the truth, as closed forms say; a second estimator does not.",
        seeds: 10_000, of: "runs", conduct: MaximizationBias.conduct)
}

/// Errors of known distributions, whose expected maximum is known, and a process of two states in which the bias misleads.
private enum MaximizationBias {
    static let counts = (1...10).map { 1 << $0 }
    static let deviations = 3.0

    static func conduct(_ setting: StudySetting) throws -> Findings {
        let estimates = try ParallelRuns.map(counts.count, threads: setting.threads) { index in
            MaximumOfErrors(of: counts[index], draws: setting.seeds)
        }
        let example = try TwoStateExample(runs: setting.seeds, threads: setting.threads)
        return Findings(
            tables: [table(estimates), example.table], chart: chart(estimates, example),
            claims: claims(estimates) + example.claims)
    }

    private static func claims(_ estimates: [MaximumOfErrors]) -> [Claim] {
        func largest(_ value: (MaximumOfErrors) -> Double) -> Double { estimates.map(value).largest }
        return [
            Claim(
                "E[max] of m uniform errors is (m-1)/(m+1): largest deviation, standard errors",
                largest { $0.uniform.deviation(from: $0.expectedUniform) }, .atMost(deviations)),
            Claim(
                "E[max] of m normal errors is that of quadrature: largest deviation, standard errors",
                largest { $0.normal.deviation(from: $0.expectedNormal) }, .atMost(deviations)),
            Claim(
                "the double estimator's mean is 0: largest deviation, standard errors",
                largest { $0.double.deviation(from: 0) }, .atMost(deviations)),
            Claim(
                "theorem 1 of arXiv:1509.06461: smallest max error less sqrt(C / (m-1)), relative",
                -largest { -$0.smallestExcess }, .atLeast(-1e-12)),
            Claim(
                "theorem 1 is tight: its witness's max error less sqrt(C / (m-1)), relative",
                largest { abs($0.witnessExcess) }, .atMost(1e-12)),
        ]
    }

    private static func table(_ estimates: [MaximumOfErrors]) -> Table {
        var table = Table(
            columns: [
                "choices", "uniform", "uniform_se", "uniform_exact", "normal", "normal_se", "normal_exact",
                "double", "double_se",
            ])
        for (count, own) in zip(counts, estimates) {
            table.append(
                count, own.uniform.value, own.uniform.standardError, own.expectedUniform, own.normal.value,
                own.normal.standardError, own.expectedNormal, own.double.value, own.double.standardError)
        }
        return table
    }

    private static func chart(_ estimates: [MaximumOfErrors], _ example: TwoStateExample) -> Chart {
        let places = counts.map(Double.init)
        func points(_ name: String, _ value: (MaximumOfErrors) -> Double) -> Series {
            Series(name, x: places, y: estimates.map(value), style: .points)
        }
        return Chart(
            "Maximisation bias",
            panels: [
                Panel(
                    "Errors around a true value of 0", x: Axis("choices m", .logarithmic),
                    y: Axis("mean of the estimated maximum"),
                    series: [
                        points("normal errors", \.normal.value),
                        Series("", x: places, y: estimates.map(\.expectedNormal), style: .dashed),
                        points("uniform errors", \.uniform.value),
                        Series("", x: places, y: estimates.map(\.expectedUniform), style: .dashed),
                        points("double estimator", \.double.value),
                    ]),
                example.panel,
            ])
    }
}

/// What the largest of `count` errors is on average, when the errors are all that tells the choices apart.
private struct MaximumOfErrors: Sendable {
    /// The mean maximum of errors uniform in [-1, 1], and what it should be: (m-1)/(m+1) (Thrun & Schwartz 1993).
    var uniform = RunningMean()
    var expectedUniform: Double
    /// The mean maximum of standard normal errors, and what it should be.
    var normal = RunningMean()
    var expectedNormal: Double
    /// The mean of the error, in a second set of normal errors, of the choice that the first set ranks highest.
    var double = RunningMean()
    /// Of errors that sum to 0 and have mean square C: the least of max error over sqrt(C / (m-1)), less 1.
    var smallestExcess = Double.infinity
    /// The same for the errors that the theorem's proof names: all but one alike.
    var witnessExcess: Double

    init(of count: Int, draws: Int) {
        let m = Double(count)
        expectedUniform = (m - 1) / (m + 1)
        expectedNormal = Self.expectedNormalMaximum(of: count)
        witnessExcess = Self.excess(
            [-(m - 1).squareRoot()] + Array(repeating: 1 / (m - 1).squareRoot(), count: count - 1))
        var random = RandomStream(seed: 0, name: "maximum of errors", index: UInt64(count))
        var errors = [Double](repeating: 0, count: count)
        var others = errors
        for _ in 0..<draws {
            uniform.add((0..<count).reduce(-.infinity) { largest, _ in max(largest, random.uniform(-1, 1)) })
            var best = 0
            for index in errors.indices {
                errors[index] = random.normal()
                others[index] = random.normal()
                if errors[index] > errors[best] { best = index }
            }
            normal.add(errors[best])
            double.add(others[best])
            smallestExcess = min(smallestExcess, Self.excess(errors))
        }
    }

    /// max e over sqrt(C / (m-1)), less 1, for errors shifted to sum to 0; C is their mean square.
    private static func excess(_ errors: [Double]) -> Double {
        let m = Double(errors.count)
        let mean = errors.reduce(0, +) / m
        let square = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / m
        let largest = errors.reduce(-.infinity, max) - mean
        return largest / (square / (m - 1)).squareRoot() - 1
    }

    /// The integral of x m phi(x) Phi(x)^(m-1), by Simpson's rule over ±10.
    private static func expectedNormalMaximum(of count: Int) -> Double {
        let intervals = 20_000
        let width = 20 / Double(intervals)
        let sum = (0...intervals).reduce(0.0) { sum, index in
            let x = -10 + Double(index) * width
            let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
            let below = erfc(-x / 2.0.squareRoot()) / 2
            let weight = index == 0 || index == intervals ? 1.0 : index % 2 == 1 ? 4 : 2
            return sum + weight * x * Double(count) * density * pow(below, Double(count - 1))
        }
        return sum * width / 3
    }
}
