// SPDX-License-Identifier: MIT

package import Networks

/// How much better each step of a rollout was than the critic had expected, and what the critic should have said.
///
/// Generalised advantage estimation, Schulman et al. 2016, arXiv:1506.02438, equation 16, within a rollout:
///
///     d(t) = r(t) + gamma (1 - terminated(t)) V(s'(t)) - V(s(t))
///     A(t) = d(t) + gamma lambda A(t + 1)        A(t + 1) counts only where the same episode goes on in the rollout
///     R(t) = A(t) + V(s(t))
///
/// With lambda = 1 these are the n-step returns of arXiv:1602.01783, algorithm S3: each step takes all rewards up to the end of its
/// episode or of the rollout, then the value there. With lambda = 0 they are one-step temporal differences.
///
/// - Note: A time limit or the rollout's end cuts the sum, and V of the true next observation takes its place; a termination cuts it
///   and nothing follows.
package struct AdvantageEstimation {
    /// gamma: how much the next step's value counts.
    package var discount: Double
    /// lambda: how much longer returns count.
    package var lambda: Double

    package init(discount: Double, lambda: Double) {
        self.discount = discount
        self.lambda = lambda
    }

    /// Writes A to `advantages` and R to `returns`, all (rows, 1).
    ///
    /// - Parameters:
    ///   - rollout: the steps.
    ///   - rewards: what stands for its rewards, scaled perhaps.
    ///   - values: V of the observations.
    ///   - nextValues: V of the observations after the steps.
    ///   - advantages: gets A; 0 for a step without weight.
    ///   - returns: gets R.
    package func estimate(
        _ rollout: Rollout, rewards: Matrix, values: Matrix, nextValues: Matrix, advantages: Matrix,
        returns: Matrix
    ) {
        for environment in 0..<rollout.environments {
            var advantage = 0.0
            for step in (0..<rollout.length).reversed() {
                let row = step * rollout.environments + environment
                let value = Double(values[row, 0])
                let goesOn = rollout.last[row, 0] == 0
                let following =
                    discount * Double(1 - rollout.terminated[row, 0]) * Double(nextValues[row, 0])
                let difference = Double(rewards[row, 0]) + following - value
                advantage = difference + (goesOn ? discount * lambda * advantage : 0)
                // A step that led nowhere hands nothing back to the one before, whose next observation is finite and valued.
                if rollout.weights[row, 0] == 0 { advantage = 0 }
                advantages[row, 0] = Float(advantage)
                returns[row, 0] = Float(advantage + value)
            }
        }
    }
}
