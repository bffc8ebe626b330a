// SPDX-License-Identifier: MIT

import Agents
import Environments
import Files
import Foundation
import Networks
import Policies
import Safetensors
import Settings
import Testing
import Training

/// A folder of its own, gone with this object.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "sinew-training-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Remembers what a run told its observer.
final class Witness: TrainingObserver {
    var warnings: [String] = []
    var evaluations: [(step: Int, mean: Double, isBest: Bool)] = []

    func progressed(_ progress: TrainingProgress) {}
    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        evaluations.append((step, evaluation.meanReturn, isBest))
    }
    func warned(_ text: String) { warnings.append(text) }
}

/// A run on a ``PointTask`` in a folder of its own.
final class TestRun {
    private let parent: TemporaryFolder
    let folder: RunFolder
    var recipe: Recipe
    var faults: Faults
    let witness = Witness()
    var threads = 1
    /// Which rank of several it is.
    var ranks: RankedWork?
    /// Seconds that each evaluation's first episode takes, and what is called after them.
    var evaluationDelay = 0.0
    var slowed: () -> Void = {}
    var isWatched = true
    /// Whether the task shows a critic more than its policy.
    let hasGust: Bool

    init(
        steps: Int = 90, seed: UInt64 = 3, every: Int = 25, episodes: Int = 2, faults: Faults = Faults(),
        algorithm: Algorithm = .sac, settings: [String] = [], hasGust: Bool = false
    ) throws {
        self.hasGust = hasGust
        parent = try TemporaryFolder()
        folder = RunFolder(parent.path + "/run")
        self.faults = faults
        var agent = AgentConfiguration(algorithm)
        try agent.apply(["steps: \(steps)"] + Self.settings(algorithm))
        try agent.apply(settings)
        recipe = Recipe(scene: "point", agent: agent, seed: seed)
        (recipe.sceneChecksum, recipe.version) = ("0", "test")
        recipe.evaluation = EvaluationPlan(every: every, episodes: episodes)
        try folder.create()
        try folder.write(recipe)
    }

    /// What makes an algorithm small.
    private static func settings(_ algorithm: Algorithm) -> [String] {
        switch algorithm {
        case .qLearning, .doubleQLearning:
            [
                "bins: {place: {count: 9, range: [-2, 2]}, left: 2}", "step_size_power: 0.6",
                "epsilon_steps: 60",
            ]
        case .dqn, .doubleDQN:
            [
                "hidden: [6]", "batch: 4", "warm_up: 20", "learning_rate: 0.01", "target_interval: 7",
                "replay_capacity: 40", "epsilon_steps: 60",
            ]
        case .a2c: ["hidden: [6]", "environments: 3", "rollout: 4", "learning_rate: 0.01"]
        default: ["hidden: [6]", "batch: 4", "warm_up: 20", "learning_rate: 0.01"]
        }
    }

    /// Trains in the folder; after the step `stop` of this process a signal comes.
    @discardableResult
    func train(isResumed: Bool = false, stoppingAfter stop: Int? = nil) throws -> TrainingEnd {
        var asked = 0
        return try makeTrainer(
            stopSignal: {
                asked += 1
                return asked == stop ? 15 : nil
            }
        ).run(isResumed: isResumed)
    }

    func makeTrainer(stopSignal: @escaping () -> Int32? = { nil }) throws -> Trainer {
        var faults = [faults, Faults()]
        return try Trainer(
            folder: folder, recipe: recipe, team: Team(threads: threads, ranks: ranks),
            // The first is trained in, the second evaluates, more are trained in too.
            makeEnvironment: { [self] random in
                let isOfEvaluation = faults.count == 1
                let task = PointTask(
                    random, faults: faults.isEmpty ? Faults() : faults.removeFirst(), hasGust: hasGust)
                if isOfEvaluation, evaluationDelay > 0 {
                    task.onReset = { [self] in
                        Thread.sleep(forTimeInterval: evaluationDelay)
                        slowed()
                    }
                }
                return task
            },
            makeContract: { training in
                let task = PointTask(RandomStream(seed: 0, .environment))
                return Contract(
                    scene: "point", versions: [:], training: training, timing: task.timing,
                    observations: task.observationSpace, actuators: task.actuators)
            },
            observer: isWatched ? witness : nil, stopSignal: stopSignal)
    }

    /// The run's folder as a copy, in which nobody trains.
    func moved() throws -> String {
        let path = parent.path + "/copy-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: folder.path, toPath: path)
        return path
    }

    /// What a run leaves that must not depend on time: both policies and both logs without their last column, seconds.
    struct Outcome: Equatable {
        var best: [UInt8]
        var last: [UInt8]
        var progress: [String]
        var evaluations: [String]
    }

    var outcome: Outcome {
        get throws {
            try Outcome(
                best: FileBytes.read(folder.bestPolicy), last: FileBytes.read(folder.lastPolicy),
                progress: rows(folder.progress), evaluations: rows(folder.evaluations))
        }
    }

    /// The rows of a log without the column of seconds.
    func rows(_ path: String) throws -> [String] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.first?.hasSuffix(",seconds") == true)
        return lines.map {
            $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
        }
    }

    var lastNetwork: PolicyNetwork {
        get throws { try PolicyFile(contentsOf: folder.lastPolicy).network }
    }

    /// The names of the checkpoints that are there, oldest first.
    var checkpoints: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.checkpoints)) ?? []).sorted()
    }

    func stateFile(_ checkpoint: String) -> String { "\(folder.checkpoints)/\(checkpoint)/state.safetensors" }

    func newestCheckpoint() throws -> TensorArchive? {
        try CheckpointStore(path: folder.checkpoints).readNewest { Issue.record("\($0)") }
    }

    /// All files of the run: path, bytes and time of change.
    var snapshot: [String: [String]] {
        var files: [String: [String]] = [:]
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        for name in names {
            let path = "\(folder.path)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            let bytes = (try? FileBytes.read(path)) ?? []
            files[name] = ["\(time)", "\(CRC32.checksum(of: bytes))", "\(bytes.count)"]
        }
        return files
    }
}

extension TensorArchive {
    /// The same without one of its tensors.
    func without(_ name: String) throws -> TensorArchive {
        var rest = TensorArchive(metadata: metadata)
        for tensor in tensors where tensor.name != name {
            func add<Element: TensorElement>(_ type: Element.Type) throws {
                try rest.add(tensor.name, shape: tensor.shape, values(tensor.name, as: type))
            }
            switch tensor.type {
            case .u64: try add(UInt64.self)
            case .f64: try add(Double.self)
            case .f32: try add(Float.self)
            case .u8: try add(UInt8.self)
            default: Issue.record("no tensor of a run is \(tensor.type)")
            }
        }
        return rest
    }
}
