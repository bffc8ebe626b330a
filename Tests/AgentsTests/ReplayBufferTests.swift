// SPDX-License-Identifier: MIT

import Agents
import Environments
import Networks
import Testing

/// Returns of several steps out of the replay buffer, against what hand and brute force make of the same episodes.
struct ReplayBufferTests {
    /// A step as it was done: the observation is its number, the next one the number after it.
    struct Step {
        var observation: Float
        var next: Float
        var reward: Float
        var ending: Ending
        enum Ending { case none, terminated, truncated }
    }

    static func buffer(_ steps: [Step], capacity: Int) -> ReplayBuffer {
        let buffer = ReplayBuffer(capacity: capacity, observations: 1, actions: 1)
        for step in steps {
            let (observation, action, next) = ([step.observation], [-step.observation], [step.next])
            buffer.append(
                observation: observation.span, action: action.span, reward: step.reward, next: next.span,
                isTerminated: step.ending == .terminated, isTruncated: step.ending == .truncated)
        }
        return buffer
    }

    /// An episode whose rewards are 1, 2, 3, ...
    static func episode(from first: Int, _ length: Int, _ ending: Step.Ending) -> [Step] {
        (0..<length).map { i in
            Step(
                observation: Float(first + i), next: Float(first + i + 1), reward: Float(i + 1),
                ending: i + 1 == length ? ending : .none)
        }
    }

    struct Sample: Equatable {
        var action, reward, next, terminated, discount: Float
    }

    /// What is sampled, by the observation that it begins with.
    static func samples(_ buffer: ReplayBuffer, steps: Int, discount: Double = 0.5) -> [Float: Sample] {
        let batch = MiniBatch(rows: 2000, observations: 1, actions: 1)
        var random = RandomStream(seed: 1, .replay)
        buffer.sample(into: batch, steps: steps, discount: discount, using: &random)
        var samples: [Float: Sample] = [:]
        for row in 0..<batch.rows {
            let sample = Sample(
                action: batch.actions[row, 0], reward: batch.rewards[row, 0],
                next: batch.nextObservations[row, 0], terminated: batch.terminated[row, 0],
                discount: batch.discounts[row, 0])
            let key = batch.observations[row, 0]
            #expect(samples[key] == nil || samples[key] == sample)
            samples[key] = sample
        }
        return samples
    }

    @Test
    func `three steps sum their rewards and end at terminations, time limits and the newest step`() {
        // Rewards 1 2 3 4, terminated; 1 2, cut; 1 2 3, under way.
        let steps =
            Self.episode(from: 0, 4, .terminated) + Self.episode(from: 10, 2, .truncated)
            + Self.episode(from: 20, 3, .none)
        let expected: [Float: Sample] = [
            0: Sample(action: 0, reward: 1 + 1 + 0.75, next: 3, terminated: 0, discount: 0.125),
            1: Sample(action: -1, reward: 2 + 1.5 + 1, next: 4, terminated: 1, discount: 0.125),
            2: Sample(action: -2, reward: 3 + 2, next: 4, terminated: 1, discount: 0.25),
            3: Sample(action: -3, reward: 4, next: 4, terminated: 1, discount: 0.5),
            10: Sample(action: -10, reward: 1 + 1, next: 12, terminated: 0, discount: 0.25),
            11: Sample(action: -11, reward: 2, next: 12, terminated: 0, discount: 0.5),
            20: Sample(action: -20, reward: 1 + 1 + 0.75, next: 23, terminated: 0, discount: 0.125),
            21: Sample(action: -21, reward: 2 + 1.5, next: 23, terminated: 0, discount: 0.25),
            22: Sample(action: -22, reward: 3, next: 23, terminated: 0, discount: 0.5),
        ]
        #expect(Self.samples(Self.buffer(steps, capacity: 100), steps: 3) == expected)
        #expect(Self.samples(Self.buffer(steps, capacity: 9), steps: 3) == expected)
    }

