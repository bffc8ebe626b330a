// SPDX-License-Identifier: MIT

public import Environments
internal import Safetensors

/// The log of one episode, step by step, as a safetensors file.
///
/// Tensors, with T steps: `observation` (T, O), `action` (T, A) in [-1, 1], `reward` (T), and `terminated`, `truncated`
/// (1), each 0 or 1. The metadata names the elements.
public final class Recording: EpisodeObserver {
    package private(set) var observations: [Float] = []
    package private(set) var actions: [Float] = []
    package private(set) var rewards: [Double] = []
    private var last: Step?

    /// Makes a recording of the first episode that it sees.
    public init() {}

    /// Sees the start of an episode.
    public func begin(episode: Int) {}

    /// Sees one step of an episode.
    public func observe(episode: Int, observation: [Float], action: [Float], step: Step) {
        guard episode == 0 else { return }
        observations += observation
        actions += action
        rewards.append(step.reward)
        last = step
    }

    /// The sum of the rewards.
    public var episodeReturn: Double { rewards.reduce(0, +) }

    /// Writes the file, atomically, or through a pipe or device.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - scene: the scene's name.
    ///   - observationSpace: the names of the observation's elements.
    ///   - actionSpace: the names of the action's elements.
    ///   - replacing: whether a file that is there is replaced; else it is in the way.
    /// - Throws: `SafetensorsError` where the file cannot be written; what was there is intact then.
    public func write(
        to path: String, scene: String, observationSpace: Space, actionSpace: Space, replacing: Bool = true
    ) throws {
        let steps = rewards.count
        var archive = TensorArchive(
            metadata: [
                "kind": "recording", "scene": scene,
                "observations": observationSpace.elements.map(\.name).joined(separator: ","),
                "actions": actionSpace.elements.map(\.name).joined(separator: ","),
            ], file: path)
        try archive.add("observation", shape: [steps, observationSpace.count], observations)
        try archive.add("action", shape: [steps, actionSpace.count], actions)
        try archive.add("reward", shape: [steps], rewards)
        try archive.add("terminated", UInt8(last?.isTerminated == true ? 1 : 0))
        try archive.add("truncated", UInt8(last?.isTruncated == true ? 1 : 0))
        try archive.write(to: path, replacing: replacing)
    }
}
