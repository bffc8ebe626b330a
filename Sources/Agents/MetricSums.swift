// SPDX-License-Identifier: MIT

/// Running means of numbers that are measured together; part of an agent's state, so that a resumed run logs the same.
struct MetricSums {
    private let names: [String]
    private var sums: [Double]
    private var count = 0.0

    init(_ names: String...) {
        self.names = names
        sums = Array(repeating: 0, count: names.count)
    }

    mutating func add(_ values: [Double]) {
        for i in sums.indices { sums[i] += values[i] }
        count += 1
    }

    mutating func reset() {
        for i in sums.indices { sums[i] = 0 }
        count = 0
    }

    /// The means; NaN before the first number.
    var means: [Metric] { zip(names, sums).map { Metric($0, $1 / count) } }

    /// The state: the count, then the sums.
    var words: [Double] {
        get { [count] + sums }
        set { (count, sums) = (newValue[0], Array(newValue.dropFirst())) }
    }
}
