// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Safetensors

/// An agent in one of its environments, and the episode that is under way.
struct Interaction {
    private var rollOut: RollOut
    /// The sum of the episode's rewards so far.
    private(set) var episodeReturn = 0.0
    /// The control steps of the episode so far.
    private(set) var episodeLength = 0

    init(_ environment: any Environment) { rollOut = RollOut(environment) }

    /// Starts an episode.
    mutating func reset() throws {
        try rollOut.reset()
        (episodeReturn, episodeLength) = (0, 0)
    }

    /// Lets the agent act on what it sees.
    ///
    /// - Throws: `AgentsError.notFinite(_:)` where the action is not finite; nothing has moved then.
    mutating func step(_ agent: any Agent) throws -> Step {
        try rollOut.step { observation, action in
            agent.act(observation, into: &action)
            for index in action.indices where !action[index].isFinite {
                throw AgentsError.notFinite("an action is not finite")
            }
        }
    }

    /// What is wrong with the numbers that a step gave; nil where an agent may learn from them.
    func problem(of step: Step) -> String? {
        if !Float(step.reward).isFinite { return "the reward of the step is \(step.reward)" }
        return rollOut.next.allSatisfy(\.isFinite) ? nil : "the observation after the step is not finite"
    }

    /// Lets the agent learn from the step, and counts it.
    mutating func learn(_ step: Step, _ agent: any Agent) throws(AgentsError) {
        try agent.learn(
            observation: rollOut.observation.span, action: rollOut.action.span, reward: Float(step.reward),
            next: rollOut.next.span, isTerminated: step.isTerminated, isTruncated: step.isTruncated)
        episodeReturn += step.reward
        episodeLength += 1
    }

    /// Makes what the step led to what the agent sees.
    mutating func advance() { rollOut.advance() }
}

extension Interaction {
    /// What a checkpoint holds of the environment with this number: its state, what the agent sees, the episode so far.
    func sources(_ number: Int) throws -> [TensorSource] {
        [
            TensorSource(Self.name("environment", number), try rollOut.environment.saveState()),
            TensorSource(Self.name("observation", number), rollOut.observation),
            TensorSource(Self.name("episode", number), [episodeReturn, Double(episodeLength)]),
        ]
    }

    /// Takes what a checkpoint holds of the environment with this number.
    mutating func restore(_ archive: TensorArchive, _ number: Int) throws {
        try rollOut.environment.restoreState(archive.values(Self.name("environment", number)))
        let count = rollOut.observation.count
        rollOut.resume(try archive.values(Self.name("observation", number), shape: [count]))
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
