// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Testing

/// The exact solvers of finite processes, against closed forms and against each other.
struct TabularTests {
    /// A process of 20 states, different for each seed.
    private func randomProcess(_ seed: UInt64, discount: Double = 0.9) -> FiniteMDP {
        var random = RandomStream(seed: seed, .environment)
        return .random(states: 20, choices: 4, branching: 3, discount: discount, using: &random)
    }

    private func randomTable(_ process: FiniteMDP, _ random: inout RandomStream) -> ActionTable {
        ActionTable(for: process).map { _ in random.uniform(-10, 10) }
    }

    @Test func `a number that is none is no distance`() {
        var random = RandomStream(seed: 1, .initialisation)
        let process = randomProcess(0)
        let table = randomTable(process, &random)
        for place in [0, 17, 79] {
            var index = -1
            let damaged = table.map { number in
                index += 1
                return index == place ? .nan : number
            }
            #expect(table.distance(to: damaged).isNaN && damaged.distance(to: table).isNaN)
        }
        #expect(table.distance(to: table.map { $0 - 3 }) - 3 < 1e-12)
    }

    @Test(arguments: [0, 0.01, 1, 100] as [Double])
    func `a backup brings two tables together by the discount, and no more than that`(temperature: Double) {
        var random = RandomStream(seed: 1, .initialisation)
        for seed in 0..<20 as Range<UInt64> {
            let process = randomProcess(seed)
            let (first, second) = (randomTable(process, &random), randomTable(process, &random))
            let before = first.distance(to: second)
            let after = process.softBackup(first, temperature: temperature)
                .distance(to: process.softBackup(second, temperature: temperature))
            #expect(after <= 0.9 * before * (1 + 1e-12))
            // A shift of all numbers alike shrinks by the discount exactly: the factor cannot be smaller.
            let shifted = process.softBackup(first.map { $0 + 5 }, temperature: temperature)
            let shift = shifted.distance(to: process.softBackup(first, temperature: temperature))
            #expect(abs(shift - 0.9 * 5) < 1e-11)
        }
    }

    @Test func `value iteration solves the grid world whose shortest ways are known`() {
        let values = ValueIteration.solve(.gridWorld(size: 4, slip: 0, discount: 0.9))
        for state in 0..<15 {
            let steps = Double(6 - state / 4 - state % 4)
            #expect(abs(values.maximum(of: state) + (1 - pow(0.9, steps)) / 0.1) < 1e-11)
        }
        #expect(values.greedyChoice(of: 3) == 0 && values.greedyChoice(of: 12) == 1)
    }

    @Test func `a slipping walker's value obeys its Bellman equation written by hand`() {
        let process = FiniteMDP.gridWorld(size: 2, slip: 0.2, discount: 0.9)
        let values = ValueIteration.solve(process).maxima
        // From the corner, north leads to state 2, and by slips to state 1 and, against the wall, to itself.
        #expect(abs(values[0] - (-1 + 0.9 * (0.8 * values[2] + 0.1 * values[1] + 0.1 * values[0]))) < 1e-11)
        // From the south-east, north ends the episode; slips hold at the wall in the east and lead back west.
        #expect(abs(values[1] - (-1 + 0.9 * (0.1 * values[1] + 0.1 * values[0]))) < 1e-11)
        #expect(abs(values[1] - values[2]) < 1e-12)
    }

    @Test func `the example of maximisation bias is worth -0.1 on the left and 0 on the right`() {
        let values = ValueIteration.solve(.maximizationBias())
        #expect(values[0, 0] == -0.1 && values[0, 1] == 0 && values.maximum(of: 1) == -0.1)
    }

    @Test func `the error bound of value iteration holds`() {
        let process = randomProcess(3)
        let exact = ValueIteration.solve(process, tolerance: 1e-13)
        var iteration = ValueIteration(process)
        for _ in 0..<60 {
            iteration.sweep()
            #expect(iteration.values.distance(to: exact) <= iteration.errorBound + 1e-12)
        }
        #expect(iteration.sweeps == 60 && iteration.errorBound < 0.1)
    }

