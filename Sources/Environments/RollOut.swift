// SPDX-License-Identifier: MIT

/// What passes between an environment and whoever acts in it: the vectors of one step, used again for the next.
///
/// A step is `step { observation, action in ... }`, then `advance()`, or `reset()` where it was the last of its episode. Nothing is
/// allocated after the first.
public struct RollOut {
    /// Where it acts.
    public let environment: any Environment
    /// What was seen before the action; for a critic, with what it sees alone at the end.
    public private(set) var observation: [Float]
    /// What the last step led to.
    public private(set) var next: [Float]
    /// The last action.
    public private(set) var action: [Float]

    /// How much of what is seen a policy sees.
    private let policyCount: Int

    /// Makes the vectors for an environment, which is not reset yet; for a critic, it is told to show what a critic sees.
    public init(_ environment: any Environment, forCritic: Bool = false) {
        self.environment = environment
        policyCount = environment.observationSpace.count
        if forCritic { environment.showCritic() }
        let more = forCritic ? environment.criticSpace.count : 0
        observation = Array(repeating: 0, count: policyCount + more)
        next = observation
        action = Array(repeating: 0, count: environment.actuators.count)
    }

    /// Starts an episode: what is seen first is ``observation``.
    public mutating func reset() throws {
        let environment = environment
        try Self.reset(environment, into: &observation)
    }

    /// Does one step with the action that `act` writes after looking at what a policy sees; what follows is ``next``.
    public mutating func step(
        _ act: (Span<Float>, inout MutableSpan<Float>) throws -> Void
    ) throws -> Step {
        let environment = environment
        try Self.act(act, on: observation, upTo: policyCount, into: &action)
        return try Self.step(environment, action, into: &next)
    }

    private static func act(
        _ act: (Span<Float>, inout MutableSpan<Float>) throws -> Void, on observation: [Float],
        upTo count: Int, into action: inout [Float]
    ) throws {
        var span = action.mutableSpan
        try act(observation.span.extracting(0..<count), &span)
    }

    private static func step(
        _ environment: any Environment, _ action: [Float], into next: inout [Float]
    ) throws -> Step {
        var span = next.mutableSpan
        return try environment.step(action.span, into: &span)
    }

    private static func reset(_ environment: any Environment, into observation: inout [Float]) throws {
        var span = observation.mutableSpan
        try environment.reset(into: &span)
    }

    /// Makes what the last step led to what is seen now.
    public mutating func advance() {
        swap(&observation, &next)
    }

    /// Takes a step that was done elsewhere: the action, and what it led to.
    ///
    /// Both must have as many elements as their spaces.
    package mutating func take(_ action: [Float], next: [Float]) {
        precondition(action.count == self.action.count && next.count == self.next.count)
        (self.action, self.next) = (action, next)
    }

    /// Goes on with an observation that was seen before.
    ///
    /// The caller restores the environment; `observation` must have as many elements as its space.
    public mutating func resume(_ observation: [Float]) {
        precondition(observation.count == self.observation.count)
        self.observation = observation
    }
}
