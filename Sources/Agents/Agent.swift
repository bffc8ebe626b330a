// SPDX-License-Identifier: MIT

public import Environments
internal import Networks
public import Policies
public import Safetensors

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
/// An agent lives on one thread. All that it draws comes from named streams of its seed.
public protocol Agent: AnyObject {
    /// The algorithm.
    var algorithm: Algorithm { get }

    /// The environments that it learns in; 1 unless an agent asks for more.
    ///
    /// They take turns, the first to the last and again: each call of `act` is for the next one, and `learn` or `discardStep` follows it.
    var environmentCount: Int { get }

    /// Writes the action to take after `observation`, with exploration; each number in [-1, 1].
    func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>)

    /// Takes in what the action led to, and learns as its schedule says.
    ///
    /// - Parameters:
    ///   - observation: what the agent saw.
    ///   - action: what it did.
    ///   - reward: what it got.
    ///   - next: what it saw then; the true last observation, never one of the next episode.
    ///   - isTerminated: whether the task ended there, so that no value follows.
    ///   - isTruncated: whether a time limit cut the episode there; value goes on.
    /// - Throws: ``AgentsError/notFinite(_:)`` where learning left the finite numbers.
    func learn(
        observation: Span<Float>, action: Span<Float>, reward: Float, next: Span<Float>,
        isTerminated: Bool, isTruncated: Bool
    ) throws(AgentsError)

    /// Takes in that the last action led nowhere: the simulation diverged, there is nothing to learn from the step, and the episode is
    /// over.
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
    /// - Throws: ``AgentsError/badStart(_:)`` where the policy does not fit.
    func start(from policy: PolicyNetwork) throws(AgentsError)

    /// The means of what was measured since the last call of `resetMetrics`.
    var metrics: [Metric] { get }
    /// Begins to measure anew.
    func resetMetrics()

    /// All that a checkpoint needs to go on with the same bits.
    var state: [TensorSource] { get }
    /// Takes the state of a checkpoint.
    ///
    /// - Throws: where tensors are missing or of another shape; the agent must not be used then.
    func restore(_ archive: TensorArchive) throws
}

extension Agent {
    /// One environment.
    public var environmentCount: Int { 1 }
    /// Does nothing: no action is remembered.
    public func discardStep() {}
}

extension TensorSource {
    init(_ name: String, _ parameters: Parameters) {
        self.init(TensorDescription(name, .f32, shape: [parameters.count])) { writer in
            try parameters.withSpan { try writer.append($0, to: name) }
        }
    }
}

extension TensorArchive {
    func copy(_ name: String, into parameters: Parameters) throws {
        try parameters.withMutableSpan { try copy(name, into: &$0) }
    }

    /// Counters that a checkpoint holds; none is larger than 2⁵³, so that they can be counted on.
    package func counts(_ name: String, _ count: Int) throws -> [Int] {
        try values(name, as: UInt64.self, shape: [count]).map { word in
            guard word <= 1 << 53 else { throw AgentsError.badState("'\(name)' is too large") }
            return Int(word)
        }
    }

    /// A counter that a checkpoint holds.
    package func count(_ name: String) throws -> Int { try counts(name, 1)[0] }
}

extension RandomStream {
    /// The state as a tensor of a checkpoint.
    public func source(_ name: String) -> TensorSource {
        TensorSource(name, stateWords)
    }

    /// The stream whose state is in a checkpoint.
    ///
    /// - Throws: where it is missing or no state of a stream.
    public init(_ archive: TensorArchive, _ name: String) throws {
        guard let stream = RandomStream(stateWords: try archive.values(name)) else {
            throw AgentsError.badState("'\(name)' is no random stream")
        }
        self = stream
    }
}