    @Test(arguments: [0, 0.5] as [Double])
    func `a policy evaluated by linear equations is the fixed point of its backup`(temperature: Double) throws
    {
        let process = randomProcess(5)
        var random = RandomStream(seed: 2, .initialisation)
        let policy = randomTable(process, &random).softmax(temperature: 4)
        let values = try process.evaluate(policy, temperature: temperature)
        let again = process.backup(values, under: policy, temperature: temperature)
        #expect(again.distance(to: values) < 1e-12)
    }

    @Test func `a policy whose episodes need not end has no value without discount`() throws {
        let round = FiniteMDP.Choice(reward: -1, successors: [.init(0, probability: 1)])
        let end = FiniteMDP.Choice(reward: -1, successors: [])
        let process = FiniteMDP(states: [[round, end]], discount: 1)
        var policy = ActionTable(for: process)
        policy[0, 0] = 1
        #expect(throws: LinearEquationsError.singular) { try process.evaluate(policy) }
        // Left to chance, half of the steps end it: two steps on average.
        let values = try process.evaluate(.uniform(for: process))
        #expect(abs(values[0, 0] + 3) < 1e-12 && values[0, 1] == -1)
    }

    @Test(arguments: [0.05, 1, 20] as [Double])
    func `soft policy iteration never falls and meets soft value iteration`(temperature: Double) throws {
        for seed in 0..<10 as Range<UInt64> {
            let process = randomProcess(seed)
            var iteration = try SoftPolicyIteration(process, temperature: temperature)
            var change = Double.infinity
            while change > 1e-12 && iteration.improvements < 100 {
                let before = iteration.values
                change = try iteration.improve()
                for (new, old) in zip(iteration.values.values, before.values) {
                    #expect(new >= old - 1e-12)
                }
            }
            #expect(iteration.improvements < 100)
            let exact = ValueIteration.solve(process, temperature: temperature)
            #expect(iteration.values.distance(to: exact) < 1e-10)
            #expect(iteration.policy.distance(to: exact.softmax(temperature: temperature)) < 1e-9)
        }
    }

    @Test(arguments: [1, 0.1, 0.01, 0.001] as [Double])
    func `as the temperature falls the soft values fall to the hard ones`(temperature: Double) {
        let bound = temperature * log(4) / (1 - 0.9)
        for seed in 0..<5 as Range<UInt64> {
            let process = randomProcess(seed)
            let hard = ValueIteration.solve(process).values
            let soft = ValueIteration.solve(process, temperature: temperature).values
            for (soft, hard) in zip(soft, hard) {
                #expect(soft - hard >= -1e-11 && soft - hard <= bound)
            }
            // The whole bound is nearly used where all choices are alike.
            let alike = FiniteMDP(
                states: [Array(repeating: process.states[0][0], count: 4)].map { choices in
                    choices.map { .init(reward: $0.reward, successors: [.init(0, probability: 1)]) }
                }, discount: 0.9)
            let gap =
                ValueIteration.solve(alike, temperature: temperature)[0, 0]
                - ValueIteration.solve(alike)[0, 0]
            #expect(abs(gap - 0.9 * bound) < 1e-10)
        }
    }

    @Test func `at a large temperature the best policy is uniform`() throws {
        let policy = try SoftPolicyIteration.solve(randomProcess(1), temperature: 1e6).policy
        #expect(policy.values.allSatisfy { abs($0 - 0.25) < 1e-4 })
        #expect(policy.values.contains { $0 != 0.25 })
    }

    @Test func `one state has the closed form of the Boltzmann policy`() throws {
        let (rewards, alpha) = ([1.0, 0.2, -0.5], 0.7)
        let process = FiniteMDP(
            states: [rewards.map { .init(reward: $0, successors: [.init(0, probability: 1)]) }], discount: 0.8
        )
        let solution = try SoftPolicyIteration.solve(process, temperature: alpha)
        let weights = rewards.map { exp($0 / alpha) }
        let sum = weights.reduce(0, +)
        let value = alpha * log(sum) / (1 - 0.8)
        for choice in 0..<3 {
            #expect(abs(solution.policy[0, choice] - weights[choice] / sum) < 1e-12)
            #expect(abs(solution.values[0, choice] - (rewards[choice] + 0.8 * value)) < 1e-11)
        }
    }
}
