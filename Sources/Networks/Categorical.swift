// SPDX-License-Identifier: MIT

internal import CKernels
public import Environments

/// The policy's distribution over finitely many choices for a batch of observations: the softmax of a network's output.
///
/// p(c) = exp(x(c) - m) / sum over k of exp(x(k) - m), m the largest of x, so that nothing overflows; log p is computed from the
/// differences, not from p, and stays finite where p underflows.
public final class Categorical {
    /// The network's output, (batch, choices).
    public let logits: Matrix
    /// The loss's gradient in `logits`; for whoever computes it.
    public let logitGradient: Matrix
    /// p of each choice, (batch, choices), after `normalise`.
    public let probabilities: Matrix
    /// log p of each choice, (batch, choices), after `normalise`.
    public let logProbabilities: Matrix
    /// The entropy of each row (nats), (batch, 1), after `normalise`.
    public let entropies: Matrix

    /// Makes room for a batch.
    public init(batch: Int, choices: Int) {
        logits = Matrix(rows: batch, columns: choices)
        logitGradient = Matrix(rows: batch, columns: choices)
        probabilities = Matrix(rows: batch, columns: choices)
        logProbabilities = Matrix(rows: batch, columns: choices)
        entropies = Matrix(rows: batch, columns: 1)
    }

    /// The number of choices.
    public var choices: Int { logits.columns }

    /// Computes probabilities, their logarithms and the entropies from `logits`.
    public func normalise() {
        let count = choices
        for row in 0..<logits.rows {
            var largest = -Float.infinity
            for choice in 0..<count { largest = max(largest, logits[row, choice]) }
            for choice in 0..<count { logProbabilities[row, choice] = logits[row, choice] - largest }
        }
        unsafe kern_exp(
            logProbabilities.memory.pointer, probabilities.memory.pointer, Int64(logits.rows * count))
        for row in 0..<logits.rows {
            var sum: Float = 0
            for choice in 0..<count { sum += probabilities[row, choice] }
            var logarithm: Float = 0
            unsafe kern_log(&sum, &logarithm, 1)
            var entropy: Float = 0
            for choice in 0..<count {
                probabilities[row, choice] /= sum
                logProbabilities[row, choice] -= logarithm
                entropy -= probabilities[row, choice] * logProbabilities[row, choice]
            }
            entropies[row, 0] = entropy
        }
    }

    /// Draws a choice by the probabilities of `row`, after `normalise`.
    public func draw(row: Int, using random: inout RandomStream) -> Int {
        var rest = Float(random.uniform())
        for choice in 0..<choices - 1 {
            rest -= probabilities[row, choice]
            if rest < 0 { return choice }
        }
        return choices - 1
    }
}
