// SPDX-License-Identifier: MIT

internal import Networks
internal import Policies

extension PolicyNetwork {
    /// Refuses a policy of other observations, actions or hidden layers than an agent has that is to train on from it.
    func checkShape(observations: Int, actions: Int, hidden: [Int]) throws(AgentsError) {
        guard observationCount == observations else {
            throw .badStart("it has \(observationCount) inputs, this scene has \(observations)")
        }
        guard actionCount == actions else {
            throw .badStart("it has \(actionCount) outputs, this scene has \(actions)")
        }
        let widths = layers.dropLast().map(\.outputCount)
        guard widths == hidden else {
            throw .badStart("its hidden layers have the widths \(widths), this agent's \(hidden)")
        }
    }
}

extension Perceptron {
    /// The layers as a policy has them.
    func denseLayers(_ parameters: Parameters) -> [DenseLayer] {
        layerArrays(parameters).map { DenseLayer(weight: $0.weight, bias: $0.bias) }
    }
}

extension Parameters {
    /// Takes `numbers`, one for each parameter.
    func take(_ numbers: [Float]) {
        precondition(numbers.count == count, "\(numbers.count) numbers for \(count) parameters")
        for (index, number) in numbers.enumerated() { self[index] = number }
    }
}
