// SPDX-License-Identifier: MIT

internal import Networks
public import Policies

// What an agent's policy is, and how an agent takes one over.
extension SACAgent {
    /// The actor as it is now: deterministic by its mean, stochastic by its standard deviation.
    public func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork {
        try PolicyNetwork(
            gaussian: learner.actor.network.layerArrays(learner.actor.parameters),
            normaliser: normaliser?.ofPolicy)
    }

    /// Takes the actor of a saved policy as its own: training continues from what that policy does.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy has another shape or is no stochastic one.
    public func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError) {
        guard case .squashed(let deviation?) = policy.head else { throw .badStart("it is not stochastic") }
        try policy.checkShape(
            observations: learner.observations, actions: learner.actions, hidden: configuration.hidden)
        try RunningNormaliser.start(
            normaliser, from: policy, constants: constants, key: "sac.normalise_observations")
        var numbers = policy.layers.dropLast().flatMap { $0.weight + $0.bias }
        if let mean = policy.layers.last {
            numbers += mean.weight + deviation.weight + mean.bias + deviation.bias
        }
        learner.actor.parameters.take(numbers)
    }

    /// The numbers of an observation that never varied, where observations are normalised.
    public var constantObservations: [Int] { normaliser?.constants ?? [] }
}
