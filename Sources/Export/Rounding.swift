// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Policies

/// What single precision can tell of a policy's action.
enum Rounding {
    /// 2⁻²⁴, the largest relative error of one operation.
    private static let unit = 0x1p-24
    /// How many standard deviations are allowed.
    private static let width = 3.0

    /// How far two sound evaluations of `network` in single precision may differ at `observation`, for each number of the action in
    /// [-1, 1]; zeros where the action is one of a choice.
    ///
    /// Errors are taken as independent, one for each product and each partial sum (Higham and Mary 2019, doi:10.1137/18M1226312); a
    /// layer passes on the variance of what came in. Far from the observations that it learned from, a trained policy takes
    /// small differences of large sums, and there this exceeds ``Verification/tolerance``.
    static func spread(_ network: PolicyNetwork, _ observation: [Float]) -> [Double] {
        guard case .squashed = network.head else {
            return Array(repeating: 0, count: network.actionCount)
        }
        let normaliser = network.normaliser
        let clip = Double(normaliser.clip)
        var x = observation.indices.map { i in
            let difference = Double(observation[i]) - Double(normaliser.mean[i])
            return min(max(difference * Double(normaliser.inverseDeviation[i]), -clip), clip)
        }
        var variance = x.map { 2 * (unit * $0) * (unit * $0) }
        for (index, layer) in network.layers.enumerated() {
            let sums = layer.bias.indices.map { row in sum(layer, row, x, variance) }
            let isLast = index + 1 == network.layers.count
            variance = sums.map { isLast || $0.value > -width * $0.variance.squareRoot() ? $0.variance : 0 }
            x = sums.map { isLast ? $0.value : max($0.value, 0) }
        }
        return zip(x, variance).map { mean, variance in
            let error = width * variance.squareRoot()
            let flattest = tanh(max(0, abs(mean) - error))
            return (1 - flattest * flattest) * error + 8 * unit
        }
    }

    /// One number of a layer, and the variance of its error.
    private static func sum(
        _ layer: DenseLayer, _ row: Int, _ x: [Double], _ variance: [Double]
    ) -> (value: Double, variance: Double) {
        var value = Double(layer.bias[row])
        var (own, passed) = (0.0, 0.0)
        for i in x.indices {
            let weight = Double(layer.weight[row * x.count + i])
            let product = weight * x[i]
            value += product
            own += product * product + value * value
            passed += weight * weight * variance[i]
        }
        return (value, passed + unit * unit * own)
    }
}
