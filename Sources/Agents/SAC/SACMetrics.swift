// SPDX-License-Identifier: MIT

/// What one update of SAC measured.
package struct SACMetrics: Sendable {
    /// The losses of the two critics, mean (Q - y)² / 2; the second is 0 where there is but one.
    package var criticLosses = (0.0, 0.0)
    /// The loss of the actor, mean (alpha log pi - min Q).
    package var actorLoss = 0.0
    /// The loss of the temperature, mean (-alpha (log pi + H)); 0 where it is fixed.
    package var temperatureLoss = 0.0
    /// The temperature that the update used.
    package var temperature = 0.0
    /// Whether actor and temperature learned too; where not, what concerns them is 0.
    package var isOfActor = false
    /// The policy's entropy as measured on the batch, mean of -log pi (nats).
    package var entropy = 0.0
    /// The mean of min Q over the batch's observations and the policy's actions.
    package var value = 0.0

    /// Whether all of them are finite, and small enough for the single precision that learning is done in.
    package var isFinite: Bool {
        abs(criticLosses.0) <= Self.largest && abs(criticLosses.1) <= Self.largest
            && abs(actorLoss) <= Self.largest && (temperatureLoss + temperature + entropy + value).isFinite
    }

    /// Beyond it a squared gradient overflows Adam's second moment, and learning stops unseen.
    private static let largest = Double(Float.greatestFiniteMagnitude).squareRoot()
}
