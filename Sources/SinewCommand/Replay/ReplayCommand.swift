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
        commandName: "replay", abstract: "Run a saved policy in its scene and score it.",
        usage: "sinew replay [<named>] [<options>]")

    @Argument(
        help: "\(PolicySource.help) (default: the newest run).", completion: .policies)
    var named: String?
    @Option(
        help: "The scene, by name or path (default: the run's own, or the one that the policy names).",
        completion: .scenes)
    var scene: String?
    @Option(parsing: .unconditional, help: "Episodes to run.", transform: whole(1...1_000_000_000))
    var episodes = 10
    @Option(
        parsing: .unconditional, help: "The seed of the episodes' starts.", transform: whole(0...UInt64.max))
    var seed: UInt64 = 0
    @Flag(help: "Draw actions from the policy's distribution instead of taking its mean.")
    var stochastic = false
    @Flag(
        help:
            "Run an exported ONNX file by ONNX Runtime, in a Python that has it, instead of by Sinew's engine."
    )
    var onnxRuntime = false
    @Option(
        help:
            "Write the first episode to this file: .safetensors, and pictures of it to an SVG beside it, .csv, or .mcap for Foxglove.",
        completion: .file(extensions: RecordedForm.allCases.map(\.rawValue)))
    var record: String?
    @Option(
        help: "Write the episodes to this HTML file: a page that shows them in 3D, in any browser.",
        completion: .file(extensions: ["html"]))
    var html: String?
    @Option(
        help:
            "Show what this policy does beside it, in the same scene: a run, a policy file or an exported file.",
        completion: .policies)
    var against: String?
    @OptionGroup var pictures: FilmOptions
    @Flag(help: "Replace the files that are written, where they are there.")
    var force = false
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if onnxRuntime, stochastic {
            throw ValidationError("--onnx-runtime and --stochastic are mutually exclusive")
        }
        if let record, OutputFile.isFile(record), RecordedForm(rawValue: record.pathEnding) == nil {
            throw ValidationError(
                "--record \(record): give it a name that ends in .safetensors, beside which an SVG takes its name, in .csv or in .mcap"
            )
        }
        if let html, OutputFile.isFile(html), !["html", "htm"].contains(html.pathEnding) {
            throw ValidationError("--html \(html): give it a name that ends in .html")
        }
        if against != nil, html == nil { throw ValidationError("--against needs --html") }
        if force, targets.isEmpty {
            throw ValidationError(
                "--force needs a file that is written: --record, --html, --png, --gif, --mp4 or --glb")
        }
    }

    func run() throws {
        let policy = try named ?? RunFolder.newest(for: "replayed")
        let source = try PolicySource(path: policy)
        let opponent = try against.map { try PolicySource(path: $0) }
        // Before the episodes: what is in the way must not cost them.
        for target in targets {
            try PolicySource.checkTarget(target, of: policy)
            _ = try OutputFile(target, replacing: force)
        }
        try pictures.check()
        let task = try source.scene(scene)
        let environment = try task.makeEnvironment(RandomStream(seed: seed, .evaluation))
        if let problem = task.misfit(of: source.file.contract, in: environment) {
            throw Failure(.badData, "\(policy): \(problem); pass the scene that it was trained in by --scene")
        }
        try checkAgainst(opponent, task)
        let player = try onnxRuntime ? onnxRuntimePolicy(policy) : NetworkPolicy(source.file)
        if stochastic, !source.file.network.isStochastic {
            throw Failure(.usage, "--stochastic: \(policy) holds a deterministic policy")
        }

        let recording = record.map { _ in Recording() }
        let filming =
            targets.isEmpty
            ? nil : EpisodeFilming(environment, episodes: html == nil ? 1 : EpisodePage.mostEpisodes)
        let watchers: [(any EpisodeObserver)?] = [recording, filming]
        let evaluation = try Evaluation(
            of: player, in: environment, episodes: episodes,
            exploration: stochastic ? RandomStream(seed: seed, .exploration) : nil,
            observer: Observers(watchers.compactMap(\.self)))
        if let filming {
            let title = "\(task.scene.name), return \(filming.films.first?.episodeReturn.asReturn ?? "")"
            if let record, let recording {
                try write(recording, filming, title, to: record, task, environment, source)
            }
            if !pictures.targets.isEmpty {
                let shown = try source.shown(task, isAsked: scene != nil)
                try pictures.write(filming.films.first, of: shown, title: title, replacing: force)
            }
        }
        if let html, let filming {
            try writePage(filming, of: policy, source, against: opponent, task, to: html)
        }
        try report(evaluation, task)
    }

    /// The recording, and the picture beside it where it is a file; pictures and films.
    private var targets: [String] {
        let recorded = record.map {
            OutputFile.isFile($0) && RecordedForm(rawValue: $0.pathEnding) == .safetensors
                ? [$0, $0.withoutEnding + ".svg"] : [$0]
        }
        return (recorded ?? []) + (html.map { [$0] } ?? []) + pictures.targets
    }

    /// The exported file itself, run by ONNX Runtime.
    private func onnxRuntimePolicy(_ policy: String) throws -> any Policy {
        guard let model = try? ONNXModel(contentsOf: policy) else {
            throw Failure(
                .usage,
                "--onnx-runtime: \(policy) is not an ONNX file; write one with `sinew export --format onnx`"
            )
        }
        return try ONNXRuntimePolicy(model, runtime: .found())
    }

    private func write(
        _ recording: Recording, _ filming: EpisodeFilming, _ title: String, to path: String,
        _ task: LoadedScene, _ environment: any Environment, _ source: PolicySource
    ) throws {
        let film = filming.films.first ?? EpisodeFilm(frames: [])
        switch RecordedForm(rawValue: path.pathEnding) {
        case .csv:
            let table = RecordingTable(
                recording: recording, film: film, scene: EpisodeScene(task.scene), environment: environment)
            try OutputFile(path, replacing: force).write(Array(table.csv.utf8))
            return printError("recorded \(path)")
        case .mcap:
            let log = EpisodeLog(
                try source.shown(task, isAsked: scene != nil), film.frames,
                observing: environment.observationSpace.elements.map(\.name), recording.observations)
            try OutputFile(path, replacing: force).write(log?.mcap ?? [])
            return printError("recorded \(path)")
        // A pipe or device without such an ending gets the numbers alone.
        case .safetensors, nil: break
        }
        try recording.write(
            to: path, scene: task.scene.name, observationSpace: environment.observationSpace,
            actionSpace: environment.actionSpace, replacing: force)
        guard OutputFile.isFile(path) else { return printError("recorded \(path)") }
        let picture = path.withoutEnding + ".svg"
        let svg = FigureStrip(EpisodeScene(task.scene), film.frames, title: title).svg
        try OutputFile(picture, replacing: force).write(Array(svg.utf8))
        printError("recorded \(path) and \(picture)")
    }

    /// What `--record` writes, by the ending of the file.
    private enum RecordedForm: String, CaseIterable {
        case safetensors, csv, mcap
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
                \(task.scene.name), \(counted(episodes, "episode")): mean return \(evaluation.meanReturn.asReturn) ± \
                \(evaluation.returnDeviation.asReturn) (\(evaluation.minimumReturn.asReturn) to \
                \(evaluation.maximumReturn.asReturn)), mean length \(evaluation.meanLength.asReturn) steps
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
