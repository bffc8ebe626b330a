// SPDX-License-Identifier: MIT

package import Environments
package import Networks

/// The actor's distribution over the choices of an action grid: the softmax of the network's output.
package final class CategoricalHead {
    /// The choices.
    package let grid: ActionGrid
    /// The batch's distribution; its logits are the network's output.
    package let distribution: Categorical

    package init(batch: Int, grid: ActionGrid) {
        self.grid = grid
        distribution = Categorical(batch: batch, choices: grid.count)
    }

    /// Draws a choice from `acting`, one row, and writes it to `row` of `draws` and its action to `action`.
    package func draw(
        from acting: Categorical, into draws: Matrix, row: Int, action: inout MutableSpan<Float>,
        using random: inout RandomStream
    ) {
        acting.normalise()
        let choice = acting.draw(row: 0, using: &random)
        draws[row, 0] = Float(choice)
        grid.write(choice, into: &action)
    }

    /// Computes the batch's loss, and its gradient in the logits x.
    ///
    ///     J = mean of -A log p(c)  -  beta · mean of H,   H = -sum over k of p(k) log p(k)
    ///     dJ/dx(k) = A (p(k) - [k = c]) + beta p(k) (log p(k) + H),   over the number of rows
    ///
    /// arXiv:1602.01783, section 4.
    package func differentiate(
        draws: Matrix, advantages: Matrix, weights: Matrix, entropyWeight: Double
    ) -> PolicyLoss {
        distribution.normalise()
        var loss = PolicyLoss(weights)
        let beta = Float(entropyWeight)
        for row in 0..<draws.rows {
            let share = Double(weights[row, 0]) / loss.count
            let advantage = advantages[row, 0]
            let chosen = Int(draws[row, 0])
            let entropy = distribution.entropies[row, 0]
            for choice in 0..<grid.count {
                let probability = distribution.probabilities[row, choice]
                let policy = advantage * (probability - (choice == chosen ? 1 : 0))
                let bonus = beta * probability * (distribution.logProbabilities[row, choice] + entropy)
                distribution.logitGradient[row, choice] = Float(share) * (policy + bonus)
            }
            loss.add(
                -Double(advantage * distribution.logProbabilities[row, chosen]), entropy: Double(entropy),
                share: share)
        }
        return loss
    }
}
