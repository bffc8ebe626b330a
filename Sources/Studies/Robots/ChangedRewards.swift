// SPDX-License-Identifier: MIT

package import Environments

/// An environment whose rewards are multiplied by a factor, and then get noise of the normal distribution.
package final class ChangedRewards: Environment {
    private let environment: any Environment
    private let factor: Double
    private let noise: Double
    private var draws: RandomStream

    /// Makes one whose noise has the deviation `noise` and is drawn from `draws`.
    package init(_ environment: any Environment, factor: Double, noise: Double, draws: RandomStream) {
        self.environment = environment
        self.factor = factor
        self.noise = noise
        self.draws = draws
    }

    package var observationSpace: Space { environment.observationSpace }
    package var actuators: [Actuator] { environment.actuators }
    package var timing: Timing { environment.timing }
    package var random: RandomStream {
        get { environment.random }
        set { environment.random = newValue }
    }

    package func reset(into observation: inout MutableSpan<Float>) throws {
        try environment.reset(into: &observation)
    }

    package func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) throws -> Step {
        var step = try environment.step(action, into: &observation)
        step.reward = factor * step.reward + noise * draws.normal()
        return step
    }

    package func saveState() throws -> [UInt8] {
        WordsAfterState.join(try environment.saveState(), draws.stateWords)
    }

    package func restoreState(_ state: [UInt8]) throws {
        let (inner, words) = try WordsAfterState.split(state, count: 6)
        guard let stream = RandomStream(stateWords: words) else { throw WordsAfterState.Damaged() }
        try environment.restoreState(inner)
        draws = stream
    }
}
