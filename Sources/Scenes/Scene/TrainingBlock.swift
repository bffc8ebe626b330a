// SPDX-License-Identifier: MIT

public import Settings

/// The settings of one algorithm, as the file has them.
public struct TrainingBlock: Sendable, Equatable {
    /// The algorithm, such as `sac`.
    public var algorithm: String
    /// Its settings: a mapping, without what is decoded here.
    package var settings: Setting
    /// How often its runs are evaluated: what the block says over what the scene says.
    public var evaluation: EvaluationPlan
}

/// What a scene is told of an algorithm that it may have settings for: its name, and its keys.
package typealias AlgorithmKeys = (name: String, keys: [SettingShape.KeyDescription])

extension Scene {
    /// The key `train`: one block for each algorithm, decoded by who knows the algorithm, and in each what its evaluations differ by.
    ///
    /// Where no algorithms are given, every name is taken.
    static func trainKey(_ algorithms: [AlgorithmKeys]) -> Key<Scene> {
        let blocks = algorithms.map { algorithm in
            SettingShape.KeyDescription(
                name: algorithm.name, summary: "Settings of \(algorithm.name).",
                shape: .block(algorithm.keys + [evaluateInBlock]))
        }
        return Key(
            "train", algorithms.isEmpty ? .mapping(of: "algorithm", .any) : .block(blocks),
            "The settings of each algorithm, by its name; the double ones take those of the plain one where they have none.",
            absent: "the algorithm's own",
            encode: { scene in .mapping(scene.training.map { $0.entry(over: scene.evaluation) }) },
            decode: { scene, setting, decoder in
                let evaluation = scene.evaluation
                scene.training = decoder.blocks(setting, algorithms.map(\.name), over: evaluation)
            })
    }

    /// `evaluate` within the block of an algorithm.
    static var evaluateInBlock: SettingShape.KeyDescription {
        var keys = EvaluationPlan.keyDescriptions
        for index in keys.indices { keys[index].absent = "the scene's" }
        return .init(name: "evaluate", summary: "What differs for this algorithm.", shape: .block(keys))
    }
}

extension TrainingBlock {
    fileprivate func entry(over usual: EvaluationPlan) -> Setting.Entry {
        var entries = settings.entries ?? []
        if evaluation != usual {
            entries.append(.init(key: "evaluate", value: Setting(encoding: evaluation)))
        }
        return .init(key: algorithm, value: Setting(.mapping(entries)))
    }
}

extension Decoder {
    fileprivate func blocks(
        _ setting: Setting, _ algorithms: [String], over evaluation: EvaluationPlan
    ) -> [TrainingBlock] {
        guard let entries = setting.entries else {
            report(setting, "\(setting.shown) is not a mapping of algorithms", "write train: {sac: {...}}")
            return []
        }
        return entries.compactMap { entry in
            guard algorithms.isEmpty || algorithms.contains(entry.key) else {
                report(
                    entry.value, "there is no such algorithm", NearestName.remedy(entry.key, in: algorithms))
                return nil
            }
            guard let own = entry.value.entries else {
                report(
                    entry.value, "\(entry.value.shown) is not a mapping of settings",
                    "write \(entry.key): {steps: 10000}")
                return nil
            }
            var block = TrainingBlock(
                algorithm: entry.key, settings: entry.value, evaluation: evaluation)
            block.settings.value = .mapping(own.filter { $0.key != "evaluate" })
            if let evaluate = entry.value["evaluate"] {
                block.evaluation = decode(evaluate, evaluation) ?? evaluation
            }
            return block
        }
    }
}
