// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Testing

/// Claims about acting.
struct NetworkPolicyTests {
    @Test func `actions are those of plain loops in double precision`() throws {
        var random = RandomStream(seed: 1, name: "shapes")
        for round in 0..<30 {
            let network = try PolicyNetwork.random(
                &random, observations: 1 + random.index(below: 40), actions: 1 + random.index(below: 12),
                widths: (0..<round % 4).map { _ in 1 + random.index(below: 130) },
                isStochastic: round % 2 == 0,
                choices: round % 5 == 4 ? 1 + random.index(below: 9) : 0)
            let policy = try NetworkPolicy(network)
            for i in 0..<10 {
                let observation = random.floats(network.observationCount, i == 9 ? 1e6 : 3)
                let twin = network.twin(observation)
                for (action, expected) in zip(try policy.action(observation), twin) {
                    #expect(abs(Double(action) - expected) < 1e-5)
                }
                var drawing = random
                let noise = (0..<network.actionCount).map { _ in drawing.normal() }
                let drawn = network.twin(observation, noise: noise)
                for (action, expected) in zip(try policy.action(observation, using: &random), drawn) {
                    #expect(abs(Double(action) - expected) < 1e-4)
                }
                #expect(random == drawing)
            }
        }
    }

    @Test func `a Gaussian actor's last layer is means, then deviations`() throws {
        let network = try PolicyNetwork(gaussian: [
            ([1, 0, 0, 1], [0, 0]),
            // Means 0.5 x0 and 0.25 x1 + 0.125; deviations exp(-3) and exp(x0 + 0.5).
            ([0.5, 0, 0, 0.25, 0, 0, 1, 0], [0, 0.125, -3, 0.5]),
        ])
        #expect(network.actionCount == 2 && network.observationCount == 2 && network.isStochastic)
        let policy = try NetworkPolicy(network)
        let mean = try policy.action([1, 2])
        #expect(abs(mean[0] - 0.46211716) < 1e-6)
        #expect(abs(mean[1] - 0.55459972) < 1e-6)
        var random = RandomStream(seed: 3, .exploration)
        var copy = random
        let (first, second) = (copy.normal(), copy.normal())
        let drawn = try policy.action([1, 2], using: &random)
        #expect(abs(Double(drawn[0]) - tanh(0.5 + exp(-3) * first)) < 1e-6)
        #expect(abs(Double(drawn[1]) - tanh(0.625 + exp(1.5) * second)) < 1e-6)
    }

    @Test func `deviations are clamped to exp(-20) and exp(2)`() throws {
        for (bias, deviation) in [(-100 as Float, 0.0), (100, 7.38905609893065)] {
            let network = try PolicyNetwork(gaussian: [([0, 0], [0, bias])])
            let policy = try NetworkPolicy(network)
            var random = RandomStream(seed: 4, .exploration)
            for _ in 0..<50 {
                var copy = random
                let expected = tanh(deviation * copy.normal())
                #expect(abs(Double(try policy.action([1], using: &random)[0]) - expected) < 1e-6)
            }
        }
    }

    @Test func `an observation that is not finite is refused, and the action is as it was`() throws {
        var random = RandomStream(seed: 5, name: "finite")
        let policy = try NetworkPolicy(.random(&random, observations: 3, actions: 2, widths: [8]))
        for bad in [Float.nan, .infinity, -.infinity, .signalingNaN] {
            for i in 0..<3 {
                var observation: [Float] = [0, 0, 0]
                observation[i] = bad
                var action: [Float] = [7, 8]
                #expect(throws: PoliciesError.notFinite) {
                    var span = action.mutableSpan
                    try policy.act(observation.span, into: &span)
                }
                #expect(action == [7, 8])
            }
        }
    }

    @Test func `beyond the clip the answer is the clipped one`() throws {
        var random = RandomStream(seed: 6, name: "clip")
        let network = try PolicyNetwork.random(&random, observations: 2, actions: 2, widths: [16])
        let policy = try NetworkPolicy(network)
        let edge = (0..<2).map { network.normaliser.mean[$0] + 11 / network.normaliser.inverseDeviation[$0] }
        #expect(try policy.action(edge) == policy.action([.greatestFiniteMagnitude, 1e9]))
        #expect(try policy.action(edge) != policy.action([0, 0]))
    }

    @Test func `numbers that make no network are told`() throws {
        func problem(_ make: () throws -> PolicyNetwork) -> String {
            do {
                _ = try make()
                return "none"
            } catch {
                return "\(error)"
            }
        }
        func layer(_ inputs: Int, _ outputs: Int, _ value: Float = 0.5) -> DenseLayer {
            DenseLayer(
                weight: [Float](repeating: value, count: inputs * outputs),
                bias: [Float](repeating: 0, count: outputs))
        }
        func network(_ layers: [DenseLayer], _ normaliser: Normaliser? = nil, _ actions: Int = 1) -> String {
            problem { try PolicyNetwork(layers: layers, normaliser: normaliser, actionCount: actions) }
        }
        #expect(network([layer(2, 3), layer(3, 1)]) == "none")
        #expect(network([]).contains("0 layers"))
        #expect(network(.init(repeating: layer(1, 1), count: 9)).contains("9 layers"))
        #expect(network([layer(2, 3), layer(2, 1)]).contains("layer 1 has 2 weights; 1 x 3"))
        #expect(network([layer(2, 3)]).contains("3 rows for 1 actions"))
        #expect(network([layer(2, 1)], nil, 0).contains("0 actions"))
        #expect(network([layer(2, 5000), layer(5000, 1)]).contains("5000 rows"))
        #expect(network([layer(2, 1, .nan)]).contains("diverged"))
        #expect(network([layer(2, 1)], .identity(3)).contains("layer 0"))
        #expect(network([layer(1, 1)], Normaliser(mean: [0], inverseDeviation: [0])).contains("positive"))
        #expect(network([layer(1, 1)], Normaliser(mean: [.nan], inverseDeviation: [1])).contains("finite"))
        #expect(
            network([layer(1, 1)], Normaliser(mean: [0], inverseDeviation: [1], clip: 0)).contains("clip"))
        #expect(network([layer(1, 1)], Normaliser(mean: [0], inverseDeviation: [])).contains("0 deviations"))
        #expect(problem { try PolicyNetwork(gaussian: [([1, 1, 1], [0, 0, 0])]) }.contains("even number"))
        #expect(problem { try PolicyNetwork(gaussian: []) }.contains("even number"))
        #expect(
            problem {
                try PolicyNetwork(layers: [layer(1, 2)], head: .greedy(choices: [0, 2]), actionCount: 1)
            }
            .contains("outside"))
        #expect(
            problem { try PolicyNetwork(layers: [layer(1, 2)], head: .greedy(choices: [0]), actionCount: 1) }
                .contains("2 choices"))
        #expect(
            problem {
                try PolicyNetwork(
                    layers: [layer(1, 1)], head: .squashed(logDeviation: layer(1, 2)), actionCount: 1)
            }.contains("deviations has 2 rows"))
    }
}
