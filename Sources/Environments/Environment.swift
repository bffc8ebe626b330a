// SPDX-License-Identifier: MIT

/// What one control step gave, beside the observation.
public struct Step: Sendable, Equatable {
    /// The reward of the step.
    public var reward: Double
    /// The task ended: no value follows (no bootstrap).
    public var isTerminated: Bool
    /// The episode was cut by its time limit: value goes on (bootstrap).
    public var isTruncated: Bool
    /// The simulation left the finite numbers: the observation is the last finite one, the step must not be learned from, and
    /// the episode is over.
    public var isDiverged: Bool

    /// Makes a step that continues unless said otherwise.
    public init(
        reward: Double, isTerminated: Bool = false, isTruncated: Bool = false, isDiverged: Bool = false
    ) {
        self.reward = reward
        self.isTerminated = isTerminated
        self.isTruncated = isTruncated
        self.isDiverged = isDiverged
    }

    /// Whether the episode is over, for whatever reason.
    public var isLast: Bool { isTerminated || isTruncated || isDiverged }
}

/// A task in which an agent acts, step by step.
///
/// An environment owns its randomness: a ``RandomStream`` that its maker gives it. It is used by one thread at a time.
public protocol Environment: AnyObject {
    /// What `reset` and `step` write.
    var observationSpace: Space { get }
    /// What a simulation can tell a critic beside ``observationSpace``, and no robot a policy; empty in most tasks.
    var criticSpace: Space { get }
    /// What `step` takes, and what each element of it drives.
    var actuators: [Actuator] { get }
    /// The rates: seconds between actions and of a physics step.
    var timing: Timing { get }
    /// The random numbers that resets, noise and randomisation draw from. Setting it, then resetting, repeats an episode.
    var random: RandomStream { get set }

    /// Starts an episode and writes its first observation.
    ///
    /// - Throws: when the start that the task describes cannot be simulated.
    func reset(into observation: inout MutableSpan<Float>) throws

    /// Does one control step and writes the observation after it.
    ///
    /// Elements outside [-1, 1] are clipped. After a step that `isLast`, `reset` must be called.
    ///
    /// - Throws: when an element of `action` is not finite; nothing has moved then.
    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) throws -> Step

    /// The names of the reward's terms, each there once; none where the reward is not made of terms.
    var rewardTermNames: [String] { get }
    /// What each term gave the reward of the step that was done last, its weight included; zeros of a step that diverged.
    var rewardTerms: [Double] { get }

    /// The whole state, random stream included, as bytes: restoring it repeats what followed, bit for bit.
    func saveState() throws -> [UInt8]

    /// Takes a state that `saveState` of an environment of the same definition gave.
    ///
    /// - Throws: when the bytes are not such a state; the environment is as it was.
    func restoreState(_ state: [UInt8]) throws

    /// From the next reset on, `reset` and `step` write the numbers of ``criticSpace`` behind those of ``observationSpace``.
    ///
    /// A run asks this of the environments that it trains in, where its agent has a critic that sees them.
    func showCritic()

    /// Begins easy and gets harder with success, where the task has a curriculum.
    ///
    /// A run asks this of the environments that it trains in, before their first reset; without it a task is as hard as it gets.
    ///
    /// - Parameter count: the environments of the run, which make its steps together.
    func followCurriculum(among count: Int)
    /// How far the curriculum is; the same names each time, none where there is no curriculum.
    var curriculum: [CurriculumFigure] { get }
}

/// How far a part of a curriculum is, as logs show it.
public struct CurriculumFigure: Sendable, Equatable {
    /// The name of the column.
    public var name: String
    /// The figure.
    public var value: Double

    /// Makes a figure.
    public init(name: String, value: Double) { (self.name, self.value) = (name, value) }
}

extension Environment {
    /// None.
    public var rewardTermNames: [String] { [] }
    /// None.
    public var rewardTerms: [Double] { [] }
    /// Nothing.
    public var criticSpace: Space { Space([]) }
    /// There is nothing to show.
    public func showCritic() {}
    /// A task without a curriculum is always the same.
    public func followCurriculum(among count: Int) {}
    /// None.
    public var curriculum: [CurriculumFigure] { [] }

    /// The space of `step`'s action: each actuator's number within [-1, 1].
    public var actionSpace: Space {
        Space(actuators.map { .init(name: $0.name, low: -1, high: 1, joint: $0.joint) })
    }
}
