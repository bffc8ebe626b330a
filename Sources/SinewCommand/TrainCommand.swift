// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Environments
import Foundation
import Policies
import Scenes
import Settings
import Training

/// Reads the name of an algorithm.
func readAlgorithm(_ name: String) throws -> Algorithm {
    guard let algorithm = Algorithm(named: name) else {
        throw ValidationError(
            "there is no such algorithm; \(NearestName.remedy(name, in: Algorithm.all.map(\.name)))")
    }
    return algorithm
}

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learn a controller for a scene.",
        discussion: """
            The run's folder holds run.yaml (everything to run it again), progress.csv, evaluations.csv, checkpoints, and \
            the policies best.safetensors and last.safetensors. Ctrl-C writes a checkpoint; --resume goes on from there with \
            the same bits as if it had never stopped.

            --seeds 0-4 trains five runs side by side, one per core, each with the bits that its seed alone gives; where one of \
            them fails the others go on. `sinew plot` joins them to one curve.
            """)

    @Argument(help: "A scene by name or path (`sinew scenes` lists them).")
    var scene: String
    @Option(
        help: "The algorithm: \(Algorithm.all.map(\.name).joined(separator: ", ")) (default: sac).",
        transform: readAlgorithm)
    var algorithm: Algorithm?
    @Option(parsing: .unconditional, help: "Control steps to learn for (default: the scene's).")
    var steps: Int?
    @Option(
        parsing: .unconditional, help: "The seed of all random streams (default: 0).", transform: readSeed)
    var seed: UInt64?
    @Option(
        help: "Several seeds, a run for each, as many at once as there are cores: 0-4, or 0,3,7.",
        transform: SeedList.init)
    var seeds: SeedList?
    @Option(
        help:
            "The run's folder (default: runs/SCENE-ALGORITHM-SEED); with --seeds, of folders seed-0 and so on."
    )
    var output: String?
    @Flag(help: "Go on with the run in the folder; begin it where there is none.")
    var resume = false
    @Option(help: "Begin with the network of this policy file.")
    var from: String?
    @Option(parsing: .unconditional, help: "Stop as soon as an evaluation's mean return reaches this.")
    var untilReturn: Double?
    @Option(
        name: .customLong("set"), help: "Set a hyperparameter, such as sac.batch=128 or evaluate.every=5000.")
    var settings: [String] = []
    @Option(
        parsing: .unconditional,
        help: "Threads for learning, 1 or 2; the result is the same (default: what pays).")
    var threads: Int?
    @Flag(
        help:
            "Print one JSON document at the end, with --seeds a list, and nothing else, on standard output.")
    var json = false
    /// The process that trains several seeds and started this one for one of them.
    @Option(help: .hidden)
    var watchedBy: Int32?

    func validate() throws {
        if let threads, !(1...2).contains(threads) { throw ValidationError("--threads must be 1 or 2") }
        if seeds != nil, seed != nil {
            throw ValidationError("--seed and --seeds exclude each other")
        }
        if seeds != nil, threads == 2 {
            throw ValidationError("--seeds gives each run one core; leave --threads out")
        }
        if let untilReturn, !untilReturn.isFinite {
            throw ValidationError("--until-return must be a finite number")
        }
    }

    func run() throws {
        let task = try TaskFile(named: scene)
        if watchedBy == nil { task.printNotes() }
        if let seeds { return try train(seeds.seeds, in: task) }
        if watchedBy != nil { SeedWorker.leaveGroup() }
        let (folder, recipe, isNew) = try prepared(for: task)
        StopSignal.listen()
        let display = TrainingDisplay(isWatched: watchedBy != nil)
        let trainer = try makeTrainer(folder, recipe, task, display)
        // Only now: what is refused above leaves nothing behind.
        if isNew { try folder.create() }
        if try isNew || recipe != folder.readRecipe() { try folder.write(recipe) }
        let end = try trainer.run(isResumed: resume)
        display.finishLine()
        try report(end, trainer, recipe, folder)
    }

    /// The run's folder, its recipe, and whether it is to be made; one that goes on is locked.
    func prepared(for task: TaskFile) throws -> (folder: RunFolder, recipe: Recipe, isNew: Bool) {
        let folder = RunFolder(
            output ?? "runs/\(task.scene.name)-\((algorithm ?? .sac).name)-\(seed ?? 0)")
        let isNew = !(resume && folder.isRun)
        if resume, isNew {
            do {
                try folder.checkFree()
            } catch {
                throw Failure(
                    .cannotCreate,
                    "\(folder.path): there is something in it but no run.yaml, so no run can go on there; choose another folder by --output"
                )
            }
        }
        // A run that goes on has its algorithm.
        let wanted = try recipe(
            for: task, algorithm ?? (isNew ? .sac : folder.readRecipe().agent.algorithm))
        return (folder, try isNew ? wanted : resumedRecipe(folder, wanted), isNew)
    }

    /// Makes the trainer of a run, which writes nothing yet.
    func makeTrainer(
        _ folder: RunFolder, _ recipe: Recipe, _ task: TaskFile, _ observer: (any TrainingObserver)?
    ) throws -> Trainer {
        let probe = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        let threads = threads ?? recipe.agent.threads(cores: ProcessInfo.processInfo.activeProcessorCount)
        let parent = watchedBy
        do {
            return try Trainer(
                folder: folder, recipe: recipe, threads: threads,
                makeEnvironment: { try task.makeEnvironment($0) }, makeContract: task.makeContract(probe),
                observer: observer,
                stopSignal: { StopSignal.current ?? parent.flatMap { getppid() == $0 ? nil : SIGTERM } })
        } catch let error as AgentsError {
            throw Failure(settings.isEmpty ? .badData : .usage, "\(error)")
        }
    }

    // MARK: What the run is

    /// The recipe that the scene and the flags ask for.
    private func recipe(for task: TaskFile, _ algorithm: Algorithm) throws -> Recipe {
        var agent = try task.configuration(for: algorithm)
        let wanted = try readSettings(for: agent)
        try agent.take(wanted.block)
        let evaluation = task.evaluation(for: algorithm)
        return Recipe(
            scene: scene, sceneChecksum: task.checksum, seed: seed ?? 0, agent: agent,
            evaluationInterval: wanted.every ?? evaluation.every,
            evaluationEpisodes: wanted.episodes ?? evaluation.episodes, untilReturn: untilReturn,
            startPolicy: from, version: sinewVersion, commit: Self.commit)
    }

    /// What the `--set` flags say.
    private struct Settings: Configurable {
        var every: Int?
        var episodes: Int?
        /// What they say of the algorithm, with `--steps`.
        var block = Setting(.mapping([]))

        static let keys: [Key<Self>] = [
            Key("every", \.every, .integer(EvaluationSettings.intervals), "Steps between evaluations."),
            Key("episodes", \.episodes, .integer(EvaluationSettings.counts), "Episodes of each."),
        ]
    }

    private func readSettings(for agent: AgentConfiguration) throws -> Settings {
        let name = agent.algorithm.name
        var overrides = try settings.map { try Override(parsing: $0) }
        if let steps {
            let value = Setting(.scalar(Scalar(steps)), source: "--steps \(steps)")
            overrides.append(Override(path: "\(name).steps", value: value))
        }
        let shape = SettingShape.block([
            .init(name: name, summary: "", shape: agent.shape),
            .init(name: "evaluate", summary: "", shape: .block(Settings.keyDescriptions)),
        ])
        var root = Setting(.mapping([]))
        for override in overrides { try override.apply(to: &root, of: shape) }
        let findings = Findings(file: "--set")
        var wanted = Decoder(findings: findings).decode(root.place(of: "evaluate"), Settings()) ?? Settings()
        try findings.throwErrors()
        wanted.block = root.place(of: name)
        return wanted
    }

    /// Takes up the run that is there; returns the recipe that counts.
    private func resumedRecipe(_ folder: RunFolder, _ wanted: Recipe) throws -> Recipe {
        try folder.lockForWriting()
        var recipe = try folder.readRecipe()
        guard recipe.sceneChecksum == wanted.sceneChecksum else {
            throw recipe.scene == wanted.scene
                ? TrainingError.sceneChanged(scene: recipe.scene, path: folder.path)
                : TrainingError.otherScene(scene: recipe.scene, path: folder.path)
        }
        try checkUnchanged(recipe, folder)
        if let steps, steps > recipe.agent.steps {
            recipe.agent.steps = steps
        }
        return recipe
    }

    /// What was given as a flag must be what the run began with; only the steps may grow.
    private func checkUnchanged(_ recipe: Recipe, _ folder: RunFolder) throws {
        func refuse(_ setting: String) -> TrainingError { .cannotChange(setting: setting, path: folder.path) }
        let algorithm = recipe.agent.algorithm
        if let given = self.algorithm, given != algorithm { throw refuse("--algorithm") }
        if let seed, seed != recipe.seed { throw refuse("--seed") }
        if let from, from != recipe.startPolicy { throw refuse("--from") }
        if let untilReturn, untilReturn != recipe.untilReturn { throw refuse("--until-return") }
        if let steps, steps < recipe.agent.steps { throw refuse("--steps below \(recipe.agent.steps)") }
        let given = try readSettings(for: recipe.agent)
        for entry in given.block.entries ?? [] where entry.key != "steps" || steps == nil {
            var agent = recipe.agent
            var one = given.block
            one.value = .mapping([entry])
            try agent.take(one)
            if agent != recipe.agent { throw refuse("--set \(algorithm.name).\(entry.key)") }
        }
        if let every = given.every, every != recipe.evaluationInterval {
            throw refuse("--set evaluate.every")
        }
        if let episodes = given.episodes, episodes != recipe.evaluationEpisodes {
            throw refuse("--set evaluate.episodes")
        }
    }

    /// The commit of the repository that the command runs in; nil outside of one.
    private static let commit: String? = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "rev-parse", "HEAD"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }()

    // MARK: How it ended

    /// What `--json` says of a run.
    struct Report: Codable {
        var scene: String
        var algorithm: String
        var seed: UInt64
        var steps: Int
        var seconds: Double
        var bestMeanReturn: Double?
        var run: String
        var policy: String
    }

    private func report(
        _ end: TrainingEnd, _ trainer: Trainer, _ recipe: Recipe, _ folder: RunFolder
    ) throws {
        let seconds = TrainingDisplay.duration(trainer.seconds)
        switch end {
        case .interrupted(let signal):
            let words = [recipe.scene, "--output", folder.path].map(\.shellQuoted).joined(separator: " ")
            let remedy = "; go on with: sinew train \(words) --resume"
            printError("stopped at step \(trainer.steps)\(watchedBy == nil ? remedy : "")")
            throw ExitCode(128 + signal)
        case .wasFinished: printError("\(folder.path) is finished; nothing was changed")
        case .finished: printError("trained \(trainer.steps) steps in \(seconds)")
        case .reachedReturn:
            printError("reached the return after \(trainer.steps) steps in \(seconds)")
        }
        if json {
            try printJSON(
                Report(
                    scene: recipe.scene, algorithm: recipe.agent.algorithm.name, seed: recipe.seed,
                    steps: trainer.steps, seconds: trainer.seconds, bestMeanReturn: trainer.bestReturn,
                    run: folder.path, policy: folder.bestPolicy))
        } else if let best = trainer.bestReturn {
            print("best mean return \(TrainingDisplay.short(best)): \(folder.bestPolicy)")
        }
    }
}

extension AgentConfiguration {
    /// Takes over what flags say.
    fileprivate mutating func take(_ block: Setting) throws {
        let findings = Findings(file: "--set")
        decode(block, Decoder(findings: findings))
        try findings.throwErrors()
    }
}
