// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Testing

/// The gradient of A2C's whole loss, in every parameter, against central differences of the loss written out in double precision.
struct A2CGradientTests {
    static let observations = 3

    /// A learner with a full rollout of random steps, one of them without weight, and with random advantages.
    static func learner(
        actions: Int, grid: ActionGrid?, _ settings: [String]
    ) throws -> A2CLearner {
        var configuration = A2CConfiguration()
        try configuration.apply(
            [
                "hidden: [7, 5]", "environments: 2",
                "rollout: 6", "normalise_returns: false",
            ] + settings)
        let learner = A2CLearner(
            observations: observations, actions: actions, grid: grid, configuration: configuration)
        var random = RandomStream(seed: 7, name: "a2c gradient")
        learner.initialise(using: &random)
        for (network, parameters) in [
            (learner.actor.network, learner.actor.parameters),
            (learner.critic.network, learner.critic.parameters),
        ] {
            // Far from the small weights of the start, so that logits and means differ.
            network.initialise(parameters, using: &random)
            for index in 0..<parameters.count { parameters[index] *= 2 }
        }
        for row in 0..<12 {
            let observation = (0..<observations).map { _ in Float(random.normal()) }
            let next = (0..<observations).map { _ in Float(random.normal()) }
            for column in 0..<learner.rollout.draws.columns {
                learner.rollout.draws[row, column] =
                    grid.map { Float(random.index(below: $0.count)) } ?? Float(1.5 * random.normal())
            }
            if row == 5 {
                learner.rollout.appendNothing()
            } else {
                learner.rollout.append(
                    observation: observation.span, reward: Float(random.normal()), next: next.span,
                    isTerminated: row == 3, isLast: row == 3 || row == 8)
            }
            learner.inputs.setRow(row, to: observation.span)
            learner.nextInputs.setRow(row, to: next.span)
        }
        learner.estimateAdvantages()
        return learner
    }

    /// The rows that count.
    static let rows = (0..<12).filter { $0 != 5 }

    static func input(_ learner: A2CLearner, _ row: Int) -> [Double] {
        (0..<observations).map { Double(learner.inputs[row, $0]) }
    }

    /// log of the density of tanh(u), u normal: the textbook's form, exact where tanh does not saturate.
    static func logDensity(_ draw: Double, mean: Double, logDeviation: Double) -> Double {
        let noise = (draw - mean) / exp(logDeviation)
        return -noise * noise / 2 - logDeviation - log(2 * .pi) / 2 - log(1 - tanh(draw) * tanh(draw))
    }

    @Test func `the mean value is that of the rows that count`() throws {
        let learner = try Self.learner(actions: 2, grid: nil, [])
        let critic = DoubleNetwork(learner.critic.network, learner.critic.parameters)
        let sum = Self.rows.reduce(0.0) { $0 + critic(Self.input(learner, $1))[0] }
        #expect(abs(learner.differentiate().value - sum / Double(Self.rows.count)) < 1e-5)
    }

    @Test func `the critic's gradient is that of half the squared error, weighted`() throws {
        let learner = try Self.learner(actions: 1, grid: nil, ["value_weight: 0.7"])
        let metrics = learner.differentiate()
        let network = DoubleNetwork(learner.critic.network, learner.critic.parameters)
        let loss = { (parameters: [Double]) -> Double in
            var moved = network
            moved.parameters = parameters
            return Self.rows.reduce(0.0) { sum, row in
                let error = moved(Self.input(learner, row))[0] - Double(learner.returns[row, 0])
                return sum + error * error / 2 / Double(Self.rows.count)
            }
        }
        #expect(abs(loss(network.parameters) - metrics.valueLoss) < 1e-5)
        let exact = differences(of: network.parameters) { 0.7 * loss($0) }
        #expect(distance(learner.critic.gradient, exact) < 1e-5)
    }

