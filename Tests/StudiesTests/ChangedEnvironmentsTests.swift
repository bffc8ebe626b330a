// SPDX-License-Identifier: MIT

import Environments
import Studies
import Testing

/// A task that gives what it was told to do: the observation is the last action, the reward 1, an episode of 100 steps.
private final class EchoTask: Environment {
    let observationSpace = Space([.init(name: "first"), .init(name: "second")])
    let actuators = [Actuator(name: "first"), Actuator(name: "second")]
    let timing = Timing(physicsStep: 0.1)
    var random = RandomStream(seed: 0, .environment)
    private var length = 0

    func reset(into observation: inout MutableSpan<Float>) {
        length = 0
        for index in 0..<2 { observation[index] = 0 }
    }

    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) -> Step {
        length += 1
        for index in 0..<2 { observation[index] = action[index] }
        return Step(reward: 1, isTruncated: length == 100)
    }

    func saveState() -> [UInt8] { [] }
    func restoreState(_ state: [UInt8]) {}
}

/// What studies change of an environment.
struct ChangedEnvironmentsTests {
    /// The actions that reach the task, the rewards and the last steps, of `count` steps with an action of 0.25 throughout.
    private func run(_ environment: any Environment, _ count: Int) throws -> [(action: [Float], step: Step)] {
        let action: [Float] = [0.25, 0.25]
        var observation: [Float] = [0, 0]
        var result: [(action: [Float], step: Step)] = []
        var isLast = true
        for _ in 0..<count {
            var span = observation.mutableSpan
            if isLast { try environment.reset(into: &span) }
            let step = try environment.step(action.span, into: &span)
            isLast = step.isLast
            result.append((observation, step))
        }
        return result
    }

    @Test(arguments: [0.05, 0.2, 0.6])
    func `pushes take their share of the time, hold full torques, and end with the episode`(share: Double)
        throws
    {
        let environment = PushedEnvironment(
            EchoTask(), share: share, random: RandomStream(seed: 3, name: "pushes"))
        let steps = try run(environment, 100_000)
        let pushed = steps.map { $0.action != [0.25, 0.25] }
        // Pushes are cut by the end of an episode, so the share is a little below; five standard errors of pushes of five steps.
        let found = Double(pushed.count { $0 }) / 100_000
        let error = (share * (1 - share) * Double(PushedEnvironment.duration) / 100_000).squareRoot()
        #expect(abs(found - share) < 5 * error + 0.03 * share, "\(found)")
        for (index, step) in steps.enumerated() where pushed[index] {
            #expect(step.action.allSatisfy { abs($0) == 1 })
        }
        // Inside of an episode no push is shorter than it should be.
        var length = 0
        for index in pushed.indices {
            if index % 100 == 0 { length = 0 }
            if pushed[index] {
                length += 1
            } else {
                #expect(length % PushedEnvironment.duration == 0, "a push of \(length) steps before \(index)")
                length = 0
            }
        }
    }

    @Test func `no share is no push`() throws {
        let environment = PushedEnvironment(
            EchoTask(), share: 0, random: RandomStream(seed: 3, name: "pushes"))
        #expect(try run(environment, 1000).allSatisfy { $0.action == [0.25, 0.25] })
    }

    @Test func `rewards are multiplied, then get noise of the deviation asked for, from a stream of its own`()
        throws
    {
        func rewards(_ factor: Double, _ noise: Double, seed: UInt64) throws -> [Double] {
            let draws = RandomStream(seed: seed, name: "noise")
            return try run(
                ChangedRewards(EchoTask(), factor: factor, noise: noise, draws: draws), 20_000
            ).map(\.step.reward)
        }
        #expect(try rewards(0.5, 0, seed: 1).allSatisfy { $0 == 0.5 })
        let noisy = try rewards(-2, 3, seed: 1)
        let mean = noisy.reduce(0, +) / 20_000
        let deviation = (noisy.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000).squareRoot()
        #expect(abs(mean + 2) < 5 * 3 / 20_000.0.squareRoot() && abs(deviation - 3) < 0.1)
        #expect(try rewards(-2, 3, seed: 1) == noisy)
        #expect(try rewards(-2, 3, seed: 2) != noisy)
    }

    @Test func `a restored state repeats pushes and noise, and bytes that are none are refused`() throws {
        let stream = RandomStream(seed: 3, name: "own")
        let environments: [any Environment] = [
            PushedEnvironment(EchoTask(), share: 0.5, random: stream),
            ChangedRewards(EchoTask(), factor: 2, noise: 1, draws: stream),
        ]
        // At several places, so that a push is under way at some of them.
        for environment in environments + environments + environments + environments {
            _ = try run(environment, 7)
            let state = try environment.saveState()
            func goOn() throws -> [[Double]] {
                var observation: [Float] = [0, 0]
                return try (0..<30).map { _ in
                    var span = observation.mutableSpan
                    let step = try environment.step([0.25, 0.25].span, into: &span)
                    return [step.reward] + observation.map(Double.init)
                }
            }
            let first = try goOn()
            #expect(try goOn() != first)
            try environment.restoreState(state)
            #expect(try goOn() == first)
            for bad in [[], Array(state.dropLast()), state.map { _ in 0 }] {
                #expect(throws: (any Error).self) { try environment.restoreState(bad) }
            }
        }
    }
}
