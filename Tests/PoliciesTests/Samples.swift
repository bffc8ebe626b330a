// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Testing

extension RandomStream {
    mutating func floats(_ count: Int, _ spread: Double) -> [Float] {
        (0..<count).map { _ in Float(uniform(-spread, spread)) }
    }
}

extension PolicyNetwork {
    /// A network of random numbers: `widths` are the hidden layers.
    static func random(
        _ random: inout RandomStream, observations: Int, actions: Int, widths: [Int],
        isStochastic: Bool = true,
        choices: Int = 0
    ) throws -> PolicyNetwork {
        var layers: [DenseLayer] = []
        var inputs = observations
        for width in widths + [choices > 0 ? choices : actions] {
            let spread = 1.5 / Double(inputs).squareRoot()
            layers.append(
                DenseLayer(weight: random.floats(width * inputs, spread), bias: random.floats(width, 0.1)))
            inputs = width
        }
        let last = widths.last ?? observations
        let deviation = DenseLayer(
            weight: random.floats(last * actions, 1.5 / Double(last).squareRoot()),
            bias: random.floats(actions, 2))
        let normaliser = Normaliser(
            mean: random.floats(observations, 1),
            inverseDeviation: random.floats(observations, 1).map { $0 + 1.5 })
        return try PolicyNetwork(
            layers: layers,
            head: choices > 0
                ? .greedy(choices: random.floats(choices * actions, 1))
                : .squashed(logDeviation: isStochastic ? deviation : nil),
            normaliser: normaliser, actionCount: actions)
    }

    /// The action in double precision by plain loops, with `noise` where it is given.
    func twin(_ observation: [Float], noise: [Double]? = nil) -> [Double] {
        var x = observation.indices.map { i in
            let value =
                (Double(observation[i]) - Double(normaliser.mean[i])) * Double(normaliser.inverseDeviation[i])
            return min(max(value, -Double(normaliser.clip)), Double(normaliser.clip))
        }
        for layer in layers.dropLast() { x = layer.twin(x).map { max($0, 0) } }
        let y = layers.last?.twin(x) ?? []
        switch head {
        case .greedy(let choices):
            let best = y.indices.reduce(0) { y[$1] > y[$0] ? $1 : $0 }
            return choices[best * actionCount..<(best + 1) * actionCount].map(Double.init)
        case .table(let table, let choices):
            let state = zip(x, table.bins).reduce(0) {
                // Clamped as a number first: an extreme observation is beyond any integer.
                $0 * $1.1 + Int(min(max($1.0.rounded(.down), 0), Double($1.1 - 1)))
            }
            let count = choices.count / actionCount
            let row = table.values[state * count..<(state + 1) * count]
            let best = row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
            return choices[best * actionCount..<(best + 1) * actionCount].map(Double.init)
        case .squashed(let deviation):
            guard let noise, let s = deviation?.twin(x) else { return y.map(tanh) }
            return y.indices.map { tanh(y[$0] + exp(min(max(s[$0], -20), 2)) * noise[$0]) }
        }
    }
}

extension ValueTable {
    static func random(_ random: inout RandomStream, bins: [Int], choices: Int) -> ValueTable {
        ValueTable(bins: bins, values: random.floats(bins.reduce(1, *) * choices, 3))
    }
}

extension DenseLayer {
    func twin(_ x: [Double]) -> [Double] {
        (0..<outputCount).map { row in
            x.indices.reduce(Double(bias[row])) { $0 + Double(weight[row * x.count + $1]) * x[$1] }
        }
    }
}

extension Policy {
    func action(_ observation: [Float]) throws -> [Float] {
        var action = [Float](repeating: .nan, count: actionCount)
        var span = action.mutableSpan
        try act(observation.span, into: &span)
        return action
    }

    func action(_ observation: [Float], using random: inout RandomStream) throws -> [Float] {
        var action = [Float](repeating: .nan, count: actionCount)
        var span = action.mutableSpan
        try act(observation.span, using: &random, into: &span)
        return action
    }
}

/// A contract for `network` with odd numbers, so that rounding would show.
func sampleContract(for network: PolicyNetwork) -> Contract {
    Contract(
        scene: "pendulum", robot: "pendulum", versions: ["sinew": "0.1.0", "ode": "0.16.2"],
        training: .init(
            algorithm: "sac", seed: .max, steps: 10_000, meanReturn: -147.123456789012,
            returnDeviation: 1 / 3,
            episodes: 10),
        timing: Timing(physicsStep: 0.005, substeps: 10),
        observations: Space(
            (0..<network.observationCount).map { i in
                .init(
                    name: "joint\(i).position", unit: "rad", low: i % 2 == 0 ? -2 : -.infinity, high: 3,
                    frame: i == 0 ? "world" : nil, joint: "joint\(i)")
            }),
        actuators: (0..<network.actionCount).map { i in
            Actuator(
                name: "joint\(i)", joint: "joint\(i)", kind: .position, unit: "rad", scale: 0.1 + Double(i),
                offset: -0.7, kp: 20, kd: 0.5)
        })
}
