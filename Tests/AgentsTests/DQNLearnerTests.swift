// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Testing

/// The update of DQN and Double DQN against tables and derivatives made by hand.
struct DQNLearnerTests {
    /// A learner of states 0, 1, 2, seen as unit vectors, whose Q is a table.
    ///
    /// The hidden layer passes the vector on, so that the last layer's weights are the table, (choices, states).
    private func learner(
        _ configuration: DQNConfiguration, _ table: [[Float]], target: [[Float]]
    ) -> DQNLearner {
        var configuration = configuration
        configuration.hidden = [3]
        let learner = DQNLearner(observations: 3, choices: table[0].count, configuration: configuration)
        for (parameters, table) in [(learner.parameters, table), (learner.target, target)] {
            for state in 0..<3 {
                parameters[learner.network.layers[0].weights + 4 * state] = 1
                for (choice, value) in table[state].enumerated() {
                    parameters[learner.network.layers[1].weights + 3 * choice + state] = value
                }
            }
        }
        return learner
    }

    @Test func `the highest value of a state is that of the choice that is taken`() {
        let table: [[Float]] = [[1, 5, 2], [-3, -4, -2], [0.5, 0.25, 0.125]]
        let learner = learner(DQNConfiguration(), table, target: table.map { $0.map { $0 + 100 } })
        for (state, values) in table.enumerated() {
            let observation = (0..<3).map { Float($0 == state ? 1 : 0) }
            #expect(learner.highestValue(observation.span) == Double(values.max() ?? .nan))
            #expect(values[learner.greedyChoice(observation.span)] == values.max())
        }
    }

    private struct Row {
        var state: Int
        var choice: Int
        var reward: Float
        var next: Int
        var isTerminated = false
    }

    private func fill(_ batch: MiniBatch, _ rows: [Row]) {
        for (i, row) in rows.enumerated() {
            for state in 0..<3 {
                batch.observations[i, state] = state == row.state ? 1 : 0
                batch.nextObservations[i, state] = state == row.next ? 1 : 0
            }
            batch.actions[i, 0] = Float(row.choice)
            batch.rewards[i, 0] = row.reward
            batch.terminated[i, 0] = row.isTerminated ? 1 : 0
        }
    }

    private static let online: [[Float]] = [[1, 4], [7, 2], [3, 3]]
    private static let copy: [[Float]] = [[10, 20], [30, 50], [-5, 5]]
    private static let rows = [
        Row(state: 0, choice: 1, reward: 1, next: 0), Row(state: 1, choice: 0, reward: 2, next: 1),
        Row(state: 2, choice: 1, reward: 3, next: 2),
        Row(state: 0, choice: 0, reward: 4, next: 1, isTerminated: true),
    ]

    private func targets(_ rule: TargetRule, usesTargetNetwork: Bool = true) -> [Float] {
        var configuration = DQNConfiguration(target: rule)
        (configuration.batch, configuration.discount) = (4, 0.5)
        configuration.usesTargetNetwork = usesTargetNetwork
        let learner = learner(configuration, Self.online, target: Self.copy)
        fill(learner.batch, Self.rows)
        learner.computeTargets()
        return (0..<4).map { learner.targets[$0, 0] }
    }

    @Test func `DQN values the next state by the copy's best choice, but not after the end`() {
        // 1 + 0.5 · 20, 2 + 0.5 · 50, 3 + 0.5 · 5, 4
        let expected: [Float] = [11, 27, 5.5, 4]
        #expect(targets(.maximum) == expected)
    }

    @Test func `Double DQN values the network's choice by the copy; of equals the first`() {
        // 1 + 0.5 · 20, 2 + 0.5 · 30, 3 - 0.5 · 5, 4
        let expected: [Float] = [11, 17, 0.5, 4]
        #expect(targets(.double) == expected)
    }

    @Test func `without a copy the network values its own choice, by either rule`() {
        // 1 + 0.5 · 4, 2 + 0.5 · 7, 3 + 0.5 · 3, 4
        let expected: [Float] = [3, 5.5, 4.5, 4]
        for rule in TargetRule.allCases {
            #expect(targets(rule, usesTargetNetwork: false) == expected)
        }
    }

