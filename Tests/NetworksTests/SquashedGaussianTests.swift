// SPDX-License-Identifier: MIT

import Foundation
import Networks
import Testing

struct SquashedGaussianTests {
    /// The density's integral over (-1, 1)^actions, by the midpoint rule in the unsquashed variable.
    static func integral(means: [Double], deviations: [Double], nodes: Int = 400) -> Double {
        let count = means.count
        var total = 0.0
        let cells = Int(pow(Double(nodes), Double(count)))
        let batch = SquashedGaussian(batch: 1, actions: count)
        for cell in 0..<cells {
            var rest = cell
            var volume = 1.0
            for i in 0..<count {
                // Eight standard deviations to each side of the mean.
                let width = 16 / Double(nodes)
                let noise = -8 + (Double(rest % nodes) + 0.5) * width
                rest /= nodes
                let u = means[i] + deviations[i] * noise
                batch.head[0, i] = Float(means[i])
                batch.head[0, count + i] = Float(log(deviations[i]))
                batch.noise[0, i] = Float(noise)
                // da = (1 - tanh² u) du, written so that it does not cancel.
                let slope = 1 / pow(cosh(u), 2)
                volume *= width * deviations[i] * slope
            }
            batch.sample()
            total += exp(Double(batch.logProbabilities[0, 0])) * volume
        }
        return total
    }

    @Test(arguments: [(0.0, 1.0), (0.7, 0.3), (-1.5, 0.8), (2.0, 0.05), (0.0, 2.5)])
    func `the density of one action integrates to one`(mean: Double, deviation: Double) {
        let integral = Self.integral(means: [mean], deviations: [deviation])
        #expect(abs(integral - 1) < 1e-4, "the integral is \(integral)")
    }

    @Test func `the density of two actions integrates to one`() {
        let integral = Self.integral(means: [0.4, -0.8], deviations: [0.6, 1.1], nodes: 120)
        #expect(abs(integral - 1) < 1e-4, "the integral is \(integral)")
    }

    @Test func `actions and densities stay finite where tanh saturates`() {
        let batch = SquashedGaussian(batch: 1, actions: 1)
        for mean: Float in [-1e4, -30, 30, 1e4] {
            for deviation: Float in [-100, -20, 2, 50] {
                for noise: Float in [-6, 0, 6] {
                    batch.head[0, 0] = mean
                    batch.head[0, 1] = deviation
                    batch.noise[0, 0] = noise
                    batch.sample()
                    #expect(abs(batch.actions[0, 0]) <= 1)
                    #expect(batch.logProbabilities[0, 0].isFinite)
                }
            }
        }
    }
}
