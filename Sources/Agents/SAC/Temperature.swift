// SPDX-License-Identifier: MIT

internal import CLibrary
package import Networks

/// How the weight of the entropy is found.
public enum TemperatureRule: String, Sendable, CaseIterable {
    /// It is tuned so that the policy's entropy meets a target.
    case tuned
    /// It keeps its initial value.
    case fixed
}

/// The temperature alpha: the weight of the entropy in the objective, held as its logarithm.
package struct Temperature {
    package var logarithm: Double
    package var optimiser: ScalarAdam
    /// The entropy that a tuned temperature steers to; nil where it is fixed.
    package let targetEntropy: Double?

    init(_ configuration: SACConfiguration, actions: Int) {
        self.init(
            initial: configuration.initialTemperature, rate: configuration.temperatureLearningRate,
            targetEntropy: configuration.steeredEntropy(actions: actions))
    }

    /// Begins at `initial`, and stays there without a target (nats).
    package init(initial: Double, rate: Double, targetEntropy: Double?) {
        logarithm = log(initial)
        optimiser = ScalarAdam(rate: rate)
        self.targetEntropy = targetEntropy
    }

    package var alpha: Double { exp(logarithm) }

    /// One step down J = mean (-alpha (log pi + H)), arXiv:1812.05905 equation 18, in log alpha; returns J.
    ///
    /// - Note: The gradient in log alpha is alpha times the gradient in alpha, and equals J itself.
    package mutating func update(meanLogProbability: Double) -> Double {
        guard let targetEntropy else { return 0 }
        let loss = -alpha * (meanLogProbability + targetEntropy)
        optimiser.step(&logarithm, gradient: loss)
        return loss
    }
}

extension Temperature: Checkpointed {
    package var entries: [CheckpointEntry<Temperature>] {
        [
            .init("logarithm", \.logarithm),
            .init("moments", \.optimiser.firstMoment, \.optimiser.secondMoment),
            .init("steps", \.optimiser.steps),
        ]
    }
}
