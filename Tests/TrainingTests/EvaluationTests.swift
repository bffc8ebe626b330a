// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Safetensors
import Testing
import Training

/// Episodes of given lengths, each step of which gives the same reward; how they end is given, too.
private final class ScriptedTask: Environment {
    struct Episode {
        var length: Int
        var reward: Double
        var ending: Step
    }

    let observationSpace = Space([.init(name: "episode"), .init(name: "step")])
    let actuators = [Actuator(name: "push"), Actuator(name: "turn")]
    let timing = Timing(physicsStep: 1)
    var random = RandomStream(seed: 0, .evaluation)
    private let episodes: [Episode]
    private var episode = -1
    private var length = 0
    private(set) var actions: [[Float]] = []

    init(_ episodes: [Episode]) { self.episodes = episodes }

    func reset(into observation: inout MutableSpan<Float>) {
        (episode, length) = (episode + 1, 0)
        observe(into: &observation)
    }

    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) -> Step {
        length += 1
        actions.append([action[0], action[1]])
        observe(into: &observation)
        let script = episodes[episode]
        guard length == script.length else { return Step(reward: script.reward) }
        var step = script.ending
        step.reward = script.reward
        return step
    }

    private func observe(into observation: inout MutableSpan<Float>) {
        observation[0] = Float(episode)
        observation[1] = Float(length)
    }

    func saveState() -> [UInt8] { [] }
    func restoreState(_ state: [UInt8]) {}
}

/// Acts with what it sees, scaled; stochastically, with numbers of the stream.
private final class EchoPolicy: Policy {
    let observationCount = 2
    let actionCount = 2

    func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) {
        for i in action.indices { action[i] = observation[i] / 100 }
    }

    func act(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) {
        for i in action.indices { action[i] = Float(random.uniform()) }
    }
}

struct EvaluationTests {
    @Test func `an evaluation is given up amid a long episode`() throws {
        let task = ScriptedTask([.init(length: 10_000, reward: 1, ending: Step(reward: 0, isTruncated: true))]
        )
        var asked = 0
        #expect(throws: Evaluation.Stopped.self) {
            try Evaluation(
                of: EchoPolicy(), in: task, episodes: 1,
                isStopped: {
                    asked += 1
                    return asked == 3
                })
        }
        #expect(task.actions.count == 256)
    }

    private let task = ScriptedTask([
        .init(length: 4, reward: 0.5, ending: Step(reward: 0, isTerminated: true)),
        .init(length: 1, reward: -6, ending: Step(reward: 0, isTruncated: true)),
        .init(length: 10, reward: 1, ending: Step(reward: 0, isTruncated: true)),
        .init(length: 3, reward: -2, ending: Step(reward: 0, isDiverged: true)),
    ])

    @Test func `statistics are those of the episodes`() throws {
        let evaluation = try Evaluation(of: EchoPolicy(), in: task, episodes: 4)
        #expect(evaluation.returns == [2, -6, 10, -6])
        #expect(evaluation.lengths == [4, 1, 10, 3])
        #expect(evaluation.meanReturn == 0)
        // The squares are 4, 36, 100 and 36, their mean is 44.
        #expect(evaluation.returnDeviation == 44.0.squareRoot())
        #expect((evaluation.minimumReturn, evaluation.maximumReturn) == (-6, 10))
        #expect(evaluation.meanLength == 4.5)
        #expect((evaluation.terminated, evaluation.truncated, evaluation.diverged) == (1, 2, 1))
    }

    @Test func `an episode of one has no deviation`() throws {
        let evaluation = try Evaluation(of: EchoPolicy(), in: task, episodes: 1)
        #expect(evaluation.returns == [2])
        #expect(evaluation.returnDeviation == 0)
    }

    @Test func `the policy sees the observation before the step`() throws {
        _ = try Evaluation(of: EchoPolicy(), in: task, episodes: 2)
        #expect(task.actions == [[0, 0], [0, 0.01], [0, 0.02], [0, 0.03], [0.01, 0]])
    }

    @Test func `a stochastic policy draws from the given stream, on and on`() throws {
        let stream = RandomStream(seed: 5, .exploration)
        _ = try Evaluation(of: EchoPolicy(), in: task, episodes: 3, exploration: stream)
        var twin = stream
        let expected = (0..<15).map { _ in [Float(twin.uniform()), Float(twin.uniform())] }
        #expect(task.actions == expected)
    }

    @Test func `a recording holds the first episode, step by step`() throws {
        let folder = try TemporaryFolder()
        let recording = Recording()
        _ = try Evaluation(of: EchoPolicy(), in: task, episodes: 3, observer: recording)
        #expect(recording.episodeReturn == 2)
        let path = folder.path + "/episode.safetensors"
        try recording.write(
            to: path, scene: "scripted", observationSpace: task.observationSpace,
            actionSpace: task.actionSpace)

        let archive = try TensorArchive(contentsOf: path, checksum: .required)
        #expect(try archive.values("observation", shape: [4, 2]) == [0, 0, 0, 1, 0, 2, 0, 3] as [Float])
        #expect(
            try archive.values("action", shape: [4, 2]) == [0, 0, 0, 0.01, 0, 0.02, 0, 0.03] as [Float])
        #expect(try archive.values("reward", shape: [4]) == [0.5, 0.5, 0.5, 0.5] as [Double])
        #expect(try archive.value("terminated", as: UInt8.self) == 1)
        #expect(try archive.value("truncated", as: UInt8.self) == 0)
        #expect(
            archive.metadata == [
                "kind": "recording", "scene": "scripted", "observations": "episode,step",
                "actions": "push,turn",
            ])
    }
}
