// SPDX-License-Identifier: MIT

internal import Environments
internal import Policies
internal import Scenes
internal import Tasks
internal import Training

/// Writes a policy file of a network that was trained elsewhere, with the contract of the scene that it was trained in.
///
/// - Parameters:
///   - environments: the scene.
///   - path: the file.
///   - isReplacing: other than 0 where a file that is there is replaced; else it is in the way.
///   - sizes: (layers + 1): the numbers of an observation, of each hidden layer, and of the last layer: those of an action, or twice
///     as many, the means and then the logarithms of the deviations, where the policy is stochastic.
///   - layers: 1...64.
///   - numbers: of each layer W, (outputs, inputs) row-major, then b; ReLU stands between layers, tanh after the last.
///   - mean: (observations), what observations are normalised by; null for not at all.
///   - deviation: (observations); null for not at all.
///   - clip: the largest normalised number; of no effect without `mean`.
///   - algorithm: what trained it, such as `sac`.
///   - seed: of its training.
///   - steps: environment steps behind it.
/// - Returns: 0; negative where it is refused.
@c(sinew_policy_write) public func policyWrite(
    _ environments: Int64, _ path: UnsafePointer<CChar>?, _ isReplacing: Int32,
    _ sizes: UnsafePointer<Int64>?, _ layers: Int64, _ numbers: UnsafePointer<Float>?,
    _ mean: UnsafePointer<Float>?, _ deviation: UnsafePointer<Float>?, _ clip: Float,
    _ algorithm: UnsafePointer<CChar>?, _ seed: UInt64, _ steps: Int64
) -> Int64 {
    let (path, algorithm) = unsafe (text(path), text(algorithm))
    return call {
        guard !path.isEmpty, let sizes = unsafe sizes, let numbers = unsafe numbers,
            (1...64).contains(layers)
        else { throw CallError.value("a path, 1 to 64 layers and their numbers are needed") }
        let widths = (0...Int(layers)).map { unsafe sizes[$0] }
        guard widths.allSatisfy({ (1...65_536).contains($0) }) else {
            throw CallError.value("layers of \(widths) numbers; allowed: 1 to 65,536 each")
        }
        guard steps >= 0 else { throw CallError.value("\(steps) steps; allowed: 0 or more") }
        let parts = unsafe denseLayers(widths.map(Int.init), numbers)
        return try Handles.all.with(environments, EnvironmentBatch.self) { batch in
            let environment = batch.slots[0].environment
            let (observations, actions) = (environment.observationSpace.count, environment.actuators.count)
            guard widths[0] == observations, [actions, 2 * actions].contains(Int(widths[widths.count - 1]))
            else {
                throw CallError.value(
                    "the network takes \(widths[0]) numbers and gives \(widths[widths.count - 1]); the scene \(batch.task.scene.name) "
                        + "has \(observations) observations and \(actions) actions (\(2 * actions) outputs with deviations)"
                )
            }
            var normaliser: Normaliser?
            if let mean = unsafe mean, let deviation = unsafe deviation {
                normaliser = Normaliser(
                    mean: (0..<observations).map { unsafe mean[$0] },
                    inverseDeviation: (0..<observations).map { unsafe 1 / deviation[$0] }, clip: clip)
            }
            let network =
                try Int(widths[widths.count - 1]) == actions
                ? PolicyNetwork(
                    layers: parts.map { DenseLayer(weight: $0.weight, bias: $0.bias) },
                    normaliser: normaliser, actionCount: actions)
                : PolicyNetwork(gaussian: parts, normaliser: normaliser)
            let contract = batch.task.makeContract(environment, version: sinewVersion)(
                Contract.Training(
                    algorithm: algorithm, seed: seed, steps: Int(steps)))
            try PolicyFile(network: network, contract: contract, goldenRanges: environment.observationSpace)
                .write(to: path, replacing: isReplacing != 0)
            return 0
        }
    }
}

private func denseLayers(
    _ widths: [Int], _ numbers: UnsafePointer<Float>
) -> [(weight: [Float], bias: [Float])] {
    var next = 0
    func take(_ count: Int) -> [Float] {
        defer { next += count }
        return unsafe Array(UnsafeBufferPointer(start: numbers + next, count: count))
    }
    return zip(widths, widths.dropFirst()).map { inputs, outputs in
        (take(inputs * outputs), take(outputs))
    }
}
