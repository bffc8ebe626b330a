// SPDX-License-Identifier: MIT

/// The least, the median and the greatest of the figures that several seeds came to.
struct SeedSummary {
    let least: Double
    let median: Double
    let greatest: Double

    /// Of no figures there is none.
    init?(_ figures: [Double]) {
        let sorted = figures.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        least = first
        median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        greatest = last
    }
}
