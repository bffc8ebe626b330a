// SPDX-License-Identifier: MIT

/// The algorithms that `train --algorithm` names.
public enum Algorithm: String, Sendable, CaseIterable {
    /// Soft actor-critic (arXiv:1812.05905).
    case sac
}

/// A number that an agent reports about its learning.
public struct Metric: Sendable, Equatable {
    /// The name, a column of progress.csv.
    public var name: String
    /// The value.
    public var value: Double
}
