// SPDX-License-Identifier: MIT

package import Agents

/// The hyperparameters of soft actor-critic with discrete actions (Christodoulou 2019, arXiv:1910.07207).
package struct DiscreteSACConfiguration: Sendable, Equatable {
    /// The widths of the hidden layers of actor and critics; none makes them linear.
    package var hidden = [64, 64]
    /// Transitions per update.
    package var batch = 64
    /// gamma: how much the next step's value counts.
    package var discount = 0.99
    /// tau: the step of the target critics towards the critics, per update.
    package var polyakRate = 0.005
    /// Adam's rate for actor and critics.
    package var learningRate = 3e-4
    /// Whether the temperature is tuned.
    package var temperature = TemperatureRule.tuned
    /// The entropy (nats) that a tuned temperature steers to; nil for 0.98 log(choices).
    package var targetEntropy: Double?
    /// Adam's rate for log alpha.
    package var temperatureLearningRate = 3e-4
    /// alpha at the start, and for ever where it is fixed.
    package var initialTemperature = 1.0
    /// Whether there are two critics, of which the smaller counts; one otherwise.
    package var hasTwinCritics = true

    /// Makes the default configuration.
    package init() {}
}
