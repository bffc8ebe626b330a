// SPDX-License-Identifier: MIT

internal import Networks
internal import Safetensors

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

    /// What a checkpoint needs.
    func state(_ name: String) -> [TensorSource] {
        switch self {
        case .adam(let adam):
            [
                TensorSource("\(name).adam.m", adam.firstMoment),
                TensorSource("\(name).adam.v", adam.secondMoment),
                TensorSource("\(name).adam.steps", [UInt64(adam.steps)]),
            ]
        case .rmsprop(let rmsprop): [TensorSource("\(name).rmsprop.g", rmsprop.meanSquare)]
        }
    }

    /// Takes the state of a checkpoint.
    func restore(_ archive: TensorArchive, _ name: String) throws {
        switch self {
        case .adam(let adam):
            try archive.copy("\(name).adam.m", into: adam.firstMoment)
            try archive.copy("\(name).adam.v", into: adam.secondMoment)
            adam.steps = try archive.count("\(name).adam.steps")
        case .rmsprop(let rmsprop): try archive.copy("\(name).rmsprop.g", into: rmsprop.meanSquare)
        }
    }
}
