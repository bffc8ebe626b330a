// SPDX-License-Identifier: MIT

/// Brings returns to one scale whatever the reward's unit: rewards are divided by the deviation of the discounted returns seen so far.
///
/// In each environment G = gamma G + r runs forward from the start of an episode, as in VecNormalize of OpenAI's baselines; the
/// deviation is that of all G. The mean is not taken away: it would change what is best where episodes end.
package struct ReturnScale {
    private let discount: Double
    /// G of the episode that is under way in each environment.
    private var running: [Double]
    private var count = 0.0
    private var mean = 0.0
    /// The sum of squared differences from the mean.
    private var squares = 0.0

    private static let varianceFloor = 1e-8

    package init(environments: Int, discount: Double) {
        self.discount = discount
        running = Array(repeating: 0, count: environments)
    }

    /// Takes in a reward (Welford's method).
    package mutating func append(_ reward: Float, environment: Int, isLast: Bool) {
        running[environment] = discount * running[environment] + Double(reward)
        count += 1
        let difference = running[environment] - mean
        mean += difference / count
        squares += difference * (running[environment] - mean)
        if isLast { running[environment] = 0 }
    }

    /// Takes in that an episode was cut without a reward.
    package mutating func cut(environment: Int) {
        running[environment] = 0
    }

    /// What rewards are multiplied by: one over the deviation of the returns; 1 before the second reward, and where all returns were
    /// the same up to rounding, whose deviation tells no scale.
    package var factor: Double {
        let rounding = 1e-6 * mean
        guard count >= 2, squares / count > rounding * rounding else { return 1 }
        return 1 / (squares / count + Self.varianceFloor).squareRoot()
    }
}

extension ReturnScale: Checkpointed {
    package var entries: [CheckpointEntry<ReturnScale>] {
        [.init("running", \.running), .init("statistics", \.count, \.mean, \.squares)]
    }
}
