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

    /// The whole state, random stream included, as bytes: restoring it repeats what followed, bit for bit.
    func saveState() throws -> [UInt8]

    /// Takes a state that `saveState` of an environment of the same definition gave.
    ///
    /// - Throws: when the bytes are not such a state; the environment is as it was.
    func restoreState(_ state: [UInt8]) throws
}

extension Environment {
    /// The space of `step`'s action: each actuator's number within [-1, 1].
    public var actionSpace: Space {
        Space(actuators.map { .init(name: $0.name, low: -1, high: 1, joint: $0.joint) })
    }
}
