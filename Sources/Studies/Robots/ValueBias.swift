// SPDX-License-Identifier: MIT

internal import Drawing

/// What an agent believed that its policy gets, and what the policy got: means over the same episodes.
struct ValueBias: Sendable {
    var believed = 0.0
    var measured = 0.0

    /// The difference by the size of what was got, as REDQ normalises it (arXiv:2101.05982).
    var normalised: Double { (believed - measured) / abs(measured) }

    /// The picture of two kinds of runs, seed by seed.
    static func chart(_ title: String, _ kinds: [(name: String, biases: [ValueBias])]) -> Chart {
        Chart(
            title, x: Axis("seed"), y: Axis("normalised bias", showsZero: true),
            series: kinds.map { name, biases in
                Series(
                    name, x: biases.indices.map(Double.init), y: biases.map(\.normalised), style: .points)
            }, thresholds: [Threshold("no bias", at: 0)])
    }
}
