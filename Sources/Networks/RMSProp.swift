// SPDX-License-Identifier: MIT

/// RMSProp without momentum and mean, as in arXiv:1602.01783, equations 8 and 9:
/// g = decay g + (1 - decay) d², p -= rate d / sqrt(g + epsilon), epsilon inside the root.
///
/// It holds the mean square of the gradients of one ``Parameters`` vector.
public final class RMSProp {
    /// The mean of the gradients' squares, g.
    public let meanSquare: Parameters
    /// The step size.
    public let rate: Double
    /// How much of the mean square each step keeps.
    public let decay: Double
    /// Keeps the quotient finite where the mean square is zero.
    public let epsilon: Double

    /// Makes an optimiser of `count` parameters.
    public init(count: Int, rate: Double, decay: Double = 0.99, epsilon: Double = 1e-5) {
        meanSquare = Parameters(count: count)
        self.rate = rate
        self.decay = decay
        self.epsilon = epsilon
    }

    /// Moves `parameters` one step down `gradient`.
    public func step(_ parameters: Parameters, gradient: Parameters) {
        precondition(
            parameters.count == meanSquare.count && gradient.count == meanSquare.count,
            "an optimiser of \(meanSquare.count) parameters was given \(parameters.count)")
        let (rate, decay, epsilon) = (Float(rate), Float(decay), Float(epsilon))
        let rest = Float(1 - self.decay)
        gradient.withSpan { gradient in
            parameters.withMutableSpan { parameters in
                meanSquare.withMutableSpan { meanSquare in
                    for index in gradient.indices {
                        let slope = gradient[index]
                        let square = decay * meanSquare[index] + rest * slope * slope
                        meanSquare[index] = square
                        parameters[index] -= rate * slope / (square + epsilon).squareRoot()
                    }
                }
            }
        }
    }
}

extension Parameters {
    /// The sum of the squares of all values, added up in double precision.
    public var squaredNorm: Double {
        withSpan { values in
            var sum = 0.0
            for index in values.indices { sum += Double(values[index]) * Double(values[index]) }
            return sum
        }
    }

    /// Multiplies all values by `factor`.
    public func scale(by factor: Float) {
        withMutableSpan { values in
            for index in values.indices { values[index] *= factor }
        }
    }
}
