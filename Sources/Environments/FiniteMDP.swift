// SPDX-License-Identifier: MIT

/// A Markov decision process of finitely many states and choices, known in full: what can be solved exactly.
///
/// In state s each choice a pays r(s, a) and leads to state s' with probability P(s'|s, a) (the article's section 1.1). What the
/// probabilities of a choice lack to 1 is the probability that the episode ends there, so that no value follows; a state that
/// ends episodes needs no number of its own. States may offer different numbers of choices.
public struct FiniteMDP: Sendable, Equatable {
    /// A state that a choice leads to.
    public struct Successor: Sendable, Equatable {
        /// The number of the state.
        public var state: Int
        /// The probability of it, in [0, 1].
        public var probability: Double

        /// Makes a successor.
        public init(_ state: Int, probability: Double) {
            self.state = state
            self.probability = probability
        }
    }

    /// What a state offers: an action with its reward and where it leads.
    public struct Choice: Sendable, Equatable {
        /// r(s, a): the mean of the reward.
        public var reward: Double
        /// The standard deviation of the reward, which is normally distributed; 0 where it is always the same.
        public var rewardDeviation: Double
        /// The states that it may lead to; none where it ends the episode.
        public var successors: [Successor]

        /// Makes a choice.
        public init(reward: Double, rewardDeviation: Double = 0, successors: [Successor]) {
            self.reward = reward
            self.rewardDeviation = rewardDeviation
            self.successors = successors
        }
    }

    /// The choices of each state.
    public let states: [[Choice]]
    /// gamma: how much the next step's value counts, in [0, 1].
    public let discount: Double

    /// Makes a process of `states`, each a list of its choices.
    ///
    /// - Precondition: each state has a choice, successors are states of the list, the probabilities of a choice are not
    ///   negative and sum to at most 1, and numbers are finite.
    public init(states: [[Choice]], discount: Double) {
        precondition((0...1).contains(discount), "a discount of \(discount)")
        for (state, choices) in states.enumerated() {
            precondition(!choices.isEmpty, "state \(state) offers no choice")
            for choice in choices {
                precondition(
                    choice.reward.isFinite && choice.rewardDeviation.isFinite && choice.rewardDeviation >= 0,
                    "a reward of state \(state) is not finite")
                precondition(
                    choice.successors.allSatisfy { states.indices.contains($0.state) && $0.probability >= 0 },
                    "a choice of state \(state) leads nowhere")
                precondition(
                    choice.successors.reduce(0) { $0 + $1.probability } <= 1 + 1e-9,
                    "the probabilities of a choice of state \(state) sum to more than 1")
            }
        }
        self.states = states
        self.discount = discount
    }

    /// Does one step: what the choice paid, and the state that it led to; nil where the episode ended.
    ///
    /// The reward's noise is drawn first, where there is any, then the successor, where there is any.
    public func sample(
        state: Int, choice: Int, using random: inout RandomStream
    ) -> (reward: Double, next: Int?) {
        let choice = states[state][choice]
        var reward = choice.reward
        if choice.rewardDeviation > 0 { reward += choice.rewardDeviation * random.normal() }
        guard !choice.successors.isEmpty else { return (reward, nil) }
        var rest = random.uniform()
        for successor in choice.successors {
            rest -= successor.probability
            if rest < 0 { return (reward, successor.state) }
        }
        // Beyond the sum: the episode ends, unless only rounding kept the sum below 1.
        let last = choice.successors[choice.successors.count - 1].state
        return (reward, rest < 1e-9 ? last : nil)
    }
}
