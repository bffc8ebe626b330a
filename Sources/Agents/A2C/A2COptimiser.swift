// SPDX-License-Identifier: MIT

internal import Networks

/// What steps down the gradient of one of the parameter vectors.
enum A2COptimiser {
    case adam(Adam)
    case rmsprop(RMSProp)

    init(_ configuration: A2CConfiguration, count: Int) {
        self =
            switch configuration.optimiser {
            // The larger epsilon of PyTorch's and baselines' A2C: small gradients must not make large steps.
            case .adam: .adam(Adam(count: count, rate: configuration.learningRate, epsilon: 1e-5))
            case .rmsprop: .rmsprop(RMSProp(count: count, rate: configuration.learningRate))
            }
    }

    func step(_ parameters: Parameters, gradient: Parameters) {
        switch self {
        case .adam(let adam): adam.step(parameters, gradient: gradient)
        case .rmsprop(let rmsprop): rmsprop.step(parameters, gradient: gradient)
        }
    }

    /// Its state, one entry of its owner's.
    func entry<Owner>(_ name: String) -> CheckpointEntry<Owner> {
        switch self {
        case .adam(let adam): .init("\(name).adam", adam)
        case .rmsprop(let rmsprop): .init("\(name).rmsprop", rmsprop)
        }
    }
}
