// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Testing

/// Advantages and returns against sums written out.
struct AdvantageEstimationTests {
    /// One environment's steps: reward, V(s), V(s'), and how the step ended.
    struct Steps {
        enum Ending { case none, terminated, truncated, diverged }

        var rewards: [Double]
        var values: [Double]
        var nextValues: [Double]
        var endings: [Ending]
    }

    static let discount = 0.9

    /// Random numbers; values go on from step to step except where an episode ends.
    static func steps(_ endings: [Steps.Ending], seed: UInt64 = 1) -> Steps {
        var random = RandomStream(seed: seed, name: "advantages")
        let values = endings.map { _ in random.uniform(-2, 2) }
        var nextValues = Array(values.dropFirst()) + [random.uniform(-2, 2)]
        for (step, ending) in endings.enumerated() where ending != .none {
            nextValues[step] = random.uniform(-2, 2)
        }
        return Steps(
            rewards: endings.map { _ in random.uniform(-1, 1) }, values: values, nextValues: nextValues,
            endings: endings)
    }

    /// A and R of each environment's steps, estimated in one rollout.
    static func estimate(_ all: [Steps], lambda: Double) -> [(advantages: [Double], returns: [Double])] {
        let length = all[0].rewards.count
        let rollout = Rollout(environments: all.count, length: length, observations: 1, draws: 1)
        let matrices = (0..<5).map { _ in Matrix(rows: rollout.rows, columns: 1) }
        let observation: [Float] = [0]
        for step in 0..<length {
            for (number, steps) in all.enumerated() {
                let row = rollout.count
                #expect(rollout.environment == number)
                let ending = steps.endings[step]
                if ending == .diverged {
                    rollout.appendNothing()
                } else {
                    rollout.append(
                        observation: observation.span, reward: Float(steps.rewards[step]),
                        next: observation.span, isTerminated: ending == .terminated, isLast: ending != .none)
                }
                matrices[0][row, 0] = Float(steps.rewards[step])
                matrices[1][row, 0] = Float(steps.values[step])
                matrices[2][row, 0] = Float(steps.nextValues[step])
            }
        }
        #expect(rollout.isFull)
        AdvantageEstimation(discount: discount, lambda: lambda).estimate(
            rollout, rewards: matrices[0], values: matrices[1], nextValues: matrices[2],
            advantages: matrices[3], returns: matrices[4])
        return all.indices.map { number in
            let rows = (0..<length).map { $0 * all.count + number }
            return (rows.map { Double(matrices[3][$0, 0]) }, rows.map { Double(matrices[4][$0, 0]) })
        }
    }

    func expectClose(_ values: [Double], _ expected: [Double], _ what: String = "") {
        for (index, (value, exact)) in zip(values, expected).enumerated() {
            #expect(abs(value - exact) < 1e-5, "\(what) step \(index): \(value), not \(exact)")
        }
    }

    /// The steps from `step` to the end of its episode or of the rollout.
    static func episode(_ steps: Steps, from step: Int) -> ClosedRange<Int> {
        let end = (step..<steps.endings.count).first { steps.endings[$0] != .none } ?? steps.endings.count - 1
        return step...end
    }

    static let endings: [[Steps.Ending]] = [
        [.none, .none, .none, .none, .none, .none],
        [.none, .none, .terminated, .none, .none, .none],
        [.none, .truncated, .none, .none, .terminated, .none],
        [.truncated, .terminated, .none, .none, .none, .terminated],
        [.none, .none, .none, .none, .none, .truncated],
    ]

    @Test(arguments: endings.indices)
    func `with lambda 1 the advantage is the discounted rewards and the value they end in, minus V`(
        number: Int
    ) {
        let steps = Self.steps(Self.endings[number], seed: UInt64(number))
        let (advantages, returns) = Self.estimate([steps], lambda: 1)[0]
        let sums = steps.rewards.indices.map { start -> Double in
            var (sum, factor) = (0.0, 1.0)
            let episode = Self.episode(steps, from: start)
            for step in episode {
                sum += factor * steps.rewards[step]
                factor *= Self.discount
            }
            let end = episode.upperBound
            // Time limits and the rollout's end are followed by a value, terminations by nothing.
            return sum + (steps.endings[end] == .terminated ? 0 : factor * steps.nextValues[end])
        }
        expectClose(returns, sums, "return")
        expectClose(advantages, zip(sums, steps.values).map { $0 - $1 }, "advantage")
    }

    @Test(arguments: endings.indices)
    func `with lambda 0 the advantage is the temporal difference`(number: Int) {
        let steps = Self.steps(Self.endings[number], seed: UInt64(number))
        let (advantages, _) = Self.estimate([steps], lambda: 0)[0]
        expectClose(
            advantages,
            steps.rewards.indices.map { step in
                let following = steps.endings[step] == .terminated ? 0 : steps.nextValues[step]
                return steps.rewards[step] + Self.discount * following - steps.values[step]
            })
    }

    @Test(arguments: endings.indices, [0.3, 0.95])
    func `between them it is the sum of the differences of the same episode, discounted by gamma lambda`(
        number: Int, lambda: Double
    ) {
        let steps = Self.steps(Self.endings[number], seed: UInt64(number))
        let differences = Self.estimate([steps], lambda: 0)[0].advantages
        let sums = steps.rewards.indices.map { start -> Double in
            var (sum, factor) = (0.0, 1.0)
            for step in Self.episode(steps, from: start) {
                sum += factor * differences[step]
                factor *= Self.discount * lambda
            }
            return sum
        }
        expectClose(Self.estimate([steps], lambda: lambda)[0].advantages, sums)
    }

    @Test func `returns of three steps by hand`() {
        // gamma 0.9, lambda 1: r0 + 0.9 r1 + 0.81 V(s2') = 1 + 1.8 + 8.1; the last step starts anew after a termination.
        let steps = Steps(
            rewards: [1, 2, 5, 3], values: [0, 0, 0, 4], nextValues: [0, 0, 0, 10],
            endings: [.none, .none, .terminated, .none])
        let (advantages, returns) = Self.estimate([steps], lambda: 1)[0]
        expectClose(returns, [1 + 0.9 * 2 + 0.81 * 5, 2 + 0.9 * 5, 5, 3 + 0.9 * 10])
        expectClose(advantages, [6.85, 6.5, 5, 8])
    }

    @Test func `environments do not mix`() {
        let all = Self.endings.enumerated().map { Self.steps($1, seed: UInt64(10 + $0)) }
        for (number, both) in Self.estimate(all, lambda: 0.8).enumerated() {
            let alone = Self.estimate([all[number]], lambda: 0.8)[0]
            #expect(both.advantages == alone.advantages)
            #expect(both.returns == alone.returns)
        }
    }

    @Test
    func
        `a diverged step has no advantage, and the one before it is followed by the value of what it led to`()
    {
        let steps = Self.steps([.none, .none, .diverged, .none, .none])
        let cut = Self.estimate([steps], lambda: 0.7)[0].advantages
        // As if the first two were all there is, up to a time limit that shows where they led.
        var short = Self.steps([.none, .truncated])
        short.rewards = Array(steps.rewards[..<2])
        short.values = Array(steps.values[..<2])
        short.nextValues = Array(steps.nextValues[..<2])
        expectClose(Array(cut[..<2]), Self.estimate([short], lambda: 0.7)[0].advantages)
        #expect(cut[2] == 0)
        #expect(abs(cut[4]) > 1e-3)
    }
}
