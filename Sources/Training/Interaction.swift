// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Safetensors

/// What passes between an agent and one of its environments: the vectors of one step, used again for the next, and the episode that is
/// under way.
struct Interaction {
    let environment: any Environment
    /// What the agent sees now.
    private(set) var observation: [Float]
    private var next: [Float]
    private var action: [Float]
    /// The sum of the episode's rewards so far.
    private(set) var episodeReturn = 0.0
    /// The control steps of the episode so far.
    private(set) var episodeLength = 0

    init(_ environment: any Environment) {
        self.environment = environment
        observation = Array(repeating: 0, count: environment.observationSpace.count)
        next = observation
        action = Array(repeating: 0, count: environment.actuators.count)
    }

    /// Starts an episode.
    mutating func reset() throws {
        let environment = environment
        var span = observation.mutableSpan
        try environment.reset(into: &span)
        (episodeReturn, episodeLength) = (0, 0)
    }

    /// Lets the agent act on what it sees.
    ///
    /// - Throws: ``AgentsError/notFinite(_:)`` where the action is not finite; nothing has moved then.
    mutating func step(_ agent: any Agent) throws -> Step {
        Self.act(agent, on: observation, into: &action)
        guard action.allSatisfy(\.isFinite) else { throw AgentsError.notFinite("an action is not finite") }
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

    /// Lets the agent learn from the step, and counts it.
    mutating func learn(_ step: Step, _ agent: any Agent) throws(AgentsError) {
        try agent.learn(
            observation: observation.span, action: action.span, reward: Float(step.reward), next: next.span,
            isTerminated: step.isTerminated, isTruncated: step.isTruncated)
        episodeReturn += step.reward
        episodeLength += 1
    }

    /// Makes what the step led to what the agent sees.
    mutating func advance() {
        swap(&observation, &next)
    }
}

extension Interaction {
    /// What a checkpoint holds of the environment with this number: its state, what the agent sees, the episode so far.
    func sources(_ number: Int) throws -> [TensorSource] {
        [
            TensorSource(Self.name("environment", number), try environment.saveState()),
            TensorSource(Self.name("observation", number), observation),
            TensorSource(Self.name("episode", number), [episodeReturn, Double(episodeLength)]),
        ]
    }

    /// Takes what a checkpoint holds of the environment with this number.
    mutating func restore(_ archive: TensorArchive, _ number: Int) throws {
        try environment.restoreState(archive.values(Self.name("environment", number)))
        observation = try archive.values(Self.name("observation", number), shape: [observation.count])
        let episode = try archive.values(Self.name("episode", number), as: Double.self, shape: [2])
        guard let length = Int(exactly: episode[1]), (0...1 << 53).contains(length) else {
            throw AgentsError.badState("the episode has a length of \(episode[1]) steps")
        }
        (episodeReturn, episodeLength) = (episode[0], length)
    }

    /// The first environment's tensors have no number: most runs have only one.
    private static func name(_ name: String, _ number: Int) -> String {
        number == 0 ? name : "\(name).\(number)"
    }
}
