// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments

/// What passes between an agent and an environment: the vectors of one step, used again for the next.
struct Interaction {
    /// What the agent sees now.
    var observation: [Float]
    private var next: [Float]
    private var action: [Float]

    init(_ environment: any Environment) {
        observation = Array(repeating: 0, count: environment.observationSpace.count)
        next = observation
        action = Array(repeating: 0, count: environment.actuators.count)
    }

    /// Starts an episode.
    mutating func reset(_ environment: any Environment) throws {
        var span = observation.mutableSpan
        try environment.reset(into: &span)
    }

    /// Lets the agent act on what it sees.
    mutating func step(_ environment: any Environment, _ agent: any Agent) throws -> Step {
        Self.act(agent, on: observation, into: &action)
        return try Self.step(environment, action, into: &next)
    }

    private static func act(_ agent: any Agent, on observation: [Float], into action: inout [Float]) {
        var span = action.mutableSpan
        agent.act(observation.span, into: &span)
    }

    private static func step(
        _ environment: any Environment, _ action: [Float], into next: inout [Float]
    ) throws -> Step {
        var span = next.mutableSpan
        return try environment.step(action.span, into: &span)
    }

    /// What is wrong with the numbers that a step gave; nil where an agent may learn from them.
    func problem(of step: Step) -> String? {
        if !Float(step.reward).isFinite { return "the reward of the step is \(step.reward)" }
        return next.allSatisfy(\.isFinite) ? nil : "the observation after the step is not finite"
    }

    /// Lets the agent learn from the step.
    func learn(_ step: Step, _ agent: any Agent) throws(AgentsError) {
        try agent.learn(
            observation: observation.span, action: action.span, reward: Float(step.reward), next: next.span,
            isTerminated: step.isTerminated, isTruncated: step.isTruncated)
    }

    /// Makes what the step led to what the agent sees.
    mutating func advance() {
        swap(&observation, &next)
    }
}
