// SPDX-License-Identifier: MIT

internal import Agents
internal import CLibrary
internal import Files
internal import Policies
internal import Safetensors
internal import Settings

// What ties the files of a run to each other: a checkpoint holds the run.yaml that it was written for.
extension Trainer {
    private static let recipeKey = "run.yaml"
    private static let instructionsKey = "instructions"

    /// What a checkpoint says of where it comes from.
    var origin: [String: String] {
        [Self.recipeKey: recipe.yaml, Self.instructionsKey: AgentConfiguration.instructionSet]
    }

    /// Checks that a checkpoint is one of this run, and says what will be otherwise when the run goes on from it.
    func checkOrigin(of archive: TensorArchive) throws {
        func refusal(_ reason: String) -> TrainingError {
            .badCheckpoint(path: folder.path, reason: reason)
        }
        guard let yaml = archive.metadata[Self.recipeKey] else {
            throw refusal(
                recipe.format == 1
                    ? "it is one of version 1, which does not say which run it is of, and whose physics is gone; "
                        + "train the run again, or start from its policy by --from"
                    : "it does not say which run it is of")
        }
        let written: Recipe
        do {
            written = try Recipe(yaml: yaml, file: archive.file)
        } catch {
            throw refusal("the run that it names cannot be read: \(error)")
        }
        if let contradiction = recipe.contradiction(to: written) { throw refusal(contradiction) }
        let (before, now) = (archive.metadata[Self.instructionsKey], AgentConfiguration.instructionSet)
        if let before, before != now {
            warn(
                "the run was computed with \(before) and goes on with \(now), which rounds otherwise: the result differs in its last "
                    + "bits from that of one machine (SINEW_ISA=\(before) keeps them where the processor has it)"
            )
        }
    }

    /// Checks that the policy of the best evaluation, where there was one, is there and the one that this run wrote.
    ///
    /// A run that was killed may have left one that is newer than its checkpoint: it comes again, and is looked at when the run ends.
    func checkBestPolicy() throws {
        guard state.bestReturn != nil else { return }
        let path = folder.bestPolicy
        do {
            let training = try PolicyFile(contentsOf: path).contract.training
            guard training.algorithm == recipe.agent.algorithm.name, training.seed == recipe.seed else {
                throw TrainingError.badBest(
                    path: path, reason: "it is of \(training.algorithm.shortened) with seed \(training.seed)")
            }
            // An evaluation that the checkpoint still has to do may have written one before the process was killed.
            let known = isEvaluationDue ? state.steps - 1 : state.steps
            if let sum = state.bestChecksum, training.steps <= known,
                CRC32.checksum(of: try FileBytes.read(path, atMost: FileLimit.policy)) != sum
            {
                throw TrainingError.badBest(path: path, reason: "it is not the one that the run wrote")
            }
        } catch PoliciesError.file(.system(_, _, let code)) where code == ENOENT {
            warn("\(path) is gone, and the best return with it; the next evaluation writes one")
            (state.bestReturn, state.bestChecksum) = (nil, nil)
        } catch let error as PoliciesError {
            // The path is said once.
            let reason = "\(error)".replacing("\(path): ", with: "", maxReplacements: 1)
            throw TrainingError.badBest(path: path, reason: reason)
        }
    }

    /// Takes up what a checkpoint holds.
    func restore(_ archive: TensorArchive) throws {
        do {
            state = try TrainerState(archive)
            try agent.restore(archive)
            for number in interactions.indices { try interactions[number].restore(archive, number) }
            secondsBefore = try archive.value("seconds")
            // A run that has got more steps since need not evaluate where it would have ended.
            isEvaluationDue = evaluatesHere && archive.description(of: Self.evaluationDue) != nil
            // A century: more is no time that anyone trained.
            guard (0...3.2e9).contains(secondsBefore) else {
                throw AgentsError.badState("it was trained for \(secondsBefore) seconds")
            }
        } catch let error as AgentsError {
            throw TrainingError.badCheckpoint(path: folder.path, reason: error.description)
        }
    }
}
