// SPDX-License-Identifier: MIT

public import Environments
public import Policies

/// What a policy got in some episodes.
public struct Evaluation: Sendable, Equatable {
    /// The evaluation was given up before its last episode.
    public struct Stopped: Error {}

    /// The return of each episode: the sum of its rewards, not discounted.
    public private(set) var returns: [Double] = []
    /// The names of the terms of the reward.
    private let termNames: [String]
    /// What each of them gave in all episodes.
    private var termSums: [Double]
    /// The control steps of each episode.
    public private(set) var lengths: [Int] = []
    /// The episodes that the task ended.
    public private(set) var terminated = 0
    /// The episodes that the time limit ended.
    public private(set) var truncated = 0
    /// The episodes in which the simulation diverged.
    public private(set) var diverged = 0

    /// Runs `policy` for whole episodes of `environment`, which draws its starts from its own stream.
    ///
    /// - Parameters:
    ///   - policy: what acts.
    ///   - environment: where it acts.
    ///   - episodes: how many.
    ///   - exploration: the stream that a stochastic policy draws from; nil for the deterministic one.
    ///   - observer: called after each step with the episode's number, the observation before it, the action and the step.
    ///   - isStopped: asked before each episode and at every 128th step of it; true gives the evaluation up.
    /// - Throws: what policy or environment throw; ``Stopped``.
    public init(
        of policy: any Policy, in environment: any Environment, episodes: Int,
        exploration: RandomStream? = nil, observer: (any EpisodeObserver)? = nil,
        isStopped: () -> Bool = { false }
    ) throws {
        var rollOut = RollOut(environment)
        var exploration = exploration
        termNames = environment.rewardTermNames
        termSums = termNames.map { _ in 0 }
        for episode in 0..<episodes {
            if isStopped() { throw Stopped() }
            try rollOut.reset()
            try observer?.begin(episode: episode)
            var (sum, length) = (0.0, 0)
            var isLast = false
            while !isLast {
                let step = try rollOut.step { observation, action in
                    guard var stream = exploration else { return try policy.act(observation, into: &action) }
                    try policy.act(observation, using: &stream, into: &action)
                    exploration = stream
                }
                try observer?.observe(
                    episode: episode, observation: rollOut.observation, action: rollOut.action, step: step)
                sum += step.reward
                termSums.add(environment.rewardTerms)
                length += 1
                if length & 127 == 0, isStopped() { throw Stopped() }
                isLast = step.isLast
                if isLast { count(step) } else { rollOut.advance() }
            }
            returns.append(sum)
            lengths.append(length)
        }
    }

    private mutating func count(_ step: Step) {
        if step.isTerminated {
            terminated += 1
        } else if step.isDiverged {
            diverged += 1
        } else {
            truncated += 1
        }
    }

    /// The mean of the returns.
    public var meanReturn: Double { returns.reduce(0, +) / Double(returns.count) }
    /// What each term of the reward gave in an episode, its weight included, as the mean over the episodes: the parts of
    /// ``meanReturn``, unless the scene cuts rewards off at 0.
    public var meanTermReturns: [(name: String, value: Double)] {
        zip(termNames, termSums).map { ($0, $1 / Double(returns.count)) }
    }
    /// The standard deviation of the returns (of the episodes themselves, divided by their number).
    public var returnDeviation: Double {
        let mean = meanReturn
        return (returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count)).squareRoot()
    }
    /// The worst return.
    public var minimumReturn: Double { returns.min() ?? .nan }
    /// The best return.
    public var maximumReturn: Double { returns.max() ?? .nan }
    /// The mean of the lengths, control steps.
    public var meanLength: Double { Double(lengths.reduce(0, +)) / Double(lengths.count) }
}

/// Who looks at an evaluation step by step: a recording, for one.
public protocol EpisodeObserver: AnyObject {
    /// Sees the start of an episode, after the reset.
    func begin(episode: Int) throws
    /// Sees one step, after it was done.
    func observe(episode: Int, observation: [Float], action: [Float], step: Step) throws
}
