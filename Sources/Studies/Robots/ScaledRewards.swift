// SPDX-License-Identifier: MIT

internal import Environments

/// An environment whose rewards are multiplied by a factor.
final class ScaledRewards: Environment {
    private let environment: any Environment
    private let factor: Double

    init(_ environment: any Environment, factor: Double) {
        self.environment = environment
        self.factor = factor
    }

    var observationSpace: Space { environment.observationSpace }
    var actuators: [Actuator] { environment.actuators }
    var timing: Timing { environment.timing }
    var random: RandomStream {
        get { environment.random }
        set { environment.random = newValue }
    }

    func reset(into observation: inout MutableSpan<Float>) throws {
        try environment.reset(into: &observation)
    }

    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) throws -> Step {
        var step = try environment.step(action, into: &observation)
        step.reward *= factor
        return step
    }

    func saveState() throws -> [UInt8] { try environment.saveState() }

    func restoreState(_ state: [UInt8]) throws { try environment.restoreState(state) }
}
