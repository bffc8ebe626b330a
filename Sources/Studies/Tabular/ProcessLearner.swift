// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments

/// Q-learning or Double Q-learning in a finite process whose states may offer different numbers of choices.
struct ProcessLearner: Sendable {
    let process: FiniteMDP
    private var learner: TabularLearner

    /// Starts with all values at 0.
    init(_ process: FiniteMDP, target: TargetRule = .maximum, stepSize: StepSize) {
        self.process = process
        let most = process.states.map(\.count).max() ?? 0
        learner = TabularLearner(
            states: process.states.count, actions: most, target: target, discount: process.discount,
            stepSize: stepSize)
        // What a state does not offer is worth less than anything: it is never chosen and never a maximum.
        for table in learner.tables.indices {
            for (state, choices) in process.states.enumerated() {
                for choice in choices.count..<most { learner.tables[table][state, choice] = -.infinity }
            }
        }
    }

    /// A choice by the epsilon-greedy rule, equals at random.
    func choice(in state: Int, epsilon: Double, using random: inout RandomStream) -> Int {
        if random.uniform() < epsilon { return random.index(below: process.states[state].count) }
        return learner.action(in: state, epsilon: 0, using: &random)
    }

    /// Learns from one step; `next` is nil where the episode ended.
    mutating func learn(
        state: Int, choice: Int, reward: Double, next: Int?, using random: inout RandomStream
    ) {
        learner.update(
            state: state, action: choice, reward: reward, next: next ?? 0, isTerminated: next == nil,
            using: &random)
    }

    /// The estimates of Q.
    var values: ActionTable {
        var table = ActionTable(for: process)
        for (state, choices) in process.states.enumerated() {
            for choice in choices.indices { table[state, choice] = learner.value(state, choice) }
        }
        return table
    }
}
