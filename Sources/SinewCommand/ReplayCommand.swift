// SPDX-License-Identifier: MIT

import ArgumentParser
import Drawing
import Environments
import Export
import Files
import Foundation
import Policies
import Robots
import Scenes
import Tasks
import Training

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run a saved policy in its scene and score it.")

    @Argument(
        help: "\(PolicySource.help) (default: the newest run).")
    var named: String?
    @Option(help: "The scene, by name or path (default: the run's own, or the one that the policy names).")
    var scene: String?
    @Option(parsing: .unconditional, help: "Episodes to run.")
    var episodes = 10
    @Option(parsing: .unconditional, help: "The seed of the episodes' starts.", transform: readSeed)
    var seed: UInt64 = 0
    @Flag(help: "Draw actions from the policy's distribution instead of taking its mean.")
    var stochastic = false
    @Flag(
        help:
            "Let ONNX Runtime run an exported ONNX file, in a Python that has it, instead of Sinew's engine.")
    var onnxRuntime = false
    @Option(help: "Write the first episode to this safetensors file, and pictures of it to an SVG beside it.")
    var record: String?
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if onnxRuntime, stochastic {
            throw ValidationError("--onnx-runtime acts deterministically; leave --stochastic out")
        }
        if episodes < 1 { throw ValidationError("--episodes must be at least 1") }
        if let record, (record as NSString).pathExtension.lowercased() == "svg" {
            throw ValidationError("--record names the safetensors file; the SVG beside it gets the same name")
        }
    }

    func run() throws {
        let policy = try named ?? RunFolder.newest(for: "replayed")
        let source = try PolicySource(path: policy)
        if let record { try PolicySource.checkTarget(record, of: policy) }
        let task = try source.scene(scene)
        let environment = try task.makeEnvironment(RandomStream(seed: seed, .evaluation))
        try checkFit(policy, source.file.contract, environment, task)
        let player = try onnxRuntime ? onnxRuntimePolicy(policy) : NetworkPolicy(source.file)
        if stochastic, !source.file.network.isStochastic {
            throw Failure(.usage, "--stochastic: \(policy) holds a deterministic policy")
        }

        var moments: [FigureStrip.Moment] = []
        let recording = record.map { _ in
            Recording { step in
                moments.append(
                    .init(figure: environment.figure, time: Double(step) * environment.timing.controlPeriod))
            }
        }
        let evaluation = try Evaluation(
            of: player, in: environment, episodes: episodes,
            exploration: stochastic ? RandomStream(seed: seed, .exploration) : nil, observer: recording)
        if let record, let recording {
            try write(recording, moments, to: record, task, environment)
        }
        try report(evaluation, task)
    }

    /// The exported file itself, run by ONNX Runtime.
    private func onnxRuntimePolicy(_ policy: String) throws -> any Policy {
        guard let model = try? ONNXModel(contentsOf: policy) else {
            throw Failure(
                .usage, "--onnx-runtime: \(policy) is no ONNX file; write one by `sinew export --format onnx`"
            )
        }
        return try ONNXRuntimePolicy(model, runtime: .found())
    }

    /// A policy acts only where observations and actions are those that it was trained with.
    private func checkFit(
        _ policy: String, _ contract: Contract, _ environment: any Environment, _ task: LoadedScene
    ) throws {
        let (trained, here) = (
            contract.observations.map(\.name), environment.observationSpace.elements.map(\.name)
        )
        if trained != here {
            let index = zip(trained, here).prefix { $0 == $1 }.count
            let names = [trained, here].map { index < $0.count ? $0[index] : "nothing" }
            throw Failure(
                .badData,
                "\(policy): observation \(index) of the policy is \(names[0]), that of the scene \(task.scene.name) is "
                    + "\(names[1]); choose the scene it was trained in by --scene")
        }
        let (driven, actuators) = (contract.actions.map(\.name), environment.actuators.map(\.name))
        if driven != actuators {
            throw Failure(
                .badData,
                "\(policy): the policy drives \(driven.joined(separator: ", ")), the scene \(task.scene.name) "
                    + "\(actuators.joined(separator: ", ")); choose the scene it was trained in by --scene")
        }
    }

    private func write(
        _ recording: Recording, _ moments: [FigureStrip.Moment], to path: String, _ task: LoadedScene,
        _ environment: any Environment
    ) throws {
        try recording.write(
            to: path, scene: task.scene.name, observationSpace: environment.observationSpace,
            actionSpace: environment.actionSpace)
        let title = "\(task.scene.name), return \(TrainingDisplay.short(recording.episodeReturn))"
        let picture = (path as NSString).deletingPathExtension + ".svg"
        try AtomicFile.write(Array(FigureStrip(moments, title: title).svg.utf8), to: picture)
        printError("recorded \(path) and \(picture)")
    }

    private struct Report: Encodable {
        var scene: String
        var episodes: Int
        var seed: UInt64
        var meanReturn: Double
        var stdReturn: Double
        var minReturn: Double
        var maxReturn: Double
        var meanLength: Double
        var terminated: Int
        var truncated: Int
        var diverged: Int
        var returns: [Double]
    }

    private func report(_ evaluation: Evaluation, _ task: LoadedScene) throws {
        guard json else {
            print(
                """
                \(task.scene.name), \(episodes) episodes: mean return \(TrainingDisplay.short(evaluation.meanReturn)) ± \
                \(TrainingDisplay.short(evaluation.returnDeviation)) (\(TrainingDisplay.short(evaluation.minimumReturn)) to \
                \(TrainingDisplay.short(evaluation.maximumReturn))), mean length \(TrainingDisplay.short(evaluation.meanLength)) steps
                """)
            return
        }
        try printJSON(
            Report(
                scene: task.scene.name, episodes: episodes, seed: seed, meanReturn: evaluation.meanReturn,
                stdReturn: evaluation.returnDeviation, minReturn: evaluation.minimumReturn,
                maxReturn: evaluation.maximumReturn, meanLength: evaluation.meanLength,
                terminated: evaluation.terminated, truncated: evaluation.truncated,
                diverged: evaluation.diverged, returns: evaluation.returns))
    }
}
