// SPDX-License-Identifier: MIT

public import Files

/// What ends a run, or keeps it from beginning.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The run's folder is there already.
    case runExists(path: String)
    /// The run's folder cannot be made.
    case cannotCreate(path: String, reason: String)
    /// A file of the run cannot be written or read while it trains; what is kept until then is told.
    case fileFailed(FileError, hasCheckpoint: Bool)
    /// A file of a run that is only looked at cannot be read.
    case unreadable(FileError)
    /// A log is damaged; lines are counted from 1.
    case badLog(file: String, line: Int, problem: String)
    /// Rows of a log that a checkpoint counts are not those that the run wrote.
    case changedLog(file: String)
    /// The run has policies and no sound checkpoint to go on from.
    case noCheckpoint(path: String)
    /// The folder's run is of another scene.
    case otherScene(scene: String, path: String)
    /// The newest checkpoint is sound, but not one of what run.yaml says.
    case badCheckpoint(path: String, reason: String)
    /// The policy of the best evaluation is not the one that the run wrote.
    case badBest(path: String, reason: String)
    /// The policy file that training should start from is not one to train on.
    case badStart(path: String, reason: String)
    /// Another process trains in the folder.
    case runIsBusy(path: String)
    /// What a resumed run was asked to change.
    case cannotChange(setting: String, path: String)
    /// The run has no copy of its scene (version 1), and today's is not the one that it began with.
    case sceneChanged(scene: String, path: String)
    /// The run's own copy of its scene or robot is not the one that it began with.
    case copyChanged(copy: String, path: String)
    /// The simulation diverged in three episodes in a row.
    case simulationDiverged(step: Int, path: String)
    /// Learning left the finite numbers.
    case learningDiverged(step: Int, reason: String, path: String)

    /// The error as a person reads it.
    public var description: String {
        switch self {
        case .runExists(let path):
            "\(path): a run already exists here; pass --resume to continue it, or choose another folder by --output"
        case .cannotCreate(let path, let reason):
            "\(path): cannot be created: \(reason); choose another folder by --output"
        case .fileFailed(let error, hasCheckpoint: true):
            "\(error); the run's last checkpoint is intact; fix this, then continue with --resume"
        case .fileFailed(let error, hasCheckpoint: false):
            "\(error); there was no checkpoint yet; fix this, then begin the run anew with --resume"
        case .unreadable(let error): error.description
        case .badLog(let file, let line, let problem):
            "\(file):\(line): \(problem); correct or remove the line"
        case .changedLog(let file):
            "\(file): its rows were changed since the run wrote them: their checksum is not the checkpoint's; restore the file, or remove "
                + "it: the run then goes on, and those rows stay missing"
        case .noCheckpoint(let path):
            "\(path): no undamaged checkpoint is left to continue from; its policies are kept: start a new run in another folder by --output, "
                + "if you like from one of them by --from"
        case .otherScene(let scene, let path):
            "\(path): this is a run of the scene \(scene); name that scene, or choose another folder by --output"
        case .badCheckpoint(let path, let reason):
            "\(path): the newest checkpoint is not one of the run that run.yaml describes: \(reason); undo what was changed there, or "
                + "start a new run in another folder by --output"
        case .badBest(let path, let reason):
            "\(path): this is not the run's best policy: \(reason); restore it, or remove it: the run then goes on, and its next "
                + "evaluation writes one"
        case .badStart(let path, let reason):
            "\(path): cannot be trained on: \(reason)"
        case .runIsBusy(let path):
            "\(path): another process is training in this run; wait for it, or choose another folder by --output"
        case .cannotChange(let setting, let path):
            "\(path): \(setting); in a resumed run only --steps may grow"
        case .sceneChanged(let scene, let path):
            "\(path): a run of version 1 has no copy of its scene, and the scene \(scene) or its robot has changed since it began; "
                + "restore the files, or use its policy: `sinew replay \(path)/best.safetensors`, "
                + "`sinew train \(scene) --from \(path)/best.safetensors`"
        case .copyChanged(let copy, let path):
            "\(path): the run's own copy of its scene, \(copy), or of its robot was changed since it began; restore it, or begin a new "
                + "run in the changed scene: `sinew train \(path)/\(copy) --output NEW`"
        case .simulationDiverged(let step, let path):
            "\(path): the simulation diverged in three episodes in a row, the last at step \(step); a checkpoint is "
                + "kept; try a shorter time step, more armature or weaker actuators"
        case .learningDiverged(let step, let reason, let path):
            "\(path): stopped at step \(step): \(reason); the last checkpoint is kept"
        }
    }
}
