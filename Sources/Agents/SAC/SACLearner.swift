// SPDX-License-Identifier: MIT

package import Environments
package import Networks

/// One update of soft actor-critic (arXiv:1812.05905, algorithm 1; the article's section 4): `update` reads as the algorithm does.
///
/// - Note: The article's (4.24) lacks the temperature before log pi, and its target in 4.3.2 lacks (1 - terminated); both
///   are here. Everything random comes in from outside: the batch, and the noise of the two draws of actions.
package final class SACLearner {
    /// The length of an observation.
    package let observations: Int
    /// The length of an action.
    package let actions: Int
    let configuration: SACConfiguration
    package let actor: SACActor
    package let critics: (SACCritic, SACCritic)
    package var temperature: Temperature
    private let lanes: Lanes

    /// The transitions to learn from; fill before `update`.
    package let batch: MiniBatch
    /// The draw of actions for the observations.
    package let current: ActorPass
    /// The draw of actions for the next observations.
    package let next: ActorPass

    private let stateActions: Matrix
    private let nextStateActions: Matrix
    private let policyStateActions: Matrix
    package let targets: Matrix
    private let actionGradient: Matrix
    /// Whether the update under way is one of actor and temperature too.
    private var updatesActor = true
    /// The rows of the batch in which each critic gives the smaller value, ascending.
    private var rowsOfCritic: ([Int], [Int]) = ([], [])

    /// Makes the networks for observations and actions of the given lengths; their parameters are zero until
    /// `initialise`.
    package init(observations: Int, actions: Int, configuration: SACConfiguration, threads: Int = 1) {
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
    package func initialise(using random: inout RandomStream) {
        actor.network.initialise(actor.parameters, using: &random)
        critics.0.initialise(using: &random)
        critics.1.initialise(using: &random)
    }

    /// Whether the next update is one of actor and temperature too: each k-th is.
    private var isActorDue: Bool { (critics.0.optimiser.steps + 1) % configuration.actorDelay == 0 }

    /// Draws the noise of an update, the next observations' first; the other only where the actor's turn is.
    package func drawNoise(using random: inout RandomStream) {
        next.distribution.noise.fillNormal(using: &random)
        if isActorDue { current.distribution.noise.fillNormal(using: &random) }
    }

    /// Learns from `batch`, once, with the noise that was drawn.
    ///
    /// Lane 0 has the next actions, the first critic, and the first half of the actor's batch and parameters.
    package func update() -> SACMetrics {
        var metrics = SACMetrics()
        let alpha = temperature.alpha
        metrics.temperature = alpha
        updatesActor = isActorDue

        // Sample: a' of pi(.|s') for the targets, a of pi(.|s) for the actor.
        lanes.run { [self] lane in
            if lane == 0 {
                actor.sample(batch.nextObservations, next)
                nextStateActions.join(batch.nextObservations, next.distribution.actions)
                stateActions.join(batch.observations, batch.actions)
            } else if updatesActor {
                actor.sample(batch.observations, current)
                policyStateActions.join(batch.observations, current.distribution.actions)
            }
        }
        // Targets: y = r + gamma (1 - terminated) (min Q'(s', a') - alpha log pi(a'|s')).
        lanes.run { [self] lane in critic(lane)?.evaluateTarget(nextStateActions) }
        computeTargets(alpha: Float(alpha))

        // Critics: each a step down mean (Q(s, a) - y)² / 2.
        lanes.run { [self] lane in
            critic(lane)?.update(stateActions, targets: targets)
            if updatesActor { critic(lane)?.evaluate(policyStateActions) }
        }
        metrics.criticLosses = (critics.0.loss, critics.1.loss)
        guard updatesActor else { return metrics }

        // Actor: a step down mean (alpha log pi(a|s) - min Q(s, a)), through the critic that is the smaller one in each row.
        let (value, logProbability) = chooseSmallerCritic()
        lanes.run { [self] lane in
            critic(lane)?.differentiate(
                rows: lane == 0 ? rowsOfCritic.0 : rowsOfCritic.1, gradient: -1 / Float(batch.rows))
        }
        collectActionGradients()
        current.distribution.backward(
            actionGradient: actionGradient, logProbabilityGradient: Float(alpha) / Float(batch.rows))
        lanes.run { [self] lane in actor.differentiate(batch.observations, current, half: lane) }
        actor.beginStep()
        lanes.run { [self] lane in actor.step(half: lane) }
        metrics.isOfActor = true
        (metrics.value, metrics.entropy) = (value, -logProbability)
        metrics.actorLoss = alpha * logProbability - value

        // Temperature: a step down mean (-alpha (log pi(a|s) + H)).
        metrics.temperatureLoss = temperature.update(meanLogProbability: logProbability)
        // Target networks: theirs was in the critics' pass over memory; nothing reads them before the next update.
        return metrics
    }

    /// The critic of a lane; nil for the second where there is but one.
    private func critic(_ lane: Int) -> SACCritic? {
        lane == 0 ? critics.0 : configuration.critics == 2 ? critics.1 : nil
    }

    /// arXiv:1812.05905, equations 3 and 5.
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

    /// Hands each row to the critic that gives the smaller value in it, as the other one's gradient is zero there; returns the means
    /// of min Q and of log pi.
    private func chooseSmallerCritic() -> (value: Double, logProbability: Double) {
        // Moved out temporarily, so that the lists are not checked for other accesses row by row.
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

    /// Takes the gradients in the actions from the critics' gradients in their inputs.
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
