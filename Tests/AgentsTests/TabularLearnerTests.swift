// SPDX-License-Identifier: MIT

import Agents
import Environments
import Testing

struct TabularLearnerTests {
    private func learner(_ target: TargetRule, _ stepSize: StepSize = .constant(0.5)) -> TabularLearner {
        TabularLearner(states: 3, actions: 2, target: target, discount: 0.9, stepSize: stepSize)
    }

    @Test func `Q-learning moves a value to the reward and the best next value`() {
        var random = RandomStream(seed: 0, .exploration)
        var learner = learner(.maximum)
        learner.tables[0][1, 0] = 2
        learner.tables[0][1, 1] = 4
        learner.tables[0][0, 1] = 1
        // Target 3 + 0.9 · 4 = 6.6; half of the way from 1.
        let error = learner.update(
            state: 0, action: 1, reward: 3, next: 1, isTerminated: false, using: &random)
        #expect(abs(error - 5.6) < 1e-12)
        #expect(abs(learner.value(0, 1) - 3.8) < 1e-12)
        // Where the task ended no value follows: target 3.
        learner.update(state: 0, action: 1, reward: 3, next: 1, isTerminated: true, using: &random)
        #expect(abs(learner.value(0, 1) - 3.4) < 1e-12)
        #expect(learner.estimate.values.filter { $0 != 0 }.count == 3)
    }

    @Test func `Double Q-learning chooses by the table that learns and values by the other`() {
        var random = RandomStream(seed: 4, .exploration)
        var learner = learner(.double)
        let (first, second) = ([1.0, 5, 2, 3], [7.0, -1, 0, 4])
        for (i, values) in [first, second].enumerated() {
            for state in 0..<2 {
                for action in 0..<2 { learner.tables[i][state, action] = values[2 * state + action] }
            }
        }
        let before = learner
        var seen: Set<Int> = []
        for _ in 0..<40 {
            learner = before
            let error = learner.update(
                state: 1, action: 0, reward: 1, next: 0, isTerminated: false, using: &random)
            let learned = learner.tables[0] == before.tables[0] ? 1 : 0
            seen.insert(learned)
            // The first prefers action 1, which the second values -1; the second prefers 0, which the first values 1.
            let target = learned == 0 ? 1 + 0.9 * -1 : 1 + 0.9 * 1
            #expect(abs(error - (target - before.tables[learned][1, 0])) < 1e-12)
            #expect(
                abs(learner.tables[learned][1, 0] - (before.tables[learned][1, 0] + target) / 2) < 1e-12)
            #expect(learner.tables[1 - learned] == before.tables[1 - learned])
            #expect(learner.visits[1 - learned] == before.visits[1 - learned])
        }
        #expect(seen == [0, 1])
        #expect(before.value(0, 0) == 4 && before.value(0, 1) == 2)
    }

    @Test func `step sizes fall with the visits of their own value`() {
        #expect(StepSize.constant(0.2).value(atVisit: 1000) == 0.2)
        #expect(StepSize.harmonic.value(atVisit: 4) == 0.25)
        #expect(abs(StepSize.polynomial(0.5).value(atVisit: 9) - 1.0 / 3) < 1e-15)
        #expect(StepSize(first: 0.5, power: 1).value(atVisit: 5) == 0.1)

        // At 1/n a value is the mean of its targets.
        var random = RandomStream(seed: 0, .exploration)
        var learner = learner(.maximum, .harmonic)
        for reward in [4.0, -2, 7] {
            learner.update(
                state: 2, action: 1, reward: reward, next: 0, isTerminated: true, using: &random)
            learner.update(state: 2, action: 0, reward: 1, next: 0, isTerminated: true, using: &random)
        }
        #expect(abs(learner.value(2, 1) - 3) < 1e-12)
        #expect(learner.visits[0] == [0, 0, 0, 0, 3, 3])
    }

    @Test func `greedy actions: the first of equals, or each equal as often`() {
        var table = QTable(states: 1, actions: 4)
        for (action, value) in [1.0, 3, -1, 3].enumerated() { table[0, action] = value }
        #expect(table.greedyAction(in: 0) == 1)
        #expect(table.maximum(in: 0) == 3)
        var random = RandomStream(seed: 1, .exploration)
        var counts = [0, 0, 0, 0]
        for _ in 0..<4000 { counts[table.greedyAction(in: 0, using: &random)] += 1 }
        #expect(counts[0] == 0 && counts[2] == 0)
        // Four standard deviations of a fair coin.
        #expect(abs(counts[1] - 2000) < 127)
    }

    @Test func `epsilon is the share of random actions`() {
        var learner = TabularLearner(states: 1, actions: 4, discount: 0.9, stepSize: .constant(1))
        learner.tables[0][0, 2] = 1
        var random = RandomStream(seed: 2, .exploration)
        #expect((0..<100).allSatisfy { _ in learner.action(in: 0, epsilon: 0, using: &random) == 2 })
        let others = (0..<4000).filter { _ in learner.action(in: 0, epsilon: 0.4, using: &random) != 2 }
        // 0.4 · 3/4 of 4000, four standard deviations.
        #expect(abs(others.count - 1200) < 116)
    }

    /// A chain of states.
    ///
    /// Action 1 goes right with probability 0.8 and left otherwise, action 0 the other way round. The right end pays 1 and ends; the
    /// left end pays 0.2 and goes on.
    private struct Chain {
        static let states = 5
        static let discount = 0.9

        static func next(_ state: Int, _ action: Int, isIntended: Bool) -> Int {
            let right = (action == 1) == isIntended
            return right ? state + 1 : max(state - 1, 0)
        }

        static func reward(_ state: Int, _ next: Int) -> Double {
            next == states ? 1 : (state == 0 && next == 0 ? 0.2 : 0)
        }

        static var optimum: QTable {
            var table = QTable(states: states, actions: 2)
            for _ in 0..<2000 {
                let before = table
                for state in 0..<states {
                    for action in 0..<2 {
                        table[state, action] = [(true, 0.8), (false, 0.2)].reduce(0) { sum, branch in
                            let next = next(state, action, isIntended: branch.0)
                            let value = next == states ? 0 : before.maximum(in: next)
                            return sum + branch.1 * (reward(state, next) + discount * value)
                        }
                    }
                }
            }
            return table
        }
    }

    @Test(arguments: TargetRule.allCases)
    func `learning by chance meets value iteration`(_ target: TargetRule) {
        var random = RandomStream(seed: 3, .exploration)
        var learner = TabularLearner(
            states: Chain.states, actions: 2, target: target, discount: Chain.discount,
            stepSize: .polynomial(0.7))
        var state = 2
        for _ in 0..<400_000 {
            let action = learner.action(in: state, epsilon: 1, using: &random)
            let next = Chain.next(state, action, isIntended: random.uniform() < 0.8)
            let isTerminated = next == Chain.states
            learner.update(
                state: state, action: action, reward: Chain.reward(state, next),
                next: isTerminated ? 0 : next, isTerminated: isTerminated, using: &random)
            state = isTerminated ? random.index(below: Chain.states) : next
        }
        let optimum = Chain.optimum
        let error = zip(learner.estimate.values, optimum.values).map { abs($0 - $1) }.max() ?? .nan
        #expect(error < 0.03, "\(learner.estimate.values) against \(optimum.values)")
        #expect(
            (0..<Chain.states).allSatisfy {
                learner.estimate.greedyAction(in: $0) == optimum.greedyAction(in: $0)
            })
    }
}
