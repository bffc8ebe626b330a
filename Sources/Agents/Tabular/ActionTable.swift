// SPDX-License-Identifier: MIT

internal import CLibrary
public import Environments

/// A number for each choice of each state of a finite process: Q(s, a), or the probabilities pi(a|s) of a policy.
public struct ActionTable: Sendable, Equatable {
    /// The numbers, state after state.
    public private(set) var values: [Double]
    /// Where each state's numbers begin, and after them the end.
    private let starts: [Int]

    /// Makes a table for the states and choices of `process`, all of them `value`.
    public init(for process: FiniteMDP, repeating value: Double = 0) {
        var starts = [0]
        for choices in process.states { starts.append(starts[starts.count - 1] + choices.count) }
        self.starts = starts
        values = Array(repeating: value, count: starts[starts.count - 1])
    }

    /// The uniform policy: each choice of a state is as likely as the others.
    public static func uniform(for process: FiniteMDP) -> ActionTable {
        ActionTable(for: process).softmax(temperature: 1)
    }

    /// The number of states.
    public var stateCount: Int { starts.count - 1 }

    /// The number of `choice` in `state`.
    public subscript(state: Int, choice: Int) -> Double {
        get { values[position(state, choice)] }
        set { values[position(state, choice)] = newValue }
    }

    private func position(_ state: Int, _ choice: Int) -> Int {
        precondition(
            choice >= 0 && starts[state] + choice < starts[state + 1], "choice \(choice) of state \(state)")
        return starts[state] + choice
    }

    /// The numbers of a state.
    public func choices(of state: Int) -> ArraySlice<Double> {
        values[starts[state]..<starts[state + 1]]
    }

    /// The largest number of a state.
    public func maximum(of state: Int) -> Double {
        choices(of: state).reduce(-.infinity, max)
    }

    /// The choice with the largest number of a state, the first of equals.
    public func greedyChoice(of state: Int) -> Int {
        let choices = choices(of: state)
        let maximum = choices.reduce(-.infinity, max)
        return (choices.firstIndex(of: maximum) ?? choices.startIndex) - choices.startIndex
    }

    /// The largest difference of two numbers in the same place: the sup-norm of the difference; NaN where one of them is.
    public func distance(to other: ActionTable) -> Double {
        zip(values, other.values).reduce(0) { largest, pair in
            let difference = abs(pair.0 - pair.1)
            // Written so that NaN stays.
            return largest.isNaN || difference <= largest ? largest : difference
        }
    }

    /// The same table with each number changed.
    public func map(_ change: (Double) -> Double) -> ActionTable {
        var table = self
        for index in values.indices { table.values[index] = change(values[index]) }
        return table
    }

    /// V(s) = max Q(s, a), for each state.
    public var maxima: [Double] { (0..<stateCount).map(maximum) }

    /// V(s) = alpha log sum exp(Q(s, a) / alpha), for each state: the maximum at alpha = 0.
    ///
    /// It is the soft value of the policy that is best at this temperature: the article's (4.15) with the policy of (4.16).
    public func softMaxima(temperature alpha: Double) -> [Double] {
        guard alpha > 0 else { return maxima }
        return (0..<stateCount).map { state in
            let maximum = maximum(of: state)
            return maximum + alpha * log(choices(of: state).reduce(0) { $0 + exp(($1 - maximum) / alpha) })
        }
    }

    /// pi(a|s) = exp(Q(s, a) / alpha) / Z(s), the article's (4.16): what minimises (4.18) over all policies.
    ///
    /// - Precondition: alpha is positive.
    public func softmax(temperature alpha: Double) -> ActionTable {
        precondition(alpha > 0, "a temperature of \(alpha)")
        var policy = self
        for state in 0..<stateCount {
            let maximum = maximum(of: state)
            var sum = 0.0
            for index in starts[state]..<starts[state + 1] {
                policy.values[index] = exp((values[index] - maximum) / alpha)
                sum += policy.values[index]
            }
            for index in starts[state]..<starts[state + 1] { policy.values[index] /= sum }
        }
        return policy
    }

    /// V(s) = sum pi(a|s) (Q(s, a) - alpha log pi(a|s)), the article's (4.15), for each state.
    ///
    /// A choice of probability 0 counts nothing, as p log p goes to 0 with p.
    public func expectations(under policy: ActionTable, temperature alpha: Double = 0) -> [Double] {
        (0..<stateCount).map { state in
            zip(choices(of: state), policy.choices(of: state)).reduce(0) { sum, pair in
                let (value, probability) = pair
                guard probability > 0 else { return sum }
                return sum + probability * (value - (alpha > 0 ? alpha * log(probability) : 0))
            }
        }
    }
}