    @Test
    func
        `a full ring goes on from its last row to its first, and never from the newest to the oldest`()
    {
        // Capacity 5 holds steps 3..7 of one long episode, in rows 3, 4, 0, 1, 2.
        let samples = Self.samples(Self.buffer(Self.episode(from: 0, 8, .none), capacity: 5), steps: 3)
        #expect(Set(samples.keys) == [3, 4, 5, 6, 7])
        #expect(
            samples[4]
                == Sample(action: -4, reward: 5 + 3 + 1.75, next: 7, terminated: 0, discount: 0.125))
        #expect(samples[6] == Sample(action: -6, reward: 7 + 4, next: 8, terminated: 0, discount: 0.25))
        #expect(samples[7] == Sample(action: -7, reward: 8, next: 8, terminated: 0, discount: 0.5))
    }

    @Test func `an episode that broke off without a word is not joined with the next`() {
        // As after a simulation that diverged: the step that would have been 3 -> 4 is missing.
        let steps = Self.episode(from: 0, 3, .none) + Self.episode(from: 50, 3, .none)
        let samples = Self.samples(Self.buffer(steps, capacity: 10), steps: 4)
        #expect(
            samples[1] == Sample(action: -1, reward: 2 + 1.5, next: 3, terminated: 0, discount: 0.25))
        #expect(samples[2] == Sample(action: -2, reward: 3, next: 3, terminated: 0, discount: 0.5))
    }

    @Test(arguments: [1, 2, 5, 50])
    func `any number of steps agrees with a walk through the episodes, also in a ring that wrapped`(
        count: Int
    ) {
        var random = RandomStream(seed: UInt64(count), name: "episodes")
        var steps: [Step] = []
        while steps.count < 200 {
            let length = 1 + random.index(below: 9)
            let ending: Step.Ending = random.index(below: 2) == 0 ? .terminated : .truncated
            steps += Self.episode(from: steps.count * 3, length, ending)
        }
        steps = Array(steps[..<200])
        for i in steps.indices { steps[i].reward = Float(random.normal()) }
        let samples = Self.samples(Self.buffer(steps, capacity: 64), steps: count, discount: 0.9)
        #expect(samples.count == 64)
        for (i, step) in steps.enumerated().dropFirst(200 - 64) {
            var (last, reward, weight) = (i, Double(step.reward), 0.9)
            while last - i + 1 < count, last + 1 < 200, steps[last].ending == .none {
                last += 1
                reward += weight * Double(steps[last].reward)
                weight *= 0.9
            }
            let sample = samples[step.observation]
            #expect(sample?.reward == Float(reward))
            #expect(sample?.next == steps[last].next)
            #expect(sample?.discount == Float(weight))
            #expect(sample?.terminated == (steps[last].ending == .terminated ? 1 : 0))
        }
    }

    @Test func `one step draws what a plain sample draws`() {
        let buffer = Self.buffer(Self.episode(from: 0, 7, .truncated), capacity: 5)
        let (plain, other) = (
            MiniBatch(rows: 50, observations: 1, actions: 1),
            MiniBatch(rows: 50, observations: 1, actions: 1)
        )
        var (first, second) = (RandomStream(seed: 2, .replay), RandomStream(seed: 2, .replay))
        buffer.sample(into: plain, using: &first)
        buffer.sample(into: other, steps: 1, discount: 0.5, using: &second)
        for row in 0..<50 {
            #expect(plain.observations[row, 0] == other.observations[row, 0])
            #expect(plain.nextObservations[row, 0] == other.nextObservations[row, 0])
            #expect(plain.rewards[row, 0] == other.rewards[row, 0])
            #expect(plain.terminated[row, 0] == 0 && other.terminated[row, 0] == 0)
            #expect(other.discounts[row, 0] == 0.5)
        }
        #expect(first == second)
    }

    /// Three environments whose steps are interleaved, the shorter ones of which end before, and each of them alone.
    @Test(arguments: [(1000, 3), (12, 3), (1000, 1)])
    func `returns of several steps stay within an environment`(capacity: Int, steps: Int) {
        let episodes = (0..<3).map { environment in
            Self.episode(from: 100 * environment, 5 + environment, .truncated)
                + Self.episode(from: 100 * environment + 50, 6, .none)
        }
        let together = ReplayBuffer(capacity: 3 * capacity, observations: 1, actions: 1, environments: 3)
        for turn in 0..<13 {
            for (environment, episode) in episodes.enumerated() where turn < episode.count {
                let step = episode[turn]
                let (observation, action, next) = ([step.observation], [-step.observation], [step.next])
                together.append(
                    observation: observation.span, action: action.span, reward: step.reward, next: next.span,
                    isTerminated: false, isTruncated: step.ending == .truncated, environment: environment)
            }
        }
        var alone: [Float: Sample] = [:]
        for episode in episodes {
            let samples = Self.samples(Self.buffer(episode, capacity: capacity), steps: steps)
            alone.merge(samples) { first, _ in first }
        }
        #expect(together.count == alone.count)
        let samples = Self.samples(together, steps: steps)
        #expect(samples == alone)
    }
}
