// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Networks
import Testing

struct CategoricalTests {
    static let logits: [[Float]] = [
        [0, 0, 0, 0], [1, -2, 0.5, 3], [700, 699, -700, 0], [-1000, -1001, -1000, -2000],
    ]

    static func distribution() -> Categorical {
        let distribution = Categorical(batch: logits.count, choices: 4)
        for (row, numbers) in logits.enumerated() { distribution.logits.setRow(row, to: numbers.span) }
        distribution.normalise()
        return distribution
    }

    @Test func `probabilities, logarithms and entropies are those of the softmax, however large the logits`()
    {
        let distribution = Self.distribution()
        for (row, numbers) in Self.logits.enumerated() {
            let shifted = numbers.map { Double($0) - Double(numbers.max() ?? 0) }
            let logarithm = log(shifted.reduce(0) { $0 + exp($1) })
            var entropy = 0.0
            for choice in 0..<4 {
                let exact = shifted[choice] - logarithm
                #expect(abs(Double(distribution.probabilities[row, choice]) - exp(exact)) < 1e-6)
                #expect(
                    abs(Double(distribution.logProbabilities[row, choice]) - exact) < 1e-6
                        * max(1, abs(exact)))
                entropy -= exp(exact) * exact
            }
            #expect(abs(Double(distribution.entropies[row, 0]) - entropy) < 1e-5)
        }
    }

    @Test func `draws are as frequent as they are probable`() {
        let distribution = Self.distribution()
        var random = RandomStream(seed: 1, name: "draws")
        for row in 0..<3 {
            var counts = [0, 0, 0, 0]
            for _ in 0..<20_000 { counts[distribution.draw(row: row, using: &random)] += 1 }
            for choice in 0..<4 {
                let probability = Double(distribution.probabilities[row, choice])
                let error = 4 * (probability * (1 - probability) / 20_000).squareRoot() + 1e-9
                #expect(abs(Double(counts[choice]) / 20_000 - probability) < error)
            }
        }
    }
}

struct RMSPropTests {
    @Test func `two steps by hand`() {
        let (parameters, gradient) = (Parameters(count: 2), Parameters(count: 2))
        parameters[0] = 1
        parameters[1] = -2
        let optimiser = RMSProp(count: 2, rate: 0.1, decay: 0.9, epsilon: 0.01)
        for slopes in [[0.5, 0], [-1, 2]] as [[Float]] {
            for (index, slope) in slopes.enumerated() { gradient[index] = slope }
            optimiser.step(parameters, gradient: gradient)
        }
        // g = 0.1 · 0.25, then 0.9 · 0.025 + 0.1 · 1; the root is of g + 0.01.
        let first = 1 - 0.1 * 0.5 / (0.025 + 0.01).squareRoot()
        let exact = [
            first + 0.1 / (0.1225 + 0.01).squareRoot(), -2 - 0.1 * 2 / (0.4 + 0.01).squareRoot(),
        ]
        for index in 0..<2 { #expect(abs(Double(parameters[index]) - exact[index]) < 1e-6) }
        #expect(abs(optimiser.meanSquare[0] - 0.1225) < 1e-7)
    }

    @Test func `the squared norm is the sum of squares, and scaling scales it`() {
        let parameters = Parameters(count: 3)
        for (index, value) in ([3, 0, -4] as [Float]).enumerated() { parameters[index] = value }
        #expect(parameters.squaredNorm == 25)
        parameters.scale(by: 0.5)
        #expect(parameters.squaredNorm == 6.25)
        #expect(parameters[2] == -2)
    }
}
