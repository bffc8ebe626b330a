// SPDX-License-Identifier: MIT

public import Environments

extension FiniteMDP {
    /// Q(s, a) = r(s, a) + gamma sum P(s'|s, a) V(s'): one step of looking ahead, the article's (4.14).
    ///
    /// - Parameter values: V(s), for each state.
    /// - Returns: Q(s, a).
    public func lookAhead(to values: [Double]) -> ActionTable {
        var table = ActionTable(for: self)
        for (state, choices) in states.enumerated() {
            for (index, choice) in choices.enumerated() {
                let next = choice.successors.reduce(0) { $0 + $1.probability * values[$1.state] }
                table[state, index] = choice.reward + discount * next
            }
        }
        return table
    }

    /// T Q, the Bellman operator of the article's section 1.3: r + gamma E max Q(s', a').
    ///
    /// A contraction by gamma in the sup-norm, whose fixed point is Q*.
    public func backup(_ table: ActionTable) -> ActionTable {
        lookAhead(to: table.maxima)
    }

    /// The soft Bellman operator at temperature alpha: r + gamma E alpha log sum exp(Q(s', a') / alpha).
    ///
    /// A contraction by gamma in the sup-norm, for log sum exp changes by no more than its largest argument.
    public func softBackup(_ table: ActionTable, temperature: Double) -> ActionTable {
        lookAhead(to: table.softMaxima(temperature: temperature))
    }

    /// T_pi Q, the article's (4.3): r + gamma E [Q(s', a') - alpha log pi(a'|s')].
    public func backup(_ table: ActionTable, under policy: ActionTable, temperature: Double = 0)
        -> ActionTable
    {
        lookAhead(to: table.expectations(under: policy, temperature: temperature))
    }
}
