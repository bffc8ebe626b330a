// SPDX-License-Identifier: MIT

/// Running means of numbers that are measured together; part of an agent's state, so that a resumed run logs the same.
struct MetricSums {
    private var sums: [Double]
    private var count = 0.0

    init(count: Int) {
        sums = Array(repeating: 0, count: count)
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
    var means: [Double] { sums.map { $0 / count } }

    /// The state: the count, then the sums.
    var words: [Double] { [count] + sums }

    mutating func restore(_ words: [Double]) throws(AgentsError) {
        guard words.count == sums.count + 1 else {
            throw .badState("\(words.count) metrics were saved, not \(sums.count + 1)")
        }
        count = words[0]
        sums = Array(words.dropFirst())
    }
}
