// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Networks

// The steps of a run, and what follows from each.
extension Trainer {
    /// Lets the next environment have its turn.
    func takeTurn() throws {
        let number = state.steps % interactions.count
        let interaction = interactions[number]
        interaction.move { agent.act($0, into: &$1) }
        state.steps += 1
        try finish(try interaction.teach(agent), number)
    }

    /// Lets the agent act in all environments, which step side by side, and learn from each in their order.
    func doRound() throws {
        for (number, interaction) in interactions.enumerated() {
            let observation = interaction.observation
            observations.setRow(number, to: observation.span.extracting(0..<observations.columns))
        }
        agent.act(observations, into: actions)
        let own = worlds?.own ?? interactions.indices
        team.run(own.count) { [self] index in
            let number = own.lowerBound + index
            interactions[number].move { _, action in
                for i in action.indices { action[i] = actions[number, i] }
            }
        }
        worlds?.share(
            interactions, actions, signal: stopSignal(), isCheckpointDue: isCheckpointDue)
        for (number, interaction) in interactions.enumerated() {
            state.steps += 1
            try finish(try interaction.teach(agent), number)
        }
        worlds?.shareStarts(interactions, begun)
        begun.removeAll()
    }

    /// Ends the episode where the step was its last, or goes on.
    private func finish(_ step: Step, _ number: Int) throws {
        if step.isDiverged { return try endDivergedEpisode(number) }
        guard step.isLast else { return interactions[number].advance() }
        state.divergedInARow = 0
        try endEpisode(number, step.isTerminated ? "terminated" : "truncated")
    }

    func diverged(_ reason: String) -> TrainingError {
        .learningDiverged(step: state.steps, reason: reason, path: folder.path)
    }

    private func endEpisode(_ number: Int, _ ending: String) throws {
        let episode = interactions[number]
        state.episodes += 1
        state.addReturn(episode.episodeReturn)
        try tables?.append(
            RunTables.Episode(
                step: state.steps, number: state.episodes, episodeReturn: episode.episodeReturn,
                length: episode.episodeLength, ending: ending, terms: episode.termReturns,
                curriculum: episode.curriculum, metrics: agent.metrics, seconds: seconds))
        agent.resetMetrics()
        try interactions[number].reset(isElsewhere: worlds.map { !$0.own.contains(number) } ?? false)
        if worlds != nil { begun.append(number) }
    }

    /// Ends an episode whose simulation diverged: truncated, its last transition not learned from.
    private func endDivergedEpisode(_ number: Int) throws {
        try agent.discardStep()
        state.diverged += 1
        state.divergedInARow += 1
        observer?.warned(
            "the simulation diverged at step \(state.steps); the episode is cut there (\(state.diverged) so far)"
        )
        try endEpisode(number, "diverged")
        if state.divergedInARow >= 3 {
            try writeCheckpoint()
            throw TrainingError.simulationDiverged(step: state.steps, path: folder.path)
        }
    }
}
