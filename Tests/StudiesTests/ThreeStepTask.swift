// SPDX-License-Identifier: MIT

import Environments

/// A task of three steps whose returns are known: the observation is a new number in [-1, 1] at each step.
final class ThreeStepTask: Environment {
    /// What a step gives.
    enum Reward: Sendable {
        /// This, whatever is done.
        case constant(Double)
        /// -factor (action - observation)².
        case match(factor: Double)
    }

    let observationSpace = Space([.init(name: "wanted", low: -1, high: 1)])
    let actuators = [Actuator(name: "motor")]
    let timing = Timing(physicsStep: 0.1)
    var random: RandomStream
    private let reward: Reward
    private let isTruncated: Bool
    private var wanted = 0.0
    private var steps = 0

    init(_ reward: Reward, isTruncated: Bool = false, _ random: RandomStream) {
        self.reward = reward
        self.isTruncated = isTruncated
        self.random = random
    }

    func reset(into observation: inout MutableSpan<Float>) {
        steps = 0
        draw(into: &observation)
    }

    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) -> Step {
        steps += 1
        let error = Double(action[0]) - wanted
        draw(into: &observation)
        let reward =
            switch reward {
            case .constant(let value): value
            case .match(let factor): -factor * error * error
            }
        return Step(
            reward: reward, isTerminated: steps == 3 && !isTruncated, isTruncated: steps == 3 && isTruncated)
    }

    private func draw(into observation: inout MutableSpan<Float>) {
        wanted = random.uniform(-1, 1)
        observation[0] = Float(wanted)
    }

    func saveState() -> [UInt8] { [] }
    func restoreState(_ state: [UInt8]) {}
}
