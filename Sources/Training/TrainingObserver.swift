// SPDX-License-Identifier: MIT

public import Policies

/// Where a run is, as it is told to whoever watches.
public struct TrainingProgress: Sendable, Equatable {
    /// Control steps done.
    public var steps: Int
    /// Control steps of the whole run.
    public var totalSteps: Int
    /// Episodes ended.
    public var episodes: Int
    /// The mean return of the last ten training episodes; nil before the first.
    public var recentReturn: Double?
    /// The best mean return of an evaluation; nil before the first.
    public var bestReturn: Double?
    /// Control steps per second since this process began.
    public var stepsPerSecond: Double
    /// Seconds of training, those before a resume included.
    public var seconds: Double
}

/// Who watches a run.
public protocol TrainingObserver: AnyObject {
    /// Called after each slow control step and every 32 of them, which a table does in some hundred microseconds: whoever shows it
    /// chooses what to show.
    func progressed(_ progress: TrainingProgress)
    /// Called after each evaluation.
    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool)
    /// Called beside it, with the network that was evaluated; most have no use for it.
    func evaluated(_ network: PolicyNetwork, as evaluation: Evaluation, step: Int)
    /// Called with what a person should know: a skipped checkpoint, a diverged episode.
    func warned(_ text: String)
}

extension TrainingObserver {
    /// Nothing.
    public func evaluated(_ network: PolicyNetwork, as evaluation: Evaluation, step: Int) {}
}

/// How a run ended.
public enum TrainingEnd: Sendable, Equatable {
    /// All steps are done.
    case finished
    /// An evaluation reached the return that was asked for.
    case reachedReturn
    /// It was asked to stop by this signal; it is where its newest checkpoint has it.
    case interrupted(signal: Int32)
    /// It was finished before.
    case wasFinished
}
