// SPDX-License-Identifier: MIT

internal import CLibrary
package import Environments
package import Networks

/// The actor's distribution over continuous actions: tanh(u), u normal about the network's output with a deviation of its own.
///
/// The deviation does not depend on the observation: its logarithm is one learned number per action, clamped to the range of
/// `SquashedGaussian`. The density is that of the squashed action,
///
///     log pi(a|s) = sum over actions of -z²/2 - log sigma - log(2 pi)/2 - log(1 - tanh² u),   z = (u - m) / sigma
///
/// and the draw u itself is kept, not the action, so that no atanh loses digits where tanh saturates.
package final class GaussianHead {
    /// The means m, (batch, actions): the network's output.
    package let means: Matrix
    /// The loss's gradient in `means`.
    package let meanGradient: Matrix
    /// The logarithms of the deviations, (actions).
    package let logDeviations: Parameters
    /// The loss's gradient in `logDeviations`.
    package let logDeviationGradient: Parameters

    package init(batch: Int, actions: Int, initialDeviation: Double) {
        means = Matrix(rows: batch, columns: actions)
        meanGradient = Matrix(rows: batch, columns: actions)
        logDeviations = Parameters(count: actions)
        logDeviationGradient = Parameters(count: actions)
        for action in 0..<actions { logDeviations[action] = Float(log(initialDeviation)) }
    }

    /// Draws u about `means`, one row, and writes it to `row` of `draws` and its tanh to `action`.
    package func draw(
        about means: Matrix, into draws: Matrix, row: Int, action: inout MutableSpan<Float>,
        using random: inout RandomStream
    ) {
        for index in action.indices {
            let deviation = exp(Double(clampedLogDeviation(index)))
            let draw = Float(Double(means[0, index]) + deviation * random.normal())
            draws[row, index] = draw
            action[index] = Float(tanh(Double(draw)))
        }
    }

    /// Computes the batch's loss, and its gradient in means and deviations.
    ///
    ///     J = mean of -A log pi(tanh u | s), u held fixed  -  beta · mean of H,   H = -log pi(tanh(m + sigma z)), z held fixed
    ///
    /// The first is the policy gradient of arXiv:1602.01783, section 4; H is an unbiased estimate of the squashed distribution's entropy,
    /// which has no closed form, and its gradient is taken along the draw.
    ///
    /// - Note: The paper adds the entropy of the unsquashed normal distribution. That one grows with sigma without bound while the
    ///   actions' own falls, once they lie at ±1.
    package func differentiate(
        draws: Matrix, advantages: Matrix, weights: Matrix, entropyWeight: Double
    ) -> PolicyLoss {
        let actions = means.columns
        var loss = PolicyLoss(weights)
        for action in 0..<actions { logDeviationGradient[action] = 0 }
        for row in 0..<means.rows {
            let share = Double(weights[row, 0]) / loss.count
            let advantage = Double(advantages[row, 0])
            var logProbability = 0.0
            for action in 0..<actions {
                let term = Term(
                    draw: Double(draws[row, action]), mean: Double(means[row, action]),
                    logDeviation: Double(clampedLogDeviation(action)))
                logProbability += term.logProbability
                let (byMean, byDeviation) = term.slopes(advantage: advantage, entropyWeight: entropyWeight)
                meanGradient[row, action] = Float(share * byMean)
                // Outside of the range the clamp's slope is zero.
                if SquashedGaussian.logSigmaRange.contains(logDeviations[action]) {
                    logDeviationGradient[action] += Float(share * byDeviation)
                }
            }
            loss.add(
                -advantage * logProbability, entropy: -logProbability, share: share)
        }
        return loss
    }

    private func clampedLogDeviation(_ action: Int) -> Float {
        let range = SquashedGaussian.logSigmaRange
        return min(max(logDeviations[action], range.lowerBound), range.upperBound)
    }
}

/// One element of one action.
private struct Term {
    let deviation: Double
    let squashed: Double
    /// z = (u - m) / sigma.
    let noise: Double
    let logProbability: Double

    init(draw: Double, mean: Double, logDeviation: Double) {
        deviation = exp(logDeviation)
        squashed = tanh(draw)
        noise = (draw - mean) / deviation
        // log(1 - tanh² u) without cancellation.
        let logSlope = 2 * (log(2) - abs(draw) - log1p(exp(-2 * abs(draw))))
        logProbability = -noise * noise / 2 - logDeviation - log(2 * .pi) / 2 - logSlope
    }

    /// How -A log pi - beta H changes with m and with log sigma.
    func slopes(advantage: Double, entropyWeight: Double) -> (mean: Double, logDeviation: Double) {
        // With u fixed: d log pi / dm = z / sigma, d log pi / d log sigma = z² - 1.
        // With z fixed: dH / dm = -2 tanh u, dH / d log sigma = 1 - 2 tanh(u) sigma z.
        (
            -advantage * noise / deviation + entropyWeight * 2 * squashed,
            -advantage * (noise * noise - 1) - entropyWeight * (1 - 2 * squashed * deviation * noise)
        )
    }
}
