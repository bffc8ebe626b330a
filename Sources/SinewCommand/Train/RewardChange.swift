// SPDX-License-Identifier: MIT

/// What a term of the reward gives an episode more, or less, than at the evaluation before.
struct RewardChange {
    var name: String
    var change: Double

    /// `alive +3.2`.
    var text: String { "\(name) \(change < 0 ? "" : "+")\(change.asReturn)" }

    /// The changes that count, the greatest first: those of less than a twentieth of it are left out.
    ///
    /// There are none before the second evaluation.
    static func all(
        from before: [(name: String, value: Double)], to now: [(name: String, value: Double)]
    ) -> [RewardChange] {
        let changes = zip(before, now).map { RewardChange(name: $1.name, change: $1.value - $0.value) }
            .filter(\.change.isFinite)
        let most = changes.map { abs($0.change) }.max() ?? 0
        return changes.filter { abs($0.change) > 0.05 * most }.sorted { abs($0.change) > abs($1.change) }
    }
}
