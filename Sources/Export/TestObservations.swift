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
        var random = RandomStream(seed: seed, name: "verification")
        let normaliser = network.normaliser
        let clip = Double(normaliser.clip)
        let ordinary = min(clip, 10)
        let isClipped = clip < 1000
        rows = (0..<count).map { row in
            let extreme = random.index(below: normaliser.mean.count)
            return normaliser.mean.indices.map { i in
                let bins = Double(network.table?.bins[i] ?? 0)
                let x: Double =
                    switch row % 4 {
                    case 0 where bins > 0: random.uniform(-1, bins + 1)
                    case 0: random.normal()
                    case 1: random.uniform(-ordinary, ordinary)
                    case 2: random.uniform(-1, 1) * (isClipped ? 3 * clip : ordinary)
                    default: i == extreme ? random.uniform(-1, 1) * (isClipped ? 1e6 * clip : ordinary) : 0
                    }
                let value = Double(normaliser.mean[i]) + x / Double(normaliser.inverseDeviation[i])
                let limit = Double(Float.greatestFiniteMagnitude)
                return Float(min(max(value, -limit), limit))
            }
        }
    }
}