    @Test(arguments: DQNLoss.allCases)
    func `losses and slopes, on this side and that of an error of 1`(_ loss: DQNLoss) {
        var configuration = DQNConfiguration()
        (configuration.batch, configuration.loss) = (4, loss)
        let learner = learner(configuration, Self.online, target: Self.copy)
        fill(learner.batch, Self.rows)
        // Q(s, a) is 4, 7, 3, 1.
        for (row, target) in [Float(3.5), 10, 3, -1].enumerated() { learner.targets[row, 0] = target }
        let metrics = learner.differentiate()
        let errors = [0.5, -3, 0, 2]
        let losses =
            loss == .squared ? errors.map { $0 * $0 / 2 } : [0.125, 2.5, 0, 1.5]
        #expect(abs(metrics.loss - losses.reduce(0, +) / 4) < 1e-6)
        #expect(abs(metrics.value - (4 + 7 + 3 + 4) / 4) < 1e-6)
        // The gradient in the last biases: choice 0 was taken in rows 1 and 3, choice 1 in rows 0 and 2.
        let slopes: [Float] = loss == .squared ? [0.5, -3, 0, 2] : [0.5, -1, 0, 1]
        let biases = learner.network.layers[1].biases
        #expect(abs(learner.gradient[biases] - (slopes[1] + slopes[3]) / 4) < 1e-6)
        #expect(abs(learner.gradient[biases + 1] - (slopes[0] + slopes[2]) / 4) < 1e-6)
    }

    /// The network in double precision by plain loops.
    private func value(_ network: Perceptron, _ numbers: [Double], _ observation: [Double], _ choice: Int)
        -> Double
    {
        var x = observation
        for (i, layer) in network.layers.enumerated() {
            x = (0..<layer.outputs).map { row in
                let sum = x.indices.reduce(numbers[layer.biases + row]) {
                    $0 + numbers[layer.weights + row * layer.inputs + $1] * x[$1]
                }
                return i + 1 < network.layers.count ? max(sum, 0) : sum
            }
        }
        return x[choice]
    }

    @Test(arguments: DQNLoss.allCases)
    func `the gradient is that of finite differences`(_ loss: DQNLoss) {
        var configuration = DQNConfiguration()
        (configuration.batch, configuration.loss, configuration.hidden) = (16, loss, [7, 5])
        let learner = DQNLearner(observations: 4, choices: 3, configuration: configuration)
        var random = RandomStream(seed: 5, .initialisation)
        learner.initialise(using: &random)
        learner.batch.observations.fillNormal(using: &random)
        learner.targets.fillNormal(using: &random)
        for row in 0..<16 {
            learner.batch.actions[row, 0] = Float(random.index(below: 3))
            // Errors on both sides of 1.
            learner.targets[row, 0] *= 3
        }
        _ = learner.differentiate()
        var numbers = (0..<learner.parameters.count).map { Double(learner.parameters[$0]) }
        func meanLoss() -> Double {
            (0..<16).reduce(0) { sum, row in
                let observation = (0..<4).map { Double(learner.batch.observations[row, $0]) }
                let error =
                    value(learner.network, numbers, observation, Int(learner.batch.actions[row, 0]))
                    - Double(learner.targets[row, 0])
                let own = loss == .huber && abs(error) > 1 ? abs(error) - 0.5 : error * error / 2
                return sum + own / 16
            }
        }
        for i in numbers.indices {
            let number = numbers[i]
            numbers[i] = number + 1e-6
            let above = meanLoss()
            numbers[i] = number - 1e-6
            let difference = (above - meanLoss()) / 2e-6
            numbers[i] = number
            #expect(abs(Double(learner.gradient[i]) - difference) < 1e-5, "parameter \(i)")
        }
    }

    @Test func `the copy is taken every K updates and stays between`() {
        var configuration = DQNConfiguration()
        (configuration.batch, configuration.targetInterval) = (4, 3)
        let learner = learner(configuration, Self.online, target: Self.copy)
        func numbers(_ parameters: Parameters) -> [Float] { (0..<parameters.count).map { parameters[$0] } }
        var last = numbers(learner.target)
        for update in 1...7 {
            fill(learner.batch, Self.rows)
            let before = numbers(learner.parameters)
            _ = learner.update()
            #expect(numbers(learner.parameters) != before)
            if update == 3 || update == 6 { last = numbers(learner.parameters) }
            #expect(numbers(learner.target) == last, "after update \(update)")
        }
    }

    @Test func `the first of equal values is chosen`() {
        let learner = learner(DQNConfiguration(), Self.online, target: Self.copy)
        let states: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        #expect(states.map { learner.greedyChoice($0.span) } == [1, 0, 0])
    }
}
