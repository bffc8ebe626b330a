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
    /// The numbers that the critics see besides.
    package let criticObservations: Int
    /// The length of an action.
    package let actions: Int
    let configuration: SACConfiguration
    package let actor: SACActor
    package let critics: (SACCritic, SACCritic)
    package var temperature: Temperature
    let shards: Shards

    /// The transitions to learn from; fill before `update`.
    package let batch: MiniBatch
    /// The draw of actions for the observations.
    package let current: ActorPass
    /// The draw of actions for the next observations.
    package let next: ActorPass

    let stateActions: Matrix
    private let nextStateActions: Matrix
    let policyStateActions: Matrix
    package let targets: Matrix
    let actionGradient: Matrix
    /// Whether the update under way is one of actor and temperature too.
    private(set) var updatesActor = true
    /// alpha as the update under way uses it.
    private(set) var alpha = 0.0

    /// Makes the networks for observations and actions of the given lengths; their parameters are zero until
    /// `initialise`.
    package convenience init(
        observations: Int, criticObservations: Int = 0, actions: Int, configuration: SACConfiguration,
        threads: Int = 1
    ) {
        self.init(
            observations: observations, criticObservations: criticObservations, actions: actions,
            configuration: configuration, team: Team(threads: threads))
    }

    /// Makes the networks, which learn on the threads of `team`.
    init(
        observations: Int, criticObservations: Int, actions: Int, configuration: SACConfiguration, team: Team
    ) {
        self.observations = observations
        self.criticObservations = criticObservations
        self.actions = actions
        self.configuration = configuration
        actor = SACActor(observations: observations, actions: actions, configuration: configuration)
        let seen = observations + criticObservations
        critics = (
            SACCritic(observations: seen, actions: actions, configuration: configuration),
            SACCritic(observations: seen, actions: actions, configuration: configuration)
        )
        temperature = Temperature(configuration, actions: actions)
        shards = Shards(team)
        let rows = configuration.batch
        batch = MiniBatch(
            rows: rows, observations: observations, criticObservations: criticObservations, actions: actions)
        for row in 0..<rows { batch.discounts[row, 0] = Float(configuration.discount) }
        current = ActorPass(for: actor.network, batch: rows)
        next = ActorPass(for: actor.network, batch: rows)
        stateActions = Matrix(rows: rows, columns: seen + actions)
        nextStateActions = Matrix(rows: rows, columns: seen + actions)
        policyStateActions = Matrix(rows: rows, columns: seen + actions)
        targets = Matrix(rows: rows, columns: 1)
        actionGradient = Matrix(rows: rows, columns: actions)
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
    package func update() -> SACMetrics {
        shards.beginUpdate()
        defer { shards.endUpdate() }
        var metrics = SACMetrics()
        alpha = temperature.alpha
        metrics.temperature = alpha
        updatesActor = isActorDue

        // Sample: a' of pi(.|s') for the targets, a of pi(.|s) for the actor.
        shards.run(networks: updatesActor ? 2 : 1) { [self] draw, part, _ in
            if draw == 0 { sampleNext(part) } else { sampleCurrent(part) }
        }
        // Targets: y = r + gamma (1 - terminated) (min Q'(s', a') - alpha log pi(a'|s')).
        shards.run(networks: 2) { [self] number, part, _ in
            critic(number)?.evaluateTarget(nextStateActions, rows: rows(part))
        }
        computeTargets(alpha: Float(alpha))

        // Critics: each a step down mean (Q(s, a) - y)² / 2.
        critics.0.optimiser.beginStep()
        critic(1)?.optimiser.beginStep()
        if shards.isSpread {
            learnCriticsOnRanks()
        } else {
            shards.run(networks: 2, steps: updatesActor ? 4 : 3) { [self] number, part, step in
                learnCritic(number, part, step)
            }
        }
        metrics.criticLosses = (critics.0.loss, critics.1.loss)
        guard updatesActor else { return metrics }

        // Actor: a step down mean (alpha log pi - min Q), through the critic that is the smaller one in each row.
        shards.run(networks: 2) { [self] number, part, _ in
            critic(number)?.differentiate(actionGradient: actionGradient, part) {
                smallerValue($0).isOfFirst == (number == 0)
            }
        }
        actor.optimiser.beginStep()
        if shards.isSpread {
            learnActorOnRanks()
        } else {
            shards.run(networks: 1, steps: 2) { [self] _, part, step in
                learnActor(part, step)
                if step == 1 { actor.step(part) }
            }
        }
        let (value, logProbability) = policyMeans
        metrics.isOfActor = true
        (metrics.value, metrics.entropy) = (value, -logProbability)
        metrics.actorLoss = alpha * logProbability - value

        // Temperature: a step down mean (-alpha (log pi(a|s) + H)).
        metrics.temperatureLoss = temperature.update(meanLogProbability: logProbability)
        // Target networks: theirs was in the critics' pass over memory; nothing reads them before the next update.
        return metrics
    }

    /// A step of what a critic does in an update: its gradient in the batch, that in its parameters, its step; then Q of the actor's draw.
    func learnCritic(_ number: Int, _ part: Part, _ step: Int) {
        switch step {
        case 0: critic(number)?.differentiate(stateActions, targets: targets, part)
        case 1: critic(number)?.differentiate(stateActions, part)
        case 2: critic(number)?.step(targets: targets, part)
        default: critic(number)?.evaluate(policyStateActions, rows: rows(part))
        }
    }

    /// A step of what the actor does: its gradient in the batch, and that in its parameters.
    func learnActor(_ part: Part, _ step: Int) {
        if step == 0 {
            actor.differentiate(current, actionGradient: actionGradient, alpha: Float(alpha), part)
        } else {
            actor.differentiate(batch.observations, current, part)
        }
    }

    private func sampleNext(_ part: Part) {
        let rows = rows(part)
        actor.sample(batch.nextObservations, next, rows: rows)
        nextStateActions.join(
            batch.nextObservations, batch.nextCriticObservations, next.distribution.actions, rows: rows)
        stateActions.join(batch.observations, batch.criticObservations, batch.actions, rows: rows)
    }

    private func sampleCurrent(_ part: Part) {
        let rows = rows(part)
        actor.sample(batch.observations, current, rows: rows)
        policyStateActions.join(
            batch.observations, batch.criticObservations, current.distribution.actions, rows: rows)
    }

    func rows(_ part: Part) -> Range<Int> { part.rows(of: batch.rows) }

    /// A critic by its number; nil for the second where there is but one.
    func critic(_ number: Int) -> SACCritic? {
        number == 0 ? critics.0 : configuration.critics == 2 ? critics.1 : nil
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

    /// The means of min Q and of log pi over the policy's actions.
    private var policyMeans: (value: Double, logProbability: Double) {
        var (valueSum, logProbabilitySum) = (0.0, 0.0)
        for row in 0..<batch.rows {
            valueSum += Double(smallerValue(row).value)
            logProbabilitySum += Double(current.distribution.logProbabilities[row, 0])
        }
        return (valueSum / Double(batch.rows), logProbabilitySum / Double(batch.rows))
    }
}
