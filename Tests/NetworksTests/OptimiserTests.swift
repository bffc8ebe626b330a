// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Networks
import Testing

struct OptimiserTests {
    /// Adam by the paper's algorithm 1, in double precision.
    struct Twin {
        var value: Double
        var m = 0.0
        var v = 0.0
        var t = 0

        mutating func step(_ gradient: Double, rate: Double) {
            t += 1
            m = 0.9 * m + 0.1 * gradient
            v = 0.999 * v + 0.001 * gradient * gradient
            let mean = m / (1 - pow(0.9, Double(t)))
            let square = v / (1 - pow(0.999, Double(t)))
            value -= rate * mean / (square.squareRoot() + 1e-8)
        }
    }

    @Test func `Adam takes the steps of the paper`() {
        let count = 37
        let (parameters, gradient) = (Parameters(count: count), Parameters(count: count))
        let optimiser = Adam(count: count, rate: 0.01)
        var random = RandomStream(seed: 1, name: "adam")
        var twins = (0..<count).map { _ in Twin(value: random.normal()) }
        for i in 0..<count { parameters[i] = Float(twins[i].value) }
        for _ in 0..<50 {
            for i in 0..<count {
                gradient[i] = Float(random.normal())
                twins[i].step(Double(gradient[i]), rate: 0.01)
            }
            optimiser.step(parameters, gradient: gradient)
        }
        for i in 0..<count { #expect(abs(Double(parameters[i]) - twins[i].value) < 2e-6) }
        #expect(optimiser.steps == 50)
    }

    @Test func `the pass with the Polyak average moves the target by its rate`() {
        let (online, target, gradient) = (
            Parameters(count: 5), Parameters(count: 5), Parameters(count: 5)
        )
        for i in 0..<5 {
            online[i] = 1
            target[i] = -3
        }
        // Without a gradient the parameters stay; the target goes a tenth of the way to them.
        Adam(count: 5, rate: 0.1).step(online, gradient: gradient, target: target, polyakRate: 0.1)
        for i in 0..<5 {
            #expect(online[i] == 1)
            #expect(abs(target[i] - -2.6) < 1e-6)
        }
    }

    @Test func `the scalar Adam takes the same steps`() {
        var (value, twin) = (2.0, Twin(value: 2))
        var optimiser = ScalarAdam(rate: 0.05)
        for step in 0..<20 {
            let gradient = sin(Double(step))
            optimiser.step(&value, gradient: gradient)
            twin.step(gradient, rate: 0.05)
        }
        #expect(abs(value - twin.value) < 1e-12)
    }

    @Test(arguments: [1, 5, 16, 37, 500])
    func `a step in ranges has the bits of a whole one`(count: Int) {
        var random = RandomStream(seed: 2, name: "ranges")
        let gradient = Parameters(count: count)
        let (whole, parts) = (Parameters(count: count), Parameters(count: count))
        let (one, two) = (Adam(count: count, rate: 0.01), Adam(count: count, rate: 0.01))
        for _ in 0..<3 {
            for i in 0..<count { gradient[i] = Float(random.normal()) }
            one.step(whole, gradient: gradient)
            two.beginStep()
            for range in [count / 3..<count, 0..<count / 3] { two.step(parts, gradient: gradient, in: range) }
        }
        for i in 0..<count { #expect(whole[i] == parts[i] && whole[i] != 0) }
        #expect(one.steps == two.steps)
    }
}
