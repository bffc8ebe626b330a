// SPDX-License-Identifier: MIT

internal import CKernels
internal import Environments

/// The policy's distribution for a batch of observations: a Gaussian squashed by tanh, so that actions lie in (-1, 1).
///
/// The actor's head gives, for each action, a mean and the logarithm of a standard deviation, which is clamped to
/// [-20, 2]. With noise n of the standard normal distribution: u = mean + sigma n, action = tanh u, and
/// log pi = sum over actions of (-n²/2 - log sigma - log(2 pi)/2 - 2 (log 2 - u - softplus(-2u))): the Gaussian's density
/// divided by the squashing's slope 1 - tanh² u, in the form that stays exact where tanh saturates
/// (arXiv:1812.05905, appendix C).
public final class SquashedGaussian {
    /// The actor's output, (batch, 2 x actions): the means, then the logarithms of the standard deviations.
    public let head: Matrix
    /// The loss's gradient in `head`, after `backward`.
    public let headGradient: Matrix
    /// The noise of the draw, (batch, actions).
    public let noise: Matrix
    /// The actions, (batch, actions), after `sample`.
    public let actions: Matrix
    /// log pi of each action, (batch, 1), after `sample`.
    public let logProbabilities: Matrix

    /// What the logarithm of the standard deviation is clamped to.
    public static let logSigmaRange: ClosedRange<Float> = -20...2

    /// Makes room for a batch.
    public init(batch: Int, actions: Int) {
        head = Matrix(rows: batch, columns: 2 * actions)
        headGradient = Matrix(rows: batch, columns: 2 * actions)
        noise = Matrix(rows: batch, columns: actions)
        self.actions = Matrix(rows: batch, columns: actions)
        logProbabilities = Matrix(rows: batch, columns: 1)
    }

    /// Computes actions and their log-probabilities from `head` and `noise`; with `rows`, in these rows alone.
    public func sample(rows: Range<Int>? = nil) {
        let rows = checked(rows)
        let row = rows.lowerBound * actions.columns
        unsafe kern_squashed_gaussian_forward(
            head.memory.pointer + 2 * row, noise.memory.pointer + row, actions.memory.pointer + row,
            logProbabilities.memory.pointer + rows.lowerBound, Int32(rows.count), Int32(actions.columns),
            Self.logSigmaRange.lowerBound,
            Self.logSigmaRange.upperBound)
    }

    private func checked(_ rows: Range<Int>?) -> Range<Int> {
        let rows = rows ?? 0..<head.rows
        precondition(rows.lowerBound >= 0 && rows.upperBound <= head.rows, "rows \(rows) of \(head.rows)")
        return rows
    }

    /// Computes `headGradient` by reparameterisation, the noise held fixed, after `sample`.
    ///
    /// - Parameters:
    ///   - actionGradient: the loss's gradient in the actions, (batch, actions).
    ///   - logProbabilityGradient: the loss's gradient in every row's log pi.
    ///   - rows: with them, in these rows alone.
    public func backward(actionGradient: Matrix, logProbabilityGradient: Float, rows: Range<Int>? = nil) {
        precondition(
            actionGradient.rows == actions.rows && actionGradient.columns == actions.columns,
            "a gradient of another batch of actions")
        let rows = checked(rows)
        let row = rows.lowerBound * actions.columns
        unsafe kern_squashed_gaussian_backward(
            head.memory.pointer + 2 * row, noise.memory.pointer + row, actions.memory.pointer + row,
            actionGradient.memory.pointer + row, nil, logProbabilityGradient,
            headGradient.memory.pointer + 2 * row, Int32(rows.count), Int32(actions.columns),
            Self.logSigmaRange.lowerBound, Self.logSigmaRange.upperBound)
    }
}
