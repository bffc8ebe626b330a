// SPDX-License-Identifier: MIT

package import Environments

/// An environment in which now and then another hand holds the motors at full torque for a while, the policy unasked.
package final class PushedEnvironment: Environment {
    /// How many control steps a push lasts.
    package static let duration = 5

    private let environment: any Environment
    /// The chance that a push begins in a step without one.
    private let chance: Double
    private var pushes: RandomStream
    private var stepsLeft = 0
    private var pushed: [Float]

    /// Makes an environment that is pushed for `share` of the time, from 0 to below 1, by draws of `random`.
    package init(_ environment: any Environment, share: Double, random: RandomStream) {
        self.environment = environment
        // Of each stretch of one push and the wait for it, the push takes the share.
        chance = share / (Double(Self.duration) * (1 - share) + share)
        pushes = random
        pushed = Array(repeating: 0, count: environment.actuators.count)
    }

    package var observationSpace: Space { environment.observationSpace }
    package var actuators: [Actuator] { environment.actuators }
    package var timing: Timing { environment.timing }
    package var random: RandomStream {
        get { environment.random }
        set { environment.random = newValue }
    }

    package func reset(into observation: inout MutableSpan<Float>) throws {
        stepsLeft = 0
        try environment.reset(into: &observation)
    }

    package func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) throws -> Step {
        if stepsLeft == 0, chance > 0, pushes.uniform() < chance {
            stepsLeft = Self.duration
            for index in pushed.indices { pushed[index] = pushes.uniform() < 0.5 ? -1 : 1 }
        }
        guard stepsLeft > 0 else { return try environment.step(action, into: &observation) }
        stepsLeft -= 1
        let held = pushed
        return try environment.step(held.span, into: &observation)
    }

    package func saveState() throws -> [UInt8] {
        let own = [UInt64(stepsLeft)] + pushed.map { UInt64($0.bitPattern) }
        return WordsAfterState.join(try environment.saveState(), pushes.stateWords + own)
    }

    package func restoreState(_ state: [UInt8]) throws {
        let (inner, words) = try WordsAfterState.split(state, count: 7 + pushed.count)
        let torques = words[7...].map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        guard let stream = RandomStream(stateWords: Array(words[..<6])), words[6] <= Self.duration,
            torques.allSatisfy({ abs($0) <= 1 })
        else { throw WordsAfterState.Damaged() }
        try environment.restoreState(inner)
        (pushes, stepsLeft, pushed) = (stream, Int(words[6]), torques)
    }
}
