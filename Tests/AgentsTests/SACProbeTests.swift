// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Policies
import Testing

/// What an agent of SAC believes, against its networks one by one.
struct SACProbeTests {
    private func agent(_ settings: [String]) throws -> SACAgent {
        var configuration = SACConfiguration()
        try configuration.apply(
            ["hidden: [9]", "batch: 8", "warm_up: 10"] + settings)
        let agent = try SACAgent(observations: 3, actions: 2, configuration: configuration, seed: 4)
        var random = RandomStream(seed: 6, name: "transitions")
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(2 + 3 * random.normal()) } }
        for _ in 0..<40 {
            try agent.learn(
                observation: numbers(3).span, action: [0.5, -0.5].span, reward: 1, next: numbers(3).span,
                isTerminated: false, isTruncated: false)
        }
        return agent
    }

    /// A network's output for one input.
    private func output(_ network: Perceptron, _ parameters: Parameters, _ input: [Float]) -> [Float] {
        let matrix = Matrix(rows: 1, columns: input.count)
        for (column, number) in input.enumerated() { matrix[0, column] = number }
        let output = Matrix(rows: 1, columns: network.outputs)
        network.forward(parameters, matrix, hidden: HiddenLayers(for: network, batch: 1), output: output)
        return (0..<network.outputs).map { output[0, $0] }
    }

    @Test(arguments: [1, 2], [true, false])
    func `the value is the smaller Q of the action drawn, and its probability the actor's`(
        critics: Int, normalises: Bool
    ) throws {
        let agent = try agent([
            "critics: \(critics)", "normalise_observations: \(normalises)",
        ])
        let probe = SACProbe(of: agent)
        let normaliser = try agent.makePolicyNetwork().normaliser
        var noise = RandomStream(seed: 8, .exploration)
        for raw in [[0.5, -1, 2], [4, 4, 4], [-3, 0, 9]] as [[Float]] {
            let draw = probe.draw(raw, using: &noise)
            let seen = raw.indices.map { (raw[$0] - normaliser.mean[$0]) * normaliser.inverseDeviation[$0] }
            let learner = agent.learner
            let values = [learner.critics.0, learner.critics.1].prefix(critics).map {
                Double(output($0.network, $0.parameters, seen + draw.action)[0])
            }
            #expect(draw.value == values.min())
            let head = output(learner.actor.network, learner.actor.parameters, seen)
            // The density of u = atanh a, divided by the slope 1 - a².
            let logProbability = (0..<2).reduce(0.0) { sum, i in
                let (action, deviation) = (Double(draw.action[i]), exp(Double(head[2 + i])))
                let z = (atanh(action) - Double(head[i])) / deviation
                return sum - z * z / 2 - log(deviation) - log(2 * Double.pi) / 2 - log(1 - action * action)
            }
            #expect(abs(draw.logProbability - logProbability) < 1e-3 * max(1, abs(logProbability)))
        }
        #expect(probe.temperature > 0)
    }
}
