// SPDX-License-Identifier: MIT

internal import Networks

// The two halves of an update as the ranks of a run share it. What a rank's rows give, all ranks need before gradients are summed over
// the rows; each rank sums those of its outputs, and has all of them before its optimisers step, so that networks, moments and targets
// are everywhere the same.
extension SACLearner {
    /// What the critics do, step by step.
    func learnCriticsOnRanks() {
        // The gradient is summed over all rows, of which this rank has joined its own.
        stateActions.join(batch.observations, batch.criticObservations, batch.actions)
        shards.run(networks: 2) { [self] number, part, _ in learnCritic(number, part, 0) }
        shards.share { part, pieces in
            pieces.add(targets, part)
            for number in 0..<2 { critic(number)?.list(part, isOfLearning: true, in: &pieces) }
        }
        shards.run(networks: 2) { [self] number, part, _ in learnCritic(number, part, 1) }
        shards.share { part, pieces in
            for number in 0..<2 {
                guard let critic = critic(number) else { continue }
                pieces.add(critic.gradient, of: critic.network, part)
            }
        }
        shards.run(networks: 2, isOfAll: true) { [self] number, part, _ in learnCritic(number, part, 2) }
        guard updatesActor else { return }
        shards.run(networks: 2) { [self] number, part, _ in learnCritic(number, part, 3) }
    }

    /// What the actor does, and what its means are taken of.
    func learnActorOnRanks() {
        shards.run(networks: 1) { [self] _, part, _ in learnActor(part, 0) }
        shards.share { part, pieces in
            pieces.add(current.hidden, of: actor.network, part)
            pieces.add(current.distribution.headGradient, part)
            pieces.add(current.distribution.logProbabilities, part)
            for number in 0..<2 { critic(number)?.list(part, isOfLearning: false, in: &pieces) }
        }
        shards.run(networks: 1) { [self] _, part, _ in learnActor(part, 1) }
        shards.share { part, pieces in pieces.add(actor.gradient, of: actor.network, part) }
        shards.run(networks: 1, isOfAll: true) { [self] _, part, _ in actor.step(part) }
    }
}
