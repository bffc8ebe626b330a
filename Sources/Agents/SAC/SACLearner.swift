// SPDX-License-Identifier: MIT

public import Environments
public import Networks

/// What one update of SAC measured.
public struct SACMetrics: Sendable, Equatable {
    /// The losses of the two critics, mean (Q - y)² / 2; the second is 0 where there is but one.
    public var criticLosses = (0.0, 0.0)
    /// The loss of the actor, mean (alpha log pi - min Q).
    public var actorLoss = 0.0
    /// The loss of the temperature, mean (-alpha (log pi + H)); 0 where it is fixed.
    public var temperatureLoss = 0.0
    /// The temperature that the update used.
    public var temperature = 0.0
    /// Whether actor and temperature learned too; where not, what concerns them is 0.
    public var isOfActor = false
    /// The policy's entropy as measured on the batch, mean of -log pi (nats).
    public var entropy = 0.0
    /// The mean of min Q over the batch's observations and the policy's actions.
    public var value = 0.0

    /// Whether all of them are finite, and small enough for the single precision that learning is done in.
    public var isFinite: Bool {
        abs(criticLosses.0) <= Self.largest && abs(criticLosses.1) <= Self.largest
            && abs(actorLoss) <= Self.largest && (temperatureLoss + temperature + entropy + value).isFinite
    }

    /// Beyond it a squared gradient overflows Adam's second moment, and learning stops unseen.
    private static let largest = Double(Float.greatestFiniteMagnitude).squareRoot()

    /// Compares all numbers.
    public static func == (a: Self, b: Self) -> Bool {
        a.criticLosses == b.criticLosses && a.actorLoss == b.actorLoss
            && a.temperatureLoss == b.temperatureLoss && a.temperature == b.temperature
            && a.entropy == b.entropy && a.value == b.value && a.isOfActor == b.isOfActor
    }
}

/// One update of soft actor-critic: critics, actor, temperature, targets, in that order (arXiv:1812.05905, algorithm 1;
/// the article's section 4).
///
/// - Note: The article's (4.24) lacks the temperature before log pi, and its target in 4.3.2 lacks (1 - terminated); both
///   are here. Everything random comes in from outside: the batch, and the noise of the two draws of actions.
public final class SACLearner: LaneWork {
    /// The length of an observation.
    public let observations: Int
    /// The length of an action.
    public let actions: Int
    let configuration: SACConfiguration
    package let actor: SACActor
    package let critics: (SACCritic, SACCritic)
    package var temperature: Temperature
    private let lanes: Lanes

    /// The transitions to learn from; fill before `update`.
    public let batch: MiniBatch
    /// The draw of actions for the observations.
    package let current: ActorPass
    /// The draw of actions for the next observations.
    package let next: ActorPass

    private let stateActions: Matrix
    private let nextStateActions: Matrix
    private let policyStateActions: Matrix
    package let targets: Matrix
    private let actionGradient: Matrix
    /// Whether the update under way is one of the actor too.
    private var updatesActor = true
    /// The rows of the batch in which each critic gives the smaller value, ascending.
    private var rowsOfCritic: ([Int], [Int]) = ([], [])

    /// Makes the networks for observations and actions of the given lengths; their parameters are zero until
    /// `initialise`.
    public init(observations: Int, actions: Int, configuration: SACConfiguration, threads: Int = 1) {
        self.observations = observations
        self.actions = actions
        self.configuration = configuration
        actor = SACActor(observations: observations, actions: actions, configuration: configuration)
        critics = (
            SACCritic(observations: observations, actions: actions, configuration: configuration),
            SACCritic(observations: observations, actions: actions, configuration: configuration)
        )
        temperature = Temperature(configuration, actions: actions)
        lanes = Lanes(threads: threads)
        let rows = configuration.batch
        batch = MiniBatch(rows: rows, observations: observations, actions: actions)
        for row in 0..<rows { batch.discounts[row, 0] = Float(configuration.discount) }
        current = ActorPass(for: actor.network, batch: rows)
        next = ActorPass(for: actor.network, batch: rows)
        stateActions = Matrix(rows: rows, columns: observations + actions)
        nextStateActions = Matrix(rows: rows, columns: observations + actions)
        policyStateActions = Matrix(rows: rows, columns: observations + actions)
        targets = Matrix(rows: rows, columns: 1)
        actionGradient = Matrix(rows: rows, columns: actions)
        rowsOfCritic.0.reserveCapacity(rows)
        rowsOfCritic.1.reserveCapacity(rows)
    }

    /// Draws all parameters.
    public func initialise(using random: inout RandomStream) {
        actor.network.initialise(actor.parameters, using: &random)
        critics.0.initialise(using: &random)
        critics.1.initialise(using: &random)
    }

    /// Whether the next update is one of actor and temperature too: each k-th is.
    private var isActorDue: Bool { (critics.0.optimiser.steps + 1) % configuration.actorDelay == 0 }

    /// Draws the noise of an update, the next observations' first; the other only where the actor's turn is.
    public func drawNoise(using random: inout RandomStream) {
        next.distribution.noise.fillNormal(using: &random)
        if isActorDue { current.distribution.noise.fillNormal(using: &random) }
    }

