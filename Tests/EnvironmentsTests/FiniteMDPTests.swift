// SPDX-License-Identifier: MIT

import Environments
import Testing

/// Finite processes as values: what they draw, and what they are.
struct FiniteMDPTests {
    @Test func `samples have the probabilities and rewards that the process states`() {
        let choice = FiniteMDP.Choice(
            reward: 2, rewardDeviation: 0.5,
            successors: [.init(0, probability: 0.5), .init(1, probability: 0.2)])
        let process = FiniteMDP(states: [[choice], [choice]], discount: 0.9)
        var random = RandomStream(seed: 1, .environment)
        let count = 40_000
        var seen = [0, 0, 0]
        var (sum, squares) = (0.0, 0.0)
        for _ in 0..<count {
            let (reward, next) = process.sample(state: 0, choice: 0, using: &random)
            seen[next ?? 2] += 1
            sum += reward
            squares += (reward - 2) * (reward - 2)
        }
        // Five standard errors.
        for (count, probability) in zip(seen, [0.5, 0.2, 0.3]) {
            let error = 5 * (probability * (1 - probability) * 40_000).squareRoot()
            #expect(abs(Double(count) - probability * 40_000) < error)
        }
        #expect(abs(sum / Double(count) - 2) < 5 * 0.5 / 200)
        #expect(abs(squares / Double(count) - 0.25) < 5 * 0.25 * (2.0 / 40_000).squareRoot())
    }

    @Test func `a reward without deviation draws no number, and the same stream repeats`() {
        let process = FiniteMDP.gridWorld()
        var (first, second) = (RandomStream(seed: 3, .environment), RandomStream(seed: 3, .environment))
        for state in 0..<63 {
            let a = process.sample(state: state, choice: 1, using: &first)
            let b = process.sample(state: state, choice: 1, using: &second)
            #expect(a.reward == -1 && b.reward == -1 && a.next == b.next)
        }
        let ends = FiniteMDP(states: [[.init(reward: 1, successors: [])]], discount: 1)
        let untouched = first
        #expect(ends.sample(state: 0, choice: 0, using: &first) == (1, nil))
        #expect(first == untouched)
    }

    @Test func `a random process is whole, follows its stream, and never ends`() {
        var (first, second) = (RandomStream(seed: 4, .environment), RandomStream(seed: 4, .environment))
        let process = FiniteMDP.random(states: 30, choices: 5, branching: 3, discount: 0.5, using: &first)
        #expect(
            process == .random(states: 30, choices: 5, branching: 3, discount: 0.5, using: &second))
        #expect(process.states.count == 30 && process.states.allSatisfy { $0.count == 5 })
        for choice in process.states.joined() {
            #expect(choice.successors.count == 3 && (-1...1).contains(choice.reward))
            #expect(abs(choice.successors.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        }
        #expect(Set(process.states.joined().map(\.reward)).count == 150)
    }

    @Test func `the grid world ends in its corner alone, and slips to both sides`() {
        let process = FiniteMDP.gridWorld(size: 8, slip: 0.2)
        #expect(process.states.count == 63)
        // In the middle of the field, state 27 = row 3, column 3: east leads to 28, or north or south by a slip.
        let east = process.states[27][1].successors
        #expect(east.map(\.state) == [28, 19, 35] && east.map(\.probability) == [0.8, 0.1, 0.1])
        // Beside the goal, east ends with 0.8; only there and below the goal can an episode end.
        let beside = process.states[62][1].successors
        #expect(beside.reduce(0) { $0 + $1.probability } == 0.2)
        let ending = process.states.indices.filter { state in
            process.states[state].contains { $0.successors.reduce(0) { $0 + $1.probability } < 0.99 }
        }
        #expect(ending == [55, 62])
    }
}
