// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Safetensors

/// An agent in one of its environments, and the episode that is under way.
///
/// The steps of several may be done at the same time; each is learned from afterwards.
final class Interaction {
    var rollOut: RollOut
    /// The sum of the episode's rewards so far.
    private(set) var episodeReturn = 0.0
    /// What each term of the reward gave of that; NaN where the checkpoint of an earlier version did not say.
    private(set) var termReturns: [Double]
    /// The control steps of the episode so far.
    private(set) var episodeLength = 0
    /// What came of the last action.
    var outcome = Result<Step, any Error>.success(Step(reward: 0))
    /// What another rank told of the curriculum and of the reward's terms; nil where the environment is stepped here.
    var told: (curriculum: [CurriculumFigure], terms: [Double])?

    /// A step that gave numbers from which nobody can learn.
    struct BadStep: Error {
        let problem: String
    }

    init(_ environment: any Environment, forCritic: Bool) {
        rollOut = RollOut(environment, forCritic: forCritic)
        termReturns = environment.rewardTermNames.map { _ in 0 }
    }

    /// The names of the terms of its environment's reward.
    var termNames: [String] { rollOut.environment.rewardTermNames }

    /// What the agent sees; what its critic sees besides comes last.
    var observation: [Float] { rollOut.observation }

    /// How far its environment is in the task's curriculum.
    var curriculum: [CurriculumFigure] { told?.curriculum ?? rollOut.environment.curriculum }

    /// What each term gave the reward of the last step.
    var rewardTerms: [Double] { told?.terms ?? rollOut.environment.rewardTerms }

    /// Lets its environment begin easy, as one of so many of the run.
    func followCurriculum(among count: Int) { rollOut.environment.followCurriculum(among: count) }

    /// Starts an episode; with `isElsewhere`, one whose first observation another rank will tell.
    func reset(isElsewhere: Bool = false) throws {
        if !isElsewhere { try rollOut.reset() }
        (episodeReturn, episodeLength) = (0, 0)
        for term in termReturns.indices { termReturns[term] = 0 }
    }

    /// Does the action that `act` writes after looking at the observation; what comes of it, an error too, is for `teach`.
    func move(_ act: (Span<Float>, inout MutableSpan<Float>) -> Void) {
        outcome = Result {
            try rollOut.step { observation, action in
                act(observation, &action)
                try Self.check(action.span)
            }
        }
    }

    static func check(_ action: Span<Float>) throws {
        for index in action.indices where !action[index].isFinite {
            throw AgentsError.notFinite("an action is not finite")
        }
    }

    /// Lets the agent learn from what came of the action, and counts the step.
    ///
    /// Nothing is learned from a step in which the simulation diverged.
    ///
    /// - Throws: `AgentsError` where the agent's numbers are not finite or learning is given up, ``BadStep`` where the environment's are not.
    func teach(_ agent: any Agent) throws -> Step {
        let step = try outcome.get()
        guard !step.isDiverged else { return step }
        guard Float(step.reward).isFinite else {
            throw BadStep(problem: "the reward of the step is \(step.reward)")
        }
        let (observation, action, next) = (rollOut.observation, rollOut.action, rollOut.next)
        guard next.allSatisfy(\.isFinite) else {
            throw BadStep(problem: "the observation after the step is not finite")
        }
        try agent.learn(
            observation: observation.span, action: action.span, reward: Float(step.reward),
            next: next.span, isTerminated: step.isTerminated, isTruncated: step.isTruncated)
        episodeReturn += step.reward
        termReturns.add(rewardTerms)
        episodeLength += 1
        return step
    }

    /// Makes what the step led to what the agent sees.
    func advance() { rollOut.advance() }
}

extension Interaction {
    /// What a checkpoint holds of an environment, and what the agent sees in it.
    struct State {
        var bytes: [UInt8]
        var observation: [Float]
    }

    var state: State {
        get throws { State(bytes: try rollOut.environment.saveState(), observation: rollOut.observation) }
    }

    /// What a checkpoint holds of the environment with this number: its state, what the agent sees, the episode so far.
    func sources(_ number: Int, _ state: State) -> [TensorSource] {
        [
            TensorSource(Self.name("environment", number), state.bytes),
            TensorSource(Self.name("observation", number), state.observation),
            TensorSource(Self.name("episode", number), [episodeReturn, Double(episodeLength)]),
        ] + (termReturns.isEmpty ? [] : [TensorSource(Self.name(Self.terms, number), termReturns)])
    }

    /// Takes what a checkpoint holds of the environment with this number.
    func restore(_ archive: TensorArchive, _ number: Int) throws {
        try rollOut.environment.restoreState(archive.values(Self.name("environment", number)))
        let count = rollOut.observation.count
        rollOut.resume(try archive.values(Self.name("observation", number), shape: [count]))
        let episode = try archive.values(Self.name("episode", number), as: Double.self, shape: [2])
        guard let length = Int(exactly: episode[1]), (0...1 << 53).contains(length) else {
            throw AgentsError.badState("the episode has a length of \(episode[1]) steps")
        }
        (episodeReturn, episodeLength) = (episode[0], length)
        let terms = Self.name(Self.terms, number)
        termReturns =
            archive.description(of: terms) == nil
            ? termReturns.map { _ in .nan } : try archive.values(terms, shape: [termReturns.count])
    }

    /// The tensor of what the terms of the reward gave; checkpoints of earlier versions have none.
    private static let terms = "episode_terms"

    /// The first environment's tensors have no number: most runs have only one.
    private static func name(_ name: String, _ number: Int) -> String {
        number == 0 ? name : "\(name).\(number)"
    }
}

extension [Double] {
    /// Adds the numbers of an array of as many.
    mutating func add(_ others: [Double]) {
        for index in indices { self[index] += others[index] }
    }
}
