// SPDX-License-Identifier: MIT

package import Environments
internal import Networks

/// What a trained agent of SAC would do in one observation at a time, and what its critics expect of it: for studies, which
/// measure whether they are right.
package final class SACProbe {
    /// An action drawn from the actor.
    package struct Draw: Sendable {
        /// The action, each number in (-1, 1).
        package var action: [Float]
        /// log pi of it (nats).
        package var logProbability: Double
        /// The smaller of the critics' Q(s, a); of one critic, its own.
        package var value: Double
    }

    private let learner: SACLearner
    private let normaliser: RunningNormaliser?
    private let criticNormaliser: RunningNormaliser?
    private let pass: ActorPass
    private let hidden: HiddenLayers
    private let observation: Matrix
    private let criticObservation: Matrix
    private let stateAction: Matrix
    private let value: Matrix

    /// Looks into `agent`, as it is whenever it is asked.
    package init(of agent: SACAgent) {
        learner = agent.learner
        (normaliser, criticNormaliser) = (agent.normaliser, agent.criticNormaliser)
        let critic = learner.critics.0.network
        pass = ActorPass(for: learner.actor.network, batch: 1)
        hidden = HiddenLayers(for: critic, batch: 1)
        observation = Matrix(rows: 1, columns: learner.observations)
        criticObservation = Matrix(rows: 1, columns: learner.criticObservations)
        stateAction = Matrix(rows: 1, columns: critic.inputs)
        value = Matrix(rows: 1, columns: 1)
    }

    /// alpha: what a nat of entropy is worth to the agent.
    package var temperature: Double { learner.temperature.alpha }

    /// Draws an action for the observation, which ends with what the critics see besides, with the noise of `random`.
    package func draw(_ raw: [Float], using random: inout RandomStream) -> Draw {
        let seen = observation.columns
        for (column, number) in raw.prefix(seen).enumerated() { observation[0, column] = number }
        for (column, number) in raw.dropFirst(seen).enumerated() { criticObservation[0, column] = number }
        normaliser?.normalise(observation)
        criticNormaliser?.normalise(criticObservation)
        pass.distribution.noise.fillNormal(using: &random)
        learner.actor.sample(observation, pass)
        stateAction.join(observation, criticObservation, pass.distribution.actions)
        let critics = [learner.critics.0, learner.critics.1].prefix(learner.configuration.critics)
        let values = critics.map { critic in
            critic.network.forward(critic.parameters, stateAction, hidden: hidden, output: value)
            return Double(value[0, 0])
        }
        return Draw(
            action: (0..<learner.actions).map { pass.distribution.actions[0, $0] },
            logProbability: Double(pass.distribution.logProbabilities[0, 0]),
            value: values.min() ?? .nan)
    }
}
