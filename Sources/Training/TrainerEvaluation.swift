// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Files
internal import Policies
internal import Settings

extension Trainer {
    /// Evaluates the policy; false where a signal came meanwhile, and it is to be done again when the run goes on.
    func evaluate() throws -> Bool {
        let network: PolicyNetwork
        let policy: NetworkPolicy
        do {
            network = try agent.makePolicyNetwork()
            policy = try NetworkPolicy(network)
        } catch {
            throw diverged(error.description)
        }
        // The same starts each time, so that evaluations differ by the policy alone.
        evaluationEnvironment.random = RandomStream(seed: recipe.seed, .evaluation)
        // One that takes no second is finished whatever comes.
        let (clock, start) = (clock, clock.now)
        let evaluation: Evaluation
        do {
            evaluation = try Evaluation(
                of: policy, in: evaluationEnvironment, episodes: recipe.evaluation.episodes,
                isStopped: { clock.now - start > .seconds(1) && stopSignal() != nil })
        } catch let error as PoliciesError {
            throw diverged(error.description)
        } catch is Evaluation.Stopped {
            return false
        }
        let mean = evaluation.meanReturn
        guard mean.isFinite else { throw diverged("the mean return of an evaluation is \(mean)") }
        let isBest = mean > state.bestReturn ?? -.infinity
        state.evaluatedReturn = mean
        if isBest {
            state.bestReturn = mean
            let bytes = try policyFile(evaluation).bytes
            state.bestChecksum = CRC32.checksum(of: bytes)
            try folder.write(bytes, to: folder.bestPolicy)
        }
        state.lastEvaluation = evaluation.summary
        try tables?.append((state.steps, evaluation, seconds))
        observer?.evaluated(evaluation, step: state.steps, isBest: isBest)
        observer?.evaluated(network, as: evaluation, step: state.steps)
        return true
    }

    /// The policy as it is now with its contract; `evaluation` is its record, nil takes that of the last evaluation.
    func policyFile(_ evaluation: Evaluation?) throws -> PolicyFile {
        let summary = evaluation?.summary ?? state.lastEvaluation
        let training = Contract.Training(
            algorithm: recipe.agent.algorithm.name, seed: recipe.seed, steps: state.steps,
            meanReturn: summary?.mean, returnDeviation: summary?.deviation, episodes: summary?.episodes)
        var contract = makeContract(training)
        for index in agent.constantObservations { contract.observations[index].constant = true }
        return try PolicyFile(
            network: agent.makePolicyNetwork(), contract: contract,
            goldenRanges: evaluationEnvironment.observationSpace)
    }
}
