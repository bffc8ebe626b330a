// SPDX-License-Identifier: MIT

import Environments
public import Policies

/// Observations that ask a policy all it can be asked: ordinary ones, such at and beyond the clip, and single extremes.
public struct TestObservations: Sendable {
    /// The observations; each as long as the policy's.
    public private(set) var rows: [[Float]] = []

    /// Draws `count` observations for `network`; the same for the same seed.
    ///
    /// Normalised, a fourth each are within one standard deviation, within the clip (at most 10), beyond it, and zeros but for one
    /// extreme number. For tables all bins and some beyond them count as ordinary. Without a clip below 1000 nothing goes beyond 10: there sums of single precision differ by their order.
    public init(_ network: PolicyNetwork, count: Int = 10_000, seed: UInt64 = 0) {
        let normaliser = network.normaliser
        self.init(
            normaliser.mean.indices.map { i in
                (
                    Double(normaliser.mean[i]), 1 / Double(normaliser.inverseDeviation[i]),
                    Double(network.table?.bins[i] ?? 0)
                )
            }, clip: Double(normaliser.clip), count: count, seed: seed)
    }

    /// Draws `count` observations for a policy of which only the contract is known.
    init(_ contract: Contract, count: Int, seed: UInt64 = 0) {
        self.init(
            contract.observations.map { (Double($0.mean), Double($0.std), Double($0.bins ?? 0)) },
            clip: Double(contract.observations.map(\.clip).max() ?? 1), count: count, seed: seed)
    }

    private init(
        _ elements: [(mean: Double, deviation: Double, bins: Double)], clip: Double, count: Int, seed: UInt64
    ) {
        var random = RandomStream(seed: seed, name: "verification")
        let ordinary = min(clip, 10)
        let isClipped = clip < 1000
        rows = (0..<count).map { row in
            let extreme = random.index(below: elements.count)
            return elements.indices.map { i in
                let bins = elements[i].bins
                let x: Double =
                    switch row % 4 {
                    case 0 where bins > 0: random.uniform(-1, bins + 1)
                    case 0: random.normal()
                    case 1: random.uniform(-ordinary, ordinary)
                    case 2: random.uniform(-1, 1) * (isClipped ? 3 * clip : ordinary)
                    default: i == extreme ? random.uniform(-1, 1) * (isClipped ? 1e6 * clip : ordinary) : 0
                    }
                let value = elements[i].mean + x * elements[i].deviation
                let limit = Double(Float.greatestFiniteMagnitude)
                return Float(min(max(value, -limit), limit))
            }
        }
    }
}
