// SPDX-License-Identifier: MIT

internal import CKernels
internal import CLibrary

/// Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1), bias-corrected, epsilon outside the square root.
///
/// It holds the moments of one ``Parameters`` vector and the count of steps done.
public final class Adam {
    /// The first moment: the mean of the gradients.
    public let firstMoment: Parameters
    /// The second moment: the mean of their squares.
    public let secondMoment: Parameters
    /// The steps done.
    public var steps: Int = 0
    /// The step size.
    public let rate: Double
    /// The decay of the first moment.
    public let beta1: Double
    /// The decay of the second moment.
    public let beta2: Double
    /// Keeps the quotient finite where the second moment is zero.
    public let epsilon: Double

    /// Makes an optimiser of `count` parameters.
    public init(
        count: Int, rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
    ) {
        firstMoment = Parameters(count: count)
        secondMoment = Parameters(count: count)
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// Moves `parameters` one step down `gradient`.
    public func step(_ parameters: Parameters, gradient: Parameters) {
        beginStep()
        step(parameters, gradient: gradient, in: 0..<parameters.count)
    }

    /// Moves `parameters` one step down `gradient`, then the Polyak average `target` towards them at `polyakRate`, in
    /// the same pass over memory.
    public func step(
        _ parameters: Parameters, gradient: Parameters, target: Parameters,
        polyakRate: Double
    ) {
        beginStep()
        step(
            parameters, gradient: gradient, target: target, polyakRate: polyakRate, in: 0..<parameters.count)
    }

    /// Counts a step that `step(_:gradient:target:polyakRate:in:)` then does part by part.
    public func beginStep() {
        steps += 1
    }

    /// Moves the parameters in `range` in the step that `beginStep` counted, and `target`, where there is one, towards them as above;
    /// each part may have a thread of its own.
    public func step(
        _ parameters: Parameters, gradient: Parameters, target: Parameters? = nil, polyakRate: Double = 0,
        in range: Range<Int>
    ) {
        check(parameters, gradient)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= parameters.count
                && target?.count ?? parameters.count == parameters.count,
            "parameters \(range) of \(parameters.count)")
        let start = range.lowerBound
        let (p, g) = unsafe (parameters.memory.pointer + start, gradient.memory.pointer + start)
        let (m, v) = unsafe (firstMoment.memory.pointer + start, secondMoment.memory.pointer + start)
        if let target {
            unsafe kern_adam_polyak(
                p, g, m, v, target.memory.pointer + start, Int64(range.count), currentStep, Float(polyakRate))
        } else {
            unsafe kern_adam(p, g, m, v, Int64(range.count), currentStep)
        }
    }

    private func check(_ parameters: Parameters, _ gradient: Parameters) {
        precondition(
            parameters.count == firstMoment.count && gradient.count == firstMoment.count,
            "an optimiser of \(firstMoment.count) parameters was given \(parameters.count)")
    }

    private var currentStep: kern_adam_step {
        kern_adam_step(
            rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
            correction1: Float(1 - pow(beta1, Double(steps))),
            correction2: Float(1 - pow(beta2, Double(steps))))
    }
}

/// Adam for one number, in double precision: the temperature's optimiser.
public struct ScalarAdam: Sendable, Equatable {
    /// The mean of the gradients.
    public var firstMoment = 0.0
    /// The mean of their squares.
    public var secondMoment = 0.0
    /// The steps done.
    public var steps = 0
    /// The step size.
    public let rate: Double

    /// Makes an optimiser of one number.
    public init(rate: Double) {
        self.rate = rate
    }

    /// Moves `value` one step down `gradient`.
    public mutating func step(_ value: inout Double, gradient: Double) {
        let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
        steps += 1
        firstMoment = beta1 * firstMoment + (1 - beta1) * gradient
        secondMoment = beta2 * secondMoment + (1 - beta2) * gradient * gradient
        let mean = firstMoment / (1 - pow(beta1, Double(steps)))
        let spread = (secondMoment / (1 - pow(beta2, Double(steps)))).squareRoot()
        value -= rate * mean / (spread + epsilon)
    }
}
