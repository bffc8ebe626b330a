// SPDX-License-Identifier: MIT

// Agents: what learns. An agent acts with exploration, takes in transitions, and updates its networks; it never sees physics.
// Experience/ is what agents learn from; a folder for each algorithm has its losses, a learner that puts them in order, and an agent that
// feeds it: `Algorithm.all` lists them. What an agent remembers is listed once, by Checkpointed; how it is set, by its configuration's keys.

public import Networks
public import Policies

/// A number that an agent reports about its learning.
public struct Metric: Sendable, Equatable {
    /// The name, a column of progress.csv.
    public var name: String
    /// The value.
    public var value: Double

    /// Makes a metric.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// What learns: it acts with exploration, takes in transitions, and updates its networks.
///
/// An agent lives on one thread. All that it draws comes from named streams of its seed, which are among its state: a resumed run has
/// the bits of one that was never stopped.
public protocol Agent: AnyObject, Checkpointed {
    /// The algorithm.
    var algorithm: Algorithm { get }

    /// The environments that it learns in; 1 unless an agent asks for more.
    ///
    /// They take turns, the first to the last and again: each call of `act` is for the next one, and `learn` or `discardStep` follows it.
    /// Where the agent ``actsTogether``, one call of `act` is for all of them, and each one's `learn` or `discardStep` follows, the first to the
    /// last.
    var environmentCount: Int { get }

    /// Whether the environments step side by side, between one call of `act` for all and the next.
    var actsTogether: Bool { get }

    /// The numbers that its critic sees behind an observation's, and no policy: what `learn` is given has them at its end, what `act` is
    /// given does not.
    var criticObservationCount: Int { get }

    /// Asked before each of the updates that follow a step: where it says yes, `learn` throws, and there is no going on from there.
    ///
    /// Who needs one update at most never asks.
    var isGivenUp: () -> Bool { get set }

    /// Writes the action to take after `observation`, with exploration; each number in [-1, 1].
    func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>)

    /// Writes the actions to take after `observations`, with exploration, where the agent ``actsTogether``: a row for each environment.
    func act(_ observations: Matrix, into actions: Matrix)

    /// Takes in what the action led to, and learns as its schedule says.
    ///
    /// - Parameters:
    ///   - observation: what the agent saw.
    ///   - action: what it did.
    ///   - reward: what it got.
    ///   - next: what it saw then; the true last observation, never one of the next episode.
    ///   - isTerminated: whether the task ended there, so that no value follows.
    ///   - isTruncated: whether a time limit cut the episode there; value goes on.
    /// - Throws: ``AgentsError/notFinite(_:)`` where learning left the finite numbers, ``AgentsError/givenUp``.
    func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError)

    /// Takes in that the simulation diverged in the last step: there is nothing to learn from it, and the episode is over.
    ///
    /// An agent that remembers no action before it learns from it has nothing to do.
    ///
    /// - Throws: as `learn` does, where an update was due.
    func discardStep() throws(AgentsError)

    /// The policy as it is now.
    ///
    /// - Throws: where a number of it is not finite.
    func makePolicyNetwork() throws(PoliciesError) -> PolicyNetwork

    /// Takes the network of a saved policy as its own, to train on from there.
    ///
    /// - Parameters:
    ///   - policy: the network.
    ///   - constants: the indices of the numbers of an observation that did not vary in its training.
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy does not fit.
    func start(from policy: PolicyNetwork, constants: [Int]) throws(AgentsError)

    /// The indices of the numbers of an observation that did not vary in training, so that no scale of theirs is known to what
    /// normalises them; none where nothing is normalised.
    var constantObservations: [Int] { get }

    /// The means of what was measured since the last call of `resetMetrics`.
    var metrics: [Metric] { get }
    /// Starts the means again.
    func resetMetrics()
}

extension Agent {
    /// One environment.
    public var environmentCount: Int { 1 }
    /// No.
    public var actsTogether: Bool { false }
    /// None.
    public var criticObservationCount: Int { 0 }
    /// Does nothing: the agent does not act together.
    public func act(_ observations: Matrix, into actions: Matrix) {}
    /// Takes the network of a saved policy whose observations all varied.
    ///
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy does not fit.
    public func start(from policy: PolicyNetwork) throws(AgentsError) {
        try start(from: policy, constants: [])
    }
    /// Nothing is normalised.
    public var constantObservations: [Int] { [] }
    /// Never asked.
    public var isGivenUp: () -> Bool {
        get { { false } }
        set {}
    }
    /// Does nothing: no action is remembered.
    public func discardStep() {}
}