    /// Learns from `batch`, once, with the noise that was drawn.
    public func update() -> SACMetrics {
        var metrics = SACMetrics()
        metrics.temperature = temperature.alpha
        let alpha = Float(temperature.alpha)
        updatesActor = isActorDue

        lanes.run(self, phase: Phase.sample.rawValue)
        lanes.run(self, phase: Phase.target.rawValue)
        computeTargets(alpha: alpha)
        lanes.run(self, phase: Phase.critics.rawValue)
        metrics.criticLosses = (critics.0.loss, critics.1.loss)
        if updatesActor { updateActor(&metrics) }
        return metrics
    }

    private func updateActor(_ metrics: inout SACMetrics) {
        metrics.isOfActor = true
        let (value, logProbability) = chooseSmallerCritic()
        metrics.value = value
        metrics.entropy = -logProbability
        metrics.actorLoss = temperature.alpha * logProbability - value
        lanes.run(self, phase: Phase.differentiate.rawValue)
        collectActionGradients()
        current.distribution.backward(
            actionGradient: actionGradient,
            logProbabilityGradient: Float(temperature.alpha) / Float(batch.rows))
        lanes.run(self, phase: Phase.actor.rawValue)
        actor.beginStep()
        lanes.run(self, phase: Phase.step.rawValue)

        metrics.temperatureLoss = temperature.update(meanLogProbability: logProbability)
    }

    private enum Phase: Int {
        case sample, target, critics, differentiate, actor, step
    }

    /// One half of a phase: lane 0 has the first critic, the next actions and the batch's first half.
    public func run(phase: Int, lane: Int) {
        let critic = lane == 0 ? critics.0 : critics.1
        switch Phase(rawValue: phase) {
        case .sample:
            if lane == 0 {
                actor.sample(batch.nextObservations, next)
                nextStateActions.setColumns(from: 0, to: batch.nextObservations)
                nextStateActions.setColumns(from: observations, to: next.distribution.actions)
                stateActions.setColumns(from: 0, to: batch.observations)
                stateActions.setColumns(from: observations, to: batch.actions)
            } else if updatesActor {
                actor.sample(batch.observations, current)
                policyStateActions.setColumns(from: 0, to: batch.observations)
                policyStateActions.setColumns(from: observations, to: current.distribution.actions)
            }
        case .target where lane < configuration.critics:
            critic.evaluateTarget(nextStateActions)
        case .critics where lane < configuration.critics:
            critic.update(stateActions, targets: targets)
            if updatesActor { critic.evaluate(policyStateActions) }
        case .differentiate where lane < configuration.critics:
            // The gradient of -mean min Q.
            critic.differentiate(
                rows: lane == 0 ? rowsOfCritic.0 : rowsOfCritic.1, gradient: -1 / Float(batch.rows))
        case .actor:
            actor.differentiate(batch.observations, current, half: lane)
        case .step:
            actor.step(half: lane)
        case .target, .critics, .differentiate:
            break
        case nil:
            preconditionFailure("no phase \(phase)")
        }
    }

    /// y = r + gamma (1 - terminated) (min Q'(s', a') - alpha log pi(a'|s')): arXiv:1812.05905 equation 3 and 5.
    ///
    /// - Note: Of n steps, r is their discounted sum, without the entropies between, and gamma is the batch's discount, gamma^n.
    private func computeTargets(alpha: Float) {
        for row in 0..<targets.rows {
            let value = smallerValue(row).value - alpha * next.distribution.logProbabilities[row, 0]
            targets[row, 0] =
                batch.rewards[row, 0] + batch.discounts[row, 0] * (1 - batch.terminated[row, 0]) * value
        }
    }

    /// min Q of a row that was evaluated last, and whether the first critic gives it; of one critic, its value.
    private func smallerValue(_ row: Int) -> (value: Float, isOfFirst: Bool) {
        let first = critics.0.values[row, 0]
        guard configuration.critics == 2 else { return (first, true) }
        let second = critics.1.values[row, 0]
        return (min(first, second), first <= second)
    }

    /// Hands each row to the critic that gives the smaller value in it: the other one's gradient is zero there.
    private func chooseSmallerCritic() -> (value: Double, logProbability: Double) {
        // Taken out for the while, so that the lists are not checked for other accesses row by row.
        var chosen: ([Int], [Int]) = ([], [])
        swap(&chosen, &rowsOfCritic)
        chosen.0.removeAll(keepingCapacity: true)
        chosen.1.removeAll(keepingCapacity: true)
        var (valueSum, logProbabilitySum) = (0.0, 0.0)
        for row in 0..<batch.rows {
            let (value, isOfFirst) = smallerValue(row)
            if isOfFirst { chosen.0.append(row) } else { chosen.1.append(row) }
            valueSum += Double(value)
            logProbabilitySum += Double(current.distribution.logProbabilities[row, 0])
        }
        swap(&chosen, &rowsOfCritic)
        return (valueSum / Double(batch.rows), logProbabilitySum / Double(batch.rows))
    }

    private func collectActionGradients() {
        func collect(_ rows: [Int], from critic: SACCritic) {
            for (index, row) in rows.enumerated() {
                for column in 0..<actions {
                    actionGradient[row, column] = critic.inputGradient[index, observations + column]
                }
            }
        }
        collect(rowsOfCritic.0, from: critics.0)
        collect(rowsOfCritic.1, from: critics.1)
    }
}
