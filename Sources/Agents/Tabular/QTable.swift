// SPDX-License-Identifier: MIT

public import Environments

/// A table of action values Q(s, a).
public struct QTable: Sendable, Equatable {
    /// The number of states.
    public let states: Int
    /// The number of actions.
    public let actions: Int
    /// The values, (states, actions), row-major.
    public internal(set) var values: [Double]

    /// Makes a table, each value of which is `value`.
    ///
    /// - Precondition: both numbers are positive.
    public init(states: Int, actions: Int, value: Double = 0) {
        precondition(states > 0 && actions > 0, "a table of \(states) states and \(actions) actions")
        self.states = states
        self.actions = actions
        values = Array(repeating: value, count: states * actions)
    }

    /// Q(s, a).
    public subscript(state: Int, action: Int) -> Double {
        get { values[index(state, action)] }
        set { values[index(state, action)] = newValue }
    }

    private func index(_ state: Int, _ action: Int) -> Int {
        precondition(
            (0..<states).contains(state) && (0..<actions).contains(action),
            "value (\(state), \(action)) of a table (\(states), \(actions))")
        return state * actions + action
    }

    /// max over a of Q(s, a).
    public func maximum(in state: Int) -> Double {
        self[state, greedyAction(in: state)]
    }

    /// The action of the highest value, the first one of equals: what a policy of this table does.
    public func greedyAction(in state: Int) -> Int {
        Self.highest(of: actions) { self[state, $0] }
    }

    /// An action of the highest value, one of equals at random.
    public func greedyAction(in state: Int, using random: inout RandomStream) -> Int {
        Self.highest(of: actions, using: &random) { self[state, $0] }
    }

    /// The first of the actions 0..<count whose value is the highest.
    static func highest(of count: Int, _ value: (Int) -> Double) -> Int {
        var (best, highest) = (0, value(0))
        for action in 1..<count {
            let own = value(action)
            if own > highest { (best, highest) = (action, own) }
        }
        return best
    }

    /// One of the actions 0..<count whose value is the highest, each as likely as the others; draws a number per equal.
    static func highest(of count: Int, using random: inout RandomStream, _ value: (Int) -> Double) -> Int {
        var (best, highest, equals) = (0, value(0), 1)
        for action in 1..<count {
            let own = value(action)
            if own > highest {
                (best, highest, equals) = (action, own, 1)
            } else if own == highest {
                equals += 1
                if random.index(below: equals) == 0 { best = action }
            }
        }
        return best
    }
}
