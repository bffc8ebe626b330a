// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Foundation
import Testing

struct TicksTests {
    @Test func `ticks rise, are few, and cover the values`() {
        var generator = RandomStream(seed: 1, name: "axes")
        for _ in 0..<20_000 {
            let size = pow(10, Double.random(in: -12...12, using: &generator))
            let low = Double.random(in: -1...1, using: &generator) * size
            let high = low + pow(10, Double.random(in: -6...1, using: &generator)) * size
            let ticks = Ticks(Axis(""), showing: [low, high])
            let room = (high - low) * 1e-5 + abs(high) * 1e-8
            #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 }, "\(low) \(high)")
            #expect(ticks.range.lowerBound <= low + room && high - room <= ticks.range.upperBound)
            #expect(ticks.range.lowerBound == ticks.values[0])
            #expect(ticks.range.upperBound == ticks.values[ticks.values.count - 1])
            #expect((3...10).contains(ticks.values.count), "\(low) \(high): \(ticks.values)")
            #expect(Set(ticks.labels).count == ticks.labels.count, "\(low) \(high): \(ticks.labels)")
        }
    }

    @Test func `logarithmic ticks rise by one factor and cover the values`() {
        for low in -30..<30 {
            for decades in 0..<40 {
                let values = [1.5 * pow(10, Double(low)), 4 * pow(10, Double(low + decades))]
                let ticks = Ticks(Axis("", .logarithmic), showing: values)
                #expect(ticks.values[0] <= values[0] && ticks.values[ticks.values.count - 1] >= values[1])
                #expect(ticks.values.count <= 8)
                let factors = zip(ticks.values, ticks.values.dropFirst()).map { $1 / $0 }
                #expect(factors.allSatisfy { abs($0 / factors[0] - 1) < 1e-9 && $0 > 9 })
            }
        }
    }

    @Test(arguments: [
        ([-1600.0, -150], ["−2000", "−1500", "−1000", "−500", "0"]),
        ([0, 300_000], ["0", "50k", "100k", "150k", "200k", "250k", "300k"]),
        ([0, 1_000_000], ["0", "0.2M", "0.4M", "0.6M", "0.8M", "1.0M"]),
        ([0.1, 0.42], ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ([7, 7], ["6.25", "6.50", "6.75", "7.00", "7.25", "7.50", "7.75"]),
    ])
    func `ticks are the round numbers that a person would take`(values: [Double], labels: [String]) {
        #expect(Ticks(Axis(""), showing: values).labels == labels)
    }

    @Test func `a range that is asked for is the axis's, with ticks inside`() {
        let ticks = Ticks(Axis("", range: 3...97), showing: [0, 1000])
        #expect(ticks.range == 3...97)
        #expect(ticks.values == [20, 40, 60, 80])
        let decades = Ticks(Axis("", .logarithmic, range: 0.5...2000), showing: [])
        #expect(decades.values.map { $0.rounded() } == [1, 10, 100, 1000])
    }

    @Test func `values that an axis cannot show do not widen it`() {
        #expect(Ticks(Axis(""), showing: [0, .nan, .infinity, 10]).range == 0...10)
        #expect(Ticks(Axis("", .logarithmic), showing: [0, -5, 1, 100]).range == 1...100)
        #expect(Ticks(Axis(""), showing: []).range == 0...1)
        #expect(Ticks(Axis("", showsZero: true), showing: [1000, 6000]).range == 0...6000)
    }

    @Test func `numbers have at most two decimals and no needless zero`() {
        let cases: [(Double, String)] = [
            (0, "0"), (-0.001, "0"), (1.5, "1.5"), (2.05, "2.05"), (-3.999, "-4"), (1e30, "1000000"),
            (.nan, "0"), (-.infinity, "-1000000"),
        ]
        for (value, text) in cases { #expect(SVG.number(value) == text) }
    }
}
