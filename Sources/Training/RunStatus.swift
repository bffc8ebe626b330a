// SPDX-License-Identifier: MIT

internal import Files

/// Where a run is, as its folder tells: to anyone, while another process trains in it too.
public struct RunStatus: Sendable, Equatable {
    /// What a run does, or what can be done with it.
    public enum State: String, Sendable, Encodable {
        /// A process trains in it.
        case running
        /// All steps are done, or the return is reached.
        case finished
        /// It was stopped; it continues from its checkpoint.
        case resumable
        /// It was stopped before its first checkpoint; it begins anew.
        case interrupted
        /// It cannot be continued.
        case broken
    }

    /// The folder.
    public var path: String
    /// What it does, or what can be done with it.
    public var state: State
    /// What is wrong; nil where nothing is.
    public var problem: String?
    /// What it is; nil where run.yaml cannot be read.
    public var recipe: Recipe?
    /// Control steps done: of the last episode or checkpoint that is written.
    public var steps = 0
    /// The best mean return of an evaluation; nil before the first.
    public var bestReturn: Double?
    /// When something was written last, in seconds since 1970; nil where nothing can be read.
    public var changed: Double?

    /// Looks at the run in a folder; nothing is made, changed or locked.
    public init(of folder: RunFolder) {
        path = folder.path
        let files = [folder.recipe, folder.progress, folder.evaluations, folder.lastPolicy]
        changed = files.compactMap(FileKind.changed(at:)).max()
        state = .broken
        let isBusy = folder.isBusy
        do {
            recipe = try folder.readRecipe()
        } catch {
            problem = "\(error)"
            return
        }
        let checkpoint = CheckpointStore(path: folder.checkpoints).newestStep
        let evaluations = try? RunLog(contentsOf: folder.evaluations)
        let returns = evaluations?["mean_return"] ?? []
        bestReturn = returns.filter(\.isFinite).max()
        steps = max(checkpoint ?? 0, RunLog.lastStep(in: folder.progress) ?? 0)
        let isFinished = recipe?.isFinished(steps: steps, mean: returns.last) ?? false
        switch (isBusy, FileKind(at: folder.lastPolicy) != nil, checkpoint) {
        case (true, _, _): state = .running
        case (_, true, _) where isFinished: state = .finished
        case (_, _, .some): state = .resumable
        case (_, false, nil) where !folder.hasPolicy: state = .interrupted
        default: problem = "\(TrainingError.noCheckpoint(path: path))"
        }
    }
}
