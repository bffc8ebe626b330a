// SPDX-License-Identifier: MIT

public import Environments

/// Q-learning and Double Q-learning on tables: states and actions are numbers, no robot is needed.
///
/// It holds no random numbers of its own; whoever uses it passes a stream, so that a study can repeat it.
public struct TabularLearner: Sendable, Equatable {
    /// Which of the two it is.
    public let target: TargetRule
    /// gamma, how much the next state's value counts.
    public let discount: Double
    /// The step sizes; each state and action of each table counts its own visits.
    public let stepSize: StepSize
    /// One table, or the two of Double Q-learning.
    public var tables: [QTable]
    /// The visits of each value of each table, (states, actions), row-major.
    public internal(set) var visits: [[Int]]

    /// Makes a learner whose values all begin at `initialValue`.
    public init(
        states: Int, actions: Int, target: TargetRule = .maximum, discount: Double, stepSize: StepSize,
        initialValue: Double = 0
    ) {
        self.target = target
        self.discount = discount
        self.stepSize = stepSize
        let count = target == .double ? 2 : 1
        tables = Array(
            repeating: QTable(states: states, actions: actions, value: initialValue), count: count)
        visits = Array(repeating: Array(repeating: 0, count: states * actions), count: count)
    }

    /// The number of states.
    public var states: Int { tables[0].states }
    /// The number of actions.
    public var actions: Int { tables[0].actions }

    /// The estimate of Q(s, a): the table's, or the mean of both tables.
    public func value(_ state: Int, _ action: Int) -> Double {
        tables.count == 1
            ? tables[0][state, action] : (tables[0][state, action] + tables[1][state, action]) / 2
    }

    /// All estimates as one table.
    public var estimate: QTable {
        var table = tables[0]
        for state in 0..<states {
            for action in 0..<actions { table[state, action] = value(state, action) }
        }
        return table
    }

    /// An action by the epsilon-greedy rule: any one with probability epsilon, else one of the highest estimate, equals at random.
    public func action(in state: Int, epsilon: Double, using random: inout RandomStream) -> Int {
        if random.uniform() < epsilon { return random.index(below: actions) }
        return QTable.highest(of: actions, using: &random) { value(state, $0) }
    }

    /// Moves Q(s, a) to its target r + gamma (1 - terminated) Q'(s', a*), the article's 1.2.2.
    ///
    /// Q-learning: a* = argmax Q(s', ·), Q' = Q. Double Q-learning (van Hasselt 2010, algorithm 1): a coin chooses the table
    /// that learns; a* is that table's, and the other one values it.
    ///
    /// - Note: Of equal values the first one is a*. With one table this cannot matter; with two it favours lower numbers until the
    ///   tables differ, which is why `random` breaks such ties in Double Q-learning.
    /// - Returns: the temporal difference error, target minus Q(s, a) as it was.
    @discardableResult
    public mutating func update(
        state: Int, action: Int, reward: Double, next: Int, isTerminated: Bool,
        using random: inout RandomStream
    ) -> Double {
        let learning = target == .double ? random.index(below: 2) : 0
        var value = 0.0
        if !isTerminated {
            switch target {
            case .maximum: value = tables[0].maximum(in: next)
            case .double:
                let choice = tables[learning].greedyAction(in: next, using: &random)
                value = tables[1 - learning][next, choice]
            }
        }
        visits[learning][state * actions + action] += 1
        let step = stepSize.value(atVisit: visits[learning][state * actions + action])
        let error = reward + discount * value - tables[learning][state, action]
        tables[learning][state, action] += step * error
        return error
    }
}