    @Test(arguments: [0, 0.3])
    func `the gradient of continuous actions is that of log pi A and of the entropy along the draw`(
        beta: Double
    ) throws {
        let learner = try Self.learner(
            actions: 2, grid: nil, ["entropy_weight: \(beta)", "initial_deviation: 0.8"])
        guard case .gaussian(let head) = learner.actor.head else {
            Issue.record("no Gaussian")
            return
        }
        head.logDeviations[1] = 0.3
        let metrics = learner.differentiate()
        let network = DoubleNetwork(learner.actor.network, learner.actor.parameters)
        let logDeviations = [Double(head.logDeviations[0]), Double(head.logDeviations[1])]
        // z of each draw under the parameters as they are: what the entropy holds fixed.
        let noise = (0..<12).map { row -> [Double] in
            let means = network(Self.input(learner, row))
            return (0..<2).map {
                (Double(learner.rollout.draws[row, $0]) - means[$0]) / exp(logDeviations[$0])
            }
        }
        let parts = { (parameters: [Double]) -> (policy: Double, entropy: Double) in
            var moved = network
            moved.parameters = Array(parameters.dropLast(2))
            let deviations = Array(parameters.suffix(2))
            var (policy, entropy) = (0.0, 0.0)
            for row in Self.rows {
                let means = moved(Self.input(learner, row))
                for action in 0..<2 {
                    let draw = Double(learner.rollout.draws[row, action])
                    policy -=
                        Double(learner.advantages[row, 0])
                        * Self.logDensity(draw, mean: means[action], logDeviation: deviations[action])
                    let along = means[action] + exp(deviations[action]) * noise[row][action]
                    entropy -= Self.logDensity(along, mean: means[action], logDeviation: deviations[action])
                }
            }
            return (policy / Double(Self.rows.count), entropy / Double(Self.rows.count))
        }
        let whole = network.parameters + logDeviations
        #expect(abs(parts(whole).policy - metrics.policyLoss) < 1e-5)
        #expect(abs(parts(whole).entropy - metrics.entropy) < 1e-5)
        let exact = differences(of: whole) { parts($0).policy - beta * parts($0).entropy }
        #expect(distance(learner.actor.gradient, Array(exact.dropLast(2))) < 1e-5)
        #expect(distance(head.logDeviationGradient, Array(exact.suffix(2))) < 1e-5)
    }

    @Test(arguments: [0, 0.3])
    func `the gradient of discrete actions is that of log p A and of the exact entropy`(beta: Double) throws {
        let grid = try ActionGrid(.each([[-1, 1], [-1, 0, 1]]), actionCount: 2)
        let learner = try Self.learner(actions: 2, grid: grid, ["entropy_weight: \(beta)"])
        let metrics = learner.differentiate()
        let network = DoubleNetwork(learner.actor.network, learner.actor.parameters)
        let parts = { (parameters: [Double]) -> (policy: Double, entropy: Double) in
            var moved = network
            moved.parameters = parameters
            var (policy, entropy) = (0.0, 0.0)
            for row in Self.rows {
                let logits = moved(Self.input(learner, row))
                let logarithm = log(logits.reduce(0) { $0 + exp($1) })
                let chosen = Int(learner.rollout.draws[row, 0])
                policy -= Double(learner.advantages[row, 0]) * (logits[chosen] - logarithm)
                for logit in logits { entropy -= exp(logit - logarithm) * (logit - logarithm) }
            }
            return (policy / Double(Self.rows.count), entropy / Double(Self.rows.count))
        }
        #expect(abs(parts(network.parameters).policy - metrics.policyLoss) < 1e-5)
        #expect(abs(parts(network.parameters).entropy - metrics.entropy) < 1e-5)
        let exact = differences(of: network.parameters) { parts($0).policy - beta * parts($0).entropy }
        #expect(distance(learner.actor.gradient, exact) < 1e-5)
    }

    @Test func `a deviation at its bound gets no gradient`() throws {
        let learner = try Self.learner(actions: 2, grid: nil, ["entropy_weight: 0.1"])
        guard case .gaussian(let head) = learner.actor.head else {
            Issue.record("no Gaussian")
            return
        }
        head.logDeviations[0] = 2.5
        _ = learner.differentiate()
        #expect(head.logDeviationGradient[0] == 0)
        #expect(head.logDeviationGradient[1] != 0)
    }

    @Test func `a gradient that is too long is shortened to the bound, in its direction, networks together`()
        throws
    {
        let learner = try Self.learner(actions: 2, grid: nil, ["gradient_norm: 0.05"])
        guard case .gaussian(let head) = learner.actor.head else {
            Issue.record("no Gaussian")
            return
        }
        _ = learner.differentiate()
        let vectors = [learner.actor.gradient, learner.critic.gradient, head.logDeviationGradient]
        let before = vectors.map { vector in (0..<vector.count).map { Double(vector[$0]) } }
        let norm = before.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(norm > 0.1)
        #expect(abs(learner.boundGradient() - norm) < 1e-6 * norm)
        for (vector, old) in zip(vectors, before) {
            for (index, value) in old.enumerated() {
                #expect(abs(Double(vector[index]) - value * 0.05 / norm) < 1e-7)
            }
        }
        // What is short enough stays as it is, bit for bit.
        let short = vectors.map { vector in (0..<vector.count).map { vector[$0] } }
        for vector in vectors { vector.scale(by: 0.5) }
        #expect(abs(learner.boundGradient() - 0.025) < 1e-6)
        for (vector, old) in zip(vectors, short) {
            for (index, value) in old.enumerated() { #expect(vector[index] == 0.5 * value) }
        }
    }
}
