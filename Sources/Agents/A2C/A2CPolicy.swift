// SPDX-License-Identifier: MIT

internal import Networks
public import Policies

extension A2CAgent {
    /// The actor as it is now: continuous actions by their mean, with a deviation that no observation changes; discrete ones by the most
    /// probable choice.
    public func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork {
        let actor = learner.actor
        let layers = actor.network.denseLayers(actor.parameters)
        switch actor.head {
        case .gaussian(let head):
            let actions = head.means.columns
            let inputs = actor.network.layers.last?.inputs ?? 0
            let deviation = DenseLayer(
                weight: [Float](repeating: 0, count: actions * inputs),
                bias: (0..<actions).map { head.logDeviations[$0] })
            return try PolicyNetwork(
                layers: layers, head: .squashed(logDeviation: deviation), normaliser: normaliser?.ofPolicy,
                actionCount: actions)
        case .categorical(let head, _):
            return try PolicyNetwork(
                layers: layers, head: .greedy(choices: head.grid.actions), normaliser: normaliser?.ofPolicy,
                actionCount: head.grid.actionCount)
        }
    }

    /// Takes the actor of a saved policy as its own: training continues from what that policy does.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape, other choices, or a deviation that depends on the
    ///   observation.
    public func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError) {
        let actor = learner.actor
        switch (actor.head, policy.head) {
        case (.gaussian, .squashed(let deviation?)):
            guard deviation.weight.allSatisfy({ $0 == 0 }) else {
                throw .badStart("its deviation depends on the observation")
            }
        case (.categorical(let head, _), .greedy(let choices)):
            guard choices == head.grid.actions else {
                throw .badStart("it chooses among other actions than a2c.torques gives")
            }
        default:
            throw .badStart("its actions are of another kind, continuous or discrete; see a2c.torques")
        }
        try policy.checkShape(
            observations: actor.network.inputs, actions: actor.actionCount, hidden: configuration.hidden)
        try RunningNormaliser.start(
            normaliser, from: policy, constants: constants, key: "a2c.normalise_observations")
        if case .gaussian(let head) = actor.head, case .squashed(let deviation?) = policy.head {
            head.logDeviations.take(deviation.bias)
        }
        actor.parameters.take(policy.layers.flatMap { $0.weight + $0.bias })
    }
}
