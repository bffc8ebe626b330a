// SPDX-License-Identifier: MIT

package import Networks
package import Policies

/// The mean and the deviation of all observations seen so far, by which an agent brings its networks' inputs to one scale:
/// x = clip((o - mean) / sqrt(variance + 1e-8), ±10).
///
/// A number that never varies is 0 to the networks, whatever it is divided by, and nothing is learned of its scale: in a policy its size
/// stands for that, or one unit where it is less, so that another value on a robot is not thousands of deviations away.
///
/// A learner stores raw observations and normalises what it samples, so that old transitions follow the statistics;
/// a policy takes ``normaliser`` as it is at that moment. The two compute in single precision what the policy's C runtime
/// computes. Evidence that this pays at no cost: SimBa, arXiv:2410.09754; what actor-critics depend on, arXiv:2006.05990.
package final class RunningNormaliser {
    /// The observations seen.
    package private(set) var count = 0.0
    private var mean: [Double]
    /// The sum of squared differences from the mean.
    private var squares: [Double]
    /// 1 for each number that did not vary in the training of the policy that this one began with, nor since.
    ///
    /// What divides it is no deviation. Empty where there is none.
    private var marks: [Double] = []
    /// What is applied, made of `mean` and `squares`.
    package private(set) var normaliser: Normaliser

    private static let varianceFloor = 1e-8
    /// Some of the last bits of single precision, of the number or of 1.
    private static let rounding = 1e-6
    private static let clip: Float = 10

    /// Makes empty statistics for observations of `observations` numbers; until the first one it only clips.
    package init(observations: Int) {
        mean = Array(repeating: 0, count: observations)
        squares = mean
        normaliser = .identity(observations)
        normaliser.clip = Self.clip
    }

    /// Takes in one observation, raw (Welford's method).
    ///
    /// - Precondition: its length is that of the others.
    package func append(_ observation: Span<Float>) {
        precondition(observation.count == mean.count, "an observation of \(observation.count) numbers")
        count += 1
        for i in marks.indices where abs(Double(observation[i]) - mean[i]) > rounding(i) { marks[i] = 0 }
        for i in observation.indices {
            let difference = Double(observation[i]) - mean[i]
            mean[i] += difference / count
            squares[i] += difference * (Double(observation[i]) - mean[i])
        }
        describe()
    }

    private func describe() {
        for i in mean.indices {
            normaliser.mean[i] = Float(mean[i])
            normaliser.inverseDeviation[i] = Float(1 / (squares[i] / count + Self.varianceFloor).squareRoot())
        }
    }

    /// Whether a number's deviation tells its scale: it is more than what single precision makes of a number that stays the same, and
    /// more than the floor lets a network see.
    private func isVarying(_ i: Int) -> Bool {
        guard marks.isEmpty || marks[i] == 0 else { return false }
        return squares[i] / count > rounding(i) * rounding(i)
    }

    private func rounding(_ i: Int) -> Double { Self.rounding * max(1, abs(mean[i])) }

    /// What a policy applies: the same but for the numbers that never varied.
    package var ofPolicy: Normaliser {
        var normaliser = normaliser
        for i in constants { normaliser.inverseDeviation[i] = Float(1 / max(1, abs(mean[i]))) }
        return normaliser
    }

    /// The indices of the numbers that did not vary in all observations so far; none before the first one.
    package var constants: [Int] {
        count > 0 ? mean.indices.filter { !isVarying($0) } : []
    }

    /// Normalises each row of `observations`, (rows, observations), in place.
    package func normalise(_ observations: Matrix) {
        precondition(observations.columns == mean.count, "observations of \(observations.columns) numbers")
        let (mean, inverse, clip) = (normaliser.mean, normaliser.inverseDeviation, normaliser.clip)
        observations.withMutableSpan { numbers in
            var index = 0
            while index < numbers.count {
                for column in mean.indices {
                    let value = (numbers[index] - mean[column]) * inverse[column]
                    // Written so that NaN stays.
                    numbers[index] = value > clip ? clip : value < -clip ? -clip : value
                    index += 1
                }
            }
        }
    }

    /// Begins with the statistics of a saved policy, as if they were those of `count` observations; the numbers at `constants` never
    /// varied in its training, and go on as what it divided them by until they do.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has other observations or another clip.
    package func start(from saved: Normaliser, constants: [Int], count: Double) throws(AgentsError) {
        guard saved.mean.count == mean.count, saved.clip == Self.clip else {
            throw .badStart("it does not normalise its observations as this agent does")
        }
        self.count = count
        marks = constants.isEmpty ? [] : mean.indices.map { constants.contains($0) ? 1 : 0 }
        for i in mean.indices {
            let deviation = 1 / Double(saved.inverseDeviation[i])
            mean[i] = Double(saved.mean[i])
            squares[i] = max(0, deviation * deviation - Self.varianceFloor) * count
        }
        describe()
    }

    /// Begins an agent's normaliser, nil where it has none, with what `policy` normalises by; `key` is the setting that decides of it.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where one of the two normalises and the other does not.
    static func start(
        _ normaliser: RunningNormaliser?, from policy: PolicyNetwork, constants: [Int], key: String
    ) throws(AgentsError) {
        let isRaw = policy.normaliser == .identity(policy.observationCount)
        guard isRaw == (normaliser == nil) else {
            throw .badStart(
                "it \(isRaw ? "sees raw observations" : "normalises its observations"); train with \(key)=\(!isRaw)"
            )
        }
        try normaliser?.start(from: policy.normaliser, constants: constants, count: startCount)
    }

    /// The weight of a saved policy's statistics, in observations: enough that its actor keeps seeing what it learned with.
    private static let startCount = 100_000.0

}

extension RunningNormaliser: Checkpointed {
    /// The statistics.
    package var entries: [CheckpointEntry<RunningNormaliser>] {
        [
            .init("count", \.count), .init("mean", \.mean), .init("squares", \.squares),
            .init("constants", whereNotEmpty: \.marks),
        ]
    }

    /// Refuses an impossible count, and makes what is applied.
    package func restored() throws {
        guard count >= 0 else { throw AgentsError.badState("the normaliser has seen \(count) observations") }
        guard marks.isEmpty || marks.count == mean.count else {
            throw AgentsError.badState("the normaliser has marks of \(marks.count) observations")
        }
        if count > 0 { describe() }
    }
}
