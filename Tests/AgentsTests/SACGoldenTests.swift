// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Networks
import Testing

/// Golden/sac_update*.json: updates of SAC by PyTorch autograd in float64 (torch 2.13.0).
///
/// Bounds: what float32 can hold.
struct SACGoldenTests {
    struct Golden: Decodable {
        struct Weights: Decodable {
            var actor: [Tensor]
            var q1: [Tensor]
            var q2: [Tensor]
            var logAlpha: Double?
            var target1: [Tensor]?
            var target2: [Tensor]?
        }
        struct Update: Decodable {
            var observation, action, nextObservation, nextNoise, noise, policyAction: [[Double]]
            var reward, terminated, target, nextLogPi, logPi: [Double]
            var q1Loss, q2Loss, actorLoss, temperatureLoss, alphaUsed: Double
            var gradients: Weights?
            var after: Weights?
        }
        var gamma, tau, learningRate, targetEntropy: Double
        var initial: Weights
        var updates: [Update]
    }

    /// A matrix or a vector of the file.
    enum Tensor: Decodable {
        case matrix([[Double]])
        case vector([Double])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let matrix = try? container.decode([[Double]].self) {
                self = .matrix(matrix)
            } else {
                self = .vector(try container.decode([Double].self))
            }
        }

        /// The values in our order: the file has weights (inputs, outputs), we have (outputs, inputs).
        var values: [Double] {
            switch self {
            case .vector(let values): values
            case .matrix(let rows): rows[0].indices.flatMap { column in rows.map { $0[column] } }
            }
        }
    }

    static func load(_ name: String) throws -> Golden {
        let url = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Golden.self, from: Data(contentsOf: url))
    }

    static func learner(_ golden: Golden, threads: Int = 1) throws -> SACLearner {
        let update = golden.updates[0]
        let (observations, actions) = (update.observation[0].count, update.action[0].count)
        var configuration = SACConfiguration()
        try configuration.apply([
            "batch: \(update.reward.count)",
            "hidden: \(Array(repeating: golden.initial.actor[1].values.count, count: 2))",
            "discount: \(golden.gamma)", "polyak_rate: \(golden.tau)",
            "learning_rate: \(golden.learningRate)",
            "target_entropy: \(golden.targetEntropy)",
        ])
        let learner = SACLearner(
            observations: observations, actions: actions, configuration: configuration, threads: threads)
        set(learner.actor.parameters, golden.initial.actor)
        set(learner.critics.0.parameters, golden.initial.q1)
        set(learner.critics.1.parameters, golden.initial.q2)
        set(learner.critics.0.target, golden.initial.target1 ?? [])
        set(learner.critics.1.target, golden.initial.target2 ?? [])
        learner.temperature.logarithm = golden.initial.logAlpha ?? 0
        return learner
    }

    static func set(_ parameters: Parameters, _ tensors: [Tensor]) {
        for (index, value) in tensors.flatMap(\.values).enumerated() { parameters[index] = Float(value) }
    }

    static func fill(_ matrix: Matrix, _ rows: [[Double]]) {
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() { matrix[row, column] = Float(value) }
        }
    }

    static func run(_ update: Golden.Update, on learner: SACLearner) -> SACMetrics {
        fill(learner.batch.observations, update.observation)
        fill(learner.batch.actions, update.action)
        fill(learner.batch.rewards, update.reward.map { [$0] })
        fill(learner.batch.nextObservations, update.nextObservation)
        fill(learner.batch.terminated, update.terminated.map { [$0] })
        fill(learner.next.distribution.noise, update.nextNoise)
        fill(learner.current.distribution.noise, update.noise)
        return learner.update()
    }

    func expectClose(_ value: Double, _ golden: Double, _ what: String) {
        #expect(abs(value - golden) <= 5e-6 * max(1, abs(golden)), "\(what): \(value), PyTorch \(golden)")
    }

    func expectClose(_ matrix: Matrix, _ golden: [[Double]], _ what: String) {
        for (row, values) in golden.enumerated() {
            for (column, value) in values.enumerated() {
                expectClose(Double(matrix[row, column]), value, "\(what) [\(row), \(column)]")
            }
        }
    }

    /// The distance to the golden numbers, relative to their norm.
    func distance(_ parameters: Parameters, _ tensors: [Tensor]) -> Double {
        var (difference, norm) = (0.0, 0.0)
        let golden = tensors.flatMap(\.values)
        #expect(golden.count == parameters.count)
        for (index, value) in golden.enumerated() {
            difference += pow(Double(parameters[index]) - value, 2)
            norm += value * value
        }
        return (difference / norm).squareRoot()
    }

    @Test(arguments: ["sac_update", "sac_update_wide"], [1, 2, 8])
    func `every update agrees with PyTorch in float64`(name: String, threads: Int) throws {
        let golden = try Self.load(name)
        let learner = try Self.learner(golden, threads: threads)
        for (index, update) in golden.updates.enumerated() {
            let metrics = Self.run(update, on: learner)
            let label = "update \(index)"
            expectClose(learner.targets, update.target.map { [$0] }, "\(label) target")
            expectClose(
                learner.next.distribution.logProbabilities, update.nextLogPi.map { [$0] },
                "\(label) next log pi")
            expectClose(
                learner.current.distribution.logProbabilities, update.logPi.map { [$0] }, "\(label) log pi")
            expectClose(learner.current.distribution.actions, update.policyAction, "\(label) action")
            expectClose(metrics.criticLosses.0, update.q1Loss, "\(label) first critic's loss")
            expectClose(metrics.criticLosses.1, update.q2Loss, "\(label) second critic's loss")
            expectClose(metrics.actorLoss, update.actorLoss, "\(label) actor's loss")
            expectClose(metrics.temperatureLoss, update.temperatureLoss, "\(label) temperature's loss")
            expectClose(metrics.temperature, update.alphaUsed, "\(label) temperature")
            if let gradients = update.gradients {
                #expect(distance(learner.critics.0.gradient, gradients.q1) <= 2e-6)
                #expect(distance(learner.critics.1.gradient, gradients.q2) <= 2e-6)
                #expect(distance(learner.actor.gradient, gradients.actor) <= 2e-6)
            }
            if let after = update.after {
                #expect(distance(learner.actor.parameters, after.actor) <= 1e-6)
                #expect(distance(learner.critics.0.parameters, after.q1) <= 1e-6)
                #expect(distance(learner.critics.1.parameters, after.q2) <= 1e-6)
                #expect(distance(learner.critics.0.target, after.target1 ?? []) <= 1e-6)
                #expect(distance(learner.critics.1.target, after.target2 ?? []) <= 1e-6)
                expectClose(learner.temperature.logarithm, after.logAlpha ?? .nan, "\(label) log alpha")
            }
        }
    }

    /// All parameters of a learner and what its updates measured.
    static func numbers(_ learner: SACLearner, _ metrics: [SACMetrics]) -> [Double] {
        let networks = [
            learner.actor.parameters, learner.critics.0.parameters, learner.critics.1.parameters,
            learner.critics.0.target, learner.critics.1.target,
        ]
        let parameters = networks.flatMap { network in (0..<network.count).map { Double(network[$0]) } }
        let measured = metrics.flatMap {
            [$0.criticLosses.0, $0.criticLosses.1, $0.actorLoss, $0.temperatureLoss, $0.entropy, $0.value]
        }
        return parameters + measured + [learner.temperature.logarithm]
    }

    @Test(arguments: ["sac_update", "sac_update_wide"])
    func `all instruction sets of this machine agree`(name: String) throws {
        let golden = try Self.load(name)
        let results = try CoreSpeed.withEachInstructionSet { isa in
            let learner = try Self.learner(golden)
            return (isa, Self.numbers(learner, golden.updates.map { Self.run($0, on: learner) }))
        }
        #expect(results.count >= 2)
        for (isa, numbers) in results.dropFirst() {
            let apart = zip(numbers, results[0].1).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
            #expect(apart <= 1e-4, "\(isa) is \(apart) from \(results[0].0)")
            // Sums in another order have other bits: had the choice no effect, there would be nothing to compare.
            #expect(apart > 0)
        }
    }
}
